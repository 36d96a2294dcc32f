/** Fully connected network: the receptive field of every Y neuron is the whole crop. */
import type { SnnParameters } from './parameters.js';
import type { SnnOptions } from './snn-options.js';
import { WatchedSnn } from './watched-snn.js';

export class FC_SNN extends WatchedSnn {
  constructor(parameters: Partial<SnnParameters> & SnnOptions = {}) {
    super('FC_SNN', parameters);
  }
}
