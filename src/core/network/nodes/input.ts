/** Input neurons: their spikes are given from outside. */
import { readOptions, required, type Schema } from '../../../options.js';
import { parseShape, shapeField, type LayerShape, type ShapeLike } from '../shape.js';
import {
  type LayerDescription,
  type NeuronConstants,
  type NeuronModel,
  timeConstant,
} from './neuron-model.js';

export const inputModel: NeuronModel = {
  name: 'Input',
  kernel: 'input',
  persistent: [],
  initialState: () => ({}),
  step() {},
};

export interface InputParameters {
  shape: ShapeLike;
  /** Time constant of the trace that its spikes leave [ms]. Default: 20. */
  tcTrace?: number;
}

const schema: Schema<InputParameters> = { shape: required(shapeField), tcTrace: timeConstant };

export class Input implements LayerDescription {
  readonly model = inputModel;
  readonly shape: LayerShape;
  readonly tcTracePre: number;
  readonly tcTracePost: number;
  readonly options: InputParameters;

  constructor(parameters: InputParameters) {
    this.options = readOptions('Input', schema, parameters);
    const { shape, tcTrace = 20 } = this.options;
    this.shape = parseShape(shape, 'Input');
    this.tcTracePre = tcTrace;
    this.tcTracePost = tcTrace;
  }

  constants(): NeuronConstants {
    return {};
  }
}
