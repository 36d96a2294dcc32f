/** Leaky integrate-and-fire neurons whose threshold grows with every spike while the network learns. */
import { number, oneOf, readOptions, type Schema } from '../../../options.js';
import { leakyFields, leakyModel, LeakyLayer, type LayerParameters, type LeakyParameters } from './leaky.js';
import { timeConstant } from './neuron-model.js';
import { thetaDecays } from './theta-decay.js';

export const adaptiveLifModel = leakyModel('AdaptiveLIF');
const exactModel = leakyModel('AdaptiveLIF', 'exact');

type AdaptiveLIFParameters = LayerParameters & Partial<LeakyParameters>;

const schema: Schema<AdaptiveLIFParameters> = {
  ...leakyFields,
  tcDecay: timeConstant,
  thetaPlus: number({ least: 0, unit: 'mV' }),
  tcThetaDecay: timeConstant,
  thetaDecay: oneOf(thetaDecays),
};

/** Defaults: Diehl and Cook's neurons as the published table uses them (thetaPlus 0.05 mV, tcThetaDecay 10⁶ ms). */
export class AdaptiveLIF extends LeakyLayer {
  readonly options: AdaptiveLIFParameters;

  constructor(parameters: AdaptiveLIFParameters) {
    const options = readOptions('AdaptiveLIF', schema, parameters);
    const { shape, tcTracePre, tcTracePost, ...given } = options;
    super(
      given.thetaDecay === 'exact' ? exactModel : adaptiveLifModel,
      { shape, tcTracePre, tcTracePost },
      {
        rest: -65,
        reset: -65,
        thresh: -52,
        tcDecay: 20,
        refrac: 5,
        thetaPlus: 0.05,
        tcThetaDecay: 1e6,
        thetaDecay: 'stepwise',
        resetBy: 'zero',
        lowest: Number.NEGATIVE_INFINITY,
        ...given,
      },
    );
    this.options = options;
  }
}
