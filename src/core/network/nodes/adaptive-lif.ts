/** Leaky integrate-and-fire neurons whose threshold grows with every spike while the network learns. */
import { leakyModel, LeakyLayer, type LayerParameters, type LeakyParameters } from './leaky.js';

export const adaptiveLifModel = leakyModel('AdaptiveLIF');

/** Defaults: Diehl and Cook's neurons as the published table uses them (thetaPlus 0.05 mV, tcThetaDecay 10⁶ ms). */
export class AdaptiveLIF extends LeakyLayer {
  constructor(parameters: LayerParameters & Partial<Omit<LeakyParameters, 'resetBy'>>) {
    const { shape, tcTracePre, tcTracePost, ...given } = parameters;
    super(
      adaptiveLifModel,
      { shape, tcTracePre, tcTracePost },
      {
        rest: -65,
        reset: -65,
        thresh: -52,
        tcDecay: 20,
        refrac: 5,
        thetaPlus: 0.05,
        tcThetaDecay: 1e6,
        resetBy: 'zero',
        ...given,
      },
    );
  }
}
