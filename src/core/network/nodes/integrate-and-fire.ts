/** Integrate-and-fire neurons: no leak and, unless asked for, no refractory period; voltage in units of the threshold. */
import { readOptions, type Schema } from '../../../options.js';
import { leakyFields, leakyModel, LeakyLayer, type LayerParameters, type LeakyParameters } from './leaky.js';

export const ifModel = leakyModel('IF');

type IFParameters = LayerParameters &
  Partial<Omit<LeakyParameters, 'tcDecay' | 'thetaPlus' | 'tcThetaDecay' | 'thetaDecay'>>;

const schema: Schema<IFParameters> = leakyFields;

export class IF extends LeakyLayer {
  readonly options: IFParameters;

  constructor(parameters: IFParameters) {
    const options = readOptions('IF', schema, parameters);
    const { shape, tcTracePre, tcTracePost, ...given } = options;
    super(
      ifModel,
      { shape, tcTracePre, tcTracePost },
      {
        rest: 0,
        reset: 0,
        thresh: 1,
        refrac: 0,
        resetBy: 'zero',
        lowest: Number.NEGATIVE_INFINITY,
        ...given,
        tcDecay: Number.POSITIVE_INFINITY,
        thetaPlus: 0,
        tcThetaDecay: Number.POSITIVE_INFINITY,
        thetaDecay: 'stepwise',
      },
    );
    this.options = options;
  }
}
