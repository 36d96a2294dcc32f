/** Integrate-and-fire neurons: no leak and, unless asked for, no refractory period; voltage in units of the threshold. */
import { leakyModel, LeakyLayer, type LayerParameters, type LeakyParameters } from './leaky.js';

export const ifModel = leakyModel('IF');

export class IF extends LeakyLayer {
  constructor(
    parameters: LayerParameters & Partial<Omit<LeakyParameters, 'tcDecay' | 'thetaPlus' | 'tcThetaDecay'>>,
  ) {
    const { shape, tcTracePre, tcTracePost, ...given } = parameters;
    super(
      ifModel,
      { shape, tcTracePre, tcTracePost },
      {
        rest: 0,
        reset: 0,
        thresh: 1,
        refrac: 0,
        resetBy: 'zero',
        ...given,
        tcDecay: Number.POSITIVE_INFINITY,
        thetaPlus: 0,
        tcThetaDecay: Number.POSITIVE_INFINITY,
      },
    );
  }
}
