/** Leaky integrate-and-fire neurons with a fixed threshold. */
import { readOptions, type Schema } from '../../../options.js';
import { leakyFields, leakyModel, LeakyLayer, type LayerParameters, type LeakyParameters } from './leaky.js';
import { timeConstant } from './neuron-model.js';

export const lifModel = leakyModel('LIF');

type LIFParameters = LayerParameters &
  Partial<Omit<LeakyParameters, 'thetaPlus' | 'tcThetaDecay' | 'thetaDecay'>>;

const schema: Schema<LIFParameters> = { ...leakyFields, tcDecay: timeConstant };

export class LIF extends LeakyLayer {
  readonly options: LIFParameters;

  constructor(parameters: LIFParameters) {
    const options = readOptions('LIF', schema, parameters);
    const { shape, tcTracePre, tcTracePost, ...given } = options;
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
        lowest: Number.NEGATIVE_INFINITY,
        ...given,
        thetaPlus: 0,
        tcThetaDecay: Number.POSITIVE_INFINITY,
        thetaDecay: 'stepwise',
      },
    );
    this.options = options;
  }
}
