/** Convolutional: one kernel per filter, shared by all positions. */
import { type ConvParameters, KernelConnection } from './kernel-connection.js';

/** Over [channels, 1, length]. Published weights: [filter, (source channel,) kx]. */
export class Conv1dConnection extends KernelConnection {
  constructor(parameters: ConvParameters) {
    super(parameters, { place: 'Conv1dConnection', dimensions: 1, isShared: true });
  }
}

/** Over [channels, height, width]. Published weights: [filter, (source channel,) ky, kx]. */
export class Conv2dConnection extends KernelConnection {
  constructor(parameters: ConvParameters) {
    super(parameters, { place: 'Conv2dConnection', dimensions: 2, isShared: true });
  }
}

/** Over [channels, depth, height, width]. Published weights: [filter, (source channel,) kz, ky, kx]. */
export class Conv3dConnection extends KernelConnection {
  constructor(parameters: ConvParameters) {
    super(parameters, { place: 'Conv3dConnection', dimensions: 3, isShared: true });
  }
}
