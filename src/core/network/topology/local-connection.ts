/** Locally connected: every target neuron has weights of its own onto its receptive field. */
import { KernelConnection } from './kernel-connection.js';
import type { SynapseParameters, WindowParameters } from './topology.js';

/** Published weights: [filter, row, column, (source channel,) ky, kx]. */
export class LocalConnection extends KernelConnection {
  constructor(parameters: SynapseParameters & WindowParameters) {
    super(parameters, { place: 'LocalConnection', isShared: false });
  }
}
