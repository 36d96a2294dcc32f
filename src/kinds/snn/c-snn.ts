/** Convolutional network: one kernel per filter, shared by all positions. */
import type { SnnParameters } from './parameters.js';
import { Snn } from './snn.js';
import type { SnnOptions } from './snn-options.js';

export class C_SNN extends Snn {
  constructor(parameters: Partial<SnnParameters> & SnnOptions = {}) {
    super('C_SNN', parameters);
  }
}
