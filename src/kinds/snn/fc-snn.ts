/** Fully connected network: the receptive field of every Y neuron is the whole crop. */
import type { GivenParameters } from './parameters.js';
import { Snn } from './snn.js';
import type { SnnOptions } from './snn-options.js';

export class FC_SNN extends Snn {
  constructor(parameters: GivenParameters & SnnOptions = {}) {
    super('FC_SNN', parameters);
  }
}
