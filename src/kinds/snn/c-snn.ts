/** Convolutional network: one kernel per filter, shared by all positions. */
import type { SnnParameters } from './parameters.js';
import type { SnnOptions } from './snn-options.js';
import { WatchedSnn } from './watched-snn.js';

export class C_SNN extends WatchedSnn {
  constructor(parameters: Partial<SnnParameters> & SnnOptions = {}) {
    super('C_SNN', parameters);
  }
}
