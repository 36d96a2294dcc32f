/** Convolutional network: one kernel per filter, shared by all positions. */
import type { GivenParameters } from './parameters.js';
import { Snn } from './snn.js';
import type { SnnOptions } from './snn-options.js';

export class C_SNN extends Snn {
  constructor(parameters: GivenParameters & SnnOptions = {}) {
    super('C_SNN', parameters);
  }
}
