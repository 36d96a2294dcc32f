/** Leaky integrate-and-fire neurons with a fixed threshold. */
import { leakyModel, LeakyLayer, type LayerParameters, type LeakyParameters } from './leaky.js';

export const lifModel = leakyModel('LIF');

export class LIF extends LeakyLayer {
  constructor(parameters: LayerParameters & Partial<Omit<LeakyParameters, 'thetaPlus' | 'tcThetaDecay'>>) {
    const { shape, tcTracePre, tcTracePost, ...given } = parameters;
    super(
      lifModel,
      { shape, tcTracePre, tcTracePost },
      {
        rest: -65,
        reset: -65,
        thresh: -52,
        tcDecay: 100,
        refrac: 5,
        resetBy: 'zero',
        ...given,
        thetaPlus: 0,
        tcThetaDecay: Number.POSITIVE_INFINITY,
      },
    );
  }
}
