/** Average pooling: every channel of a window adds to the same channel of one target position. */
import { readOptions } from '../../../options.js';
import { PoolConnection, type PoolParameters, poolSchema } from './pool-connection.js';
import { countTaps, type Dimensions, readWindow } from './window.js';

export type AvgPool2dParameters = PoolParameters;

/** A spike adds one over the neurons of the kernel to the neuron of its channel; the stride is the kernel's sides unless it is given. */
abstract class AvgPoolConnection extends PoolConnection {
  constructor(parameters: PoolParameters, place: string, dimensions: Dimensions) {
    const given = readOptions(place, poolSchema(dimensions), parameters);
    const { channels: _, into, delay, ...size } = given;
    const window = readWindow(dimensions, size, size.kernelSize);
    super({ into, delay, w: 1 / countTaps(window) }, place, window, given);
  }
}

/** Over [channels, 1, length]. */
export class AvgPool1dConnection extends AvgPoolConnection {
  constructor(parameters: PoolParameters) {
    super(parameters, 'AvgPool1dConnection', 1);
  }
}

/** Over [channels, height, width]. */
export class AvgPool2dConnection extends AvgPoolConnection {
  constructor(parameters: PoolParameters) {
    super(parameters, 'AvgPool2dConnection', 2);
  }
}

/** Over [channels, depth, height, width]. */
export class AvgPool3dConnection extends AvgPoolConnection {
  constructor(parameters: PoolParameters) {
    super(parameters, 'AvgPool3dConnection', 3);
  }
}
