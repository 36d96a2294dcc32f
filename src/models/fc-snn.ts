/** Fully connected network: the receptive field of every Y neuron is the whole crop. */
import type { SnnParameters } from './parameters.js';
import { SnnWithFigures } from './snn-figures.js';
import type { SnnOptions } from './snn-options.js';

export class FC_SNN extends SnnWithFigures {
  constructor(parameters: Partial<SnnParameters> & SnnOptions = {}) {
    super('FC_SNN', parameters);
  }
}
