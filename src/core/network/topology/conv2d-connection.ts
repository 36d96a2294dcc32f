/** Convolutional: one kernel per filter, shared by all positions. */
import { KernelConnection } from './kernel-connection.js';
import type { SynapseParameters, WindowParameters } from './topology.js';

/** Published weights: [filter, (source channel,) ky, kx]. */
export class Conv2dConnection extends KernelConnection {
  constructor(parameters: SynapseParameters & WindowParameters) {
    super(parameters, { place: 'Conv2dConnection', isShared: true });
  }
}
