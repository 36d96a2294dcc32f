/** Locally connected network: every Y neuron has weights of its own onto its receptive field. */
import type { SnnParameters } from './parameters.js';
import type { SnnOptions } from './snn-options.js';
import { WatchedSnn } from './watched-snn.js';

export class LC_SNN extends WatchedSnn {
  constructor(parameters: Partial<SnnParameters> & SnnOptions = {}) {
    super('LC_SNN', parameters);
  }
}
