/** Locally connected network: every Y neuron has weights of its own onto its receptive field. */
import type { GivenParameters } from './parameters.js';
import { Snn } from './snn.js';
import type { SnnOptions } from './snn-options.js';

export class LC_SNN extends Snn {
  constructor(parameters: GivenParameters & SnnOptions = {}) {
    super('LC_SNN', parameters);
  }
}
