/** Input neurons: their spikes are given from outside. */
import { parseShape, type LayerShape, type ShapeLike } from '../shape.js';
import {
  checkTimeConstant,
  type LayerDescription,
  type NeuronConstants,
  type NeuronModel,
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
  /** Time constant of the trace that its spikes leave [ms]. */
  tcTrace?: number;
}

export class Input implements LayerDescription {
  readonly model = inputModel;
  readonly shape: LayerShape;
  readonly tcTracePre: number;
  readonly tcTracePost: number;

  constructor({ shape, tcTrace = 20 }: InputParameters) {
    this.shape = parseShape(shape, 'Input');
    checkTimeConstant(tcTrace, 'tcTrace', 'Input');
    this.tcTracePre = tcTrace;
    this.tcTracePost = tcTrace;
  }

  constants(): NeuronConstants {
    return {};
  }
}
