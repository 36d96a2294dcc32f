/** Locally connected: every target neuron has weights of its own onto its receptive field. */
import { KernelConnection, type KernelParameters } from './kernel-connection.js';

/** Over [channels, 1, length]. Published weights: [filter, position, (source channel,) kx]. */
export class Local1dConnection extends KernelConnection {
  constructor(parameters: KernelParameters) {
    super(parameters, { place: 'Local1dConnection', dimensions: 1, isShared: false });
  }
}

/** Over [channels, height, width]. Published weights: [filter, row, column, (source channel,) ky, kx]. */
export class LocalConnection extends KernelConnection {
  constructor(parameters: KernelParameters) {
    super(parameters, { place: 'LocalConnection', dimensions: 2, isShared: false });
  }
}

/** The name of `LocalConnection` beside those in one and three dimensions. */
export { LocalConnection as Local2dConnection };

/** Over [channels, depth, height, width]. Published weights: [filter, depth, row, column, (source channel,) kz, ky, kx]. */
export class Local3dConnection extends KernelConnection {
  constructor(parameters: KernelParameters) {
    super(parameters, { place: 'Local3dConnection', dimensions: 3, isShared: false });
  }
}
