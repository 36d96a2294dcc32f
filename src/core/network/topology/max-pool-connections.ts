/** Max pooling: of the neurons of a window, the spike of the one with the highest rate passes. */
import { number, readOptions, type Schema } from '../../../options.js';
import type { LayerShape } from '../shape.js';
import { PoolConnection, type PoolParameters, poolSchema } from './pool-connection.js';
import type { Wiring } from './topology.js';
import { type Dimensions, readWindow } from './window.js';

export interface MaxPoolParameters extends PoolParameters {
  /** Share of a rate that is lost in every step, before a spike adds 1. Default: 0, so that rates are counts of spikes. */
  decay?: number;
  /** What a spike that passes adds. Default: 1. */
  w?: number;
}

/**
 * As BindsNET's `MaxPool2dConnection`: in every step rate ← rate − decay · rate + spike, and of the neurons of a window (and a channel) the
 * one with the highest rate hands its spike on; of several the first, row by row. `Network.getVariable(connection, 'rate')` gives the rates.
 */
abstract class MaxPoolConnection extends PoolConnection {
  readonly decay: number;

  constructor(parameters: MaxPoolParameters, place: string, dimensions: Dimensions) {
    const schema: Schema<MaxPoolParameters> = {
      ...poolSchema(dimensions),
      decay: number({ least: 0, most: 1 }),
      w: number(),
    };
    const given = readOptions(place, schema, parameters);
    const { channels: _, into, delay, decay = 0, w = 1, ...size } = given;
    super({ into, w, delay }, place, readWindow(dimensions, size, size.kernelSize), given);
    this.decay = decay;
  }

  override wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    return { ...super.wire(source, target, place), delivery: { kind: 'max', decay: this.decay } };
  }
}

/** Over [channels, 1, length]. */
export class MaxPool1dConnection extends MaxPoolConnection {
  constructor(parameters: MaxPoolParameters) {
    super(parameters, 'MaxPool1dConnection', 1);
  }
}

/** Over [channels, height, width]. */
export class MaxPool2dConnection extends MaxPoolConnection {
  constructor(parameters: MaxPoolParameters) {
    super(parameters, 'MaxPool2dConnection', 2);
  }
}

/** Over [channels, depth, height, width]. */
export class MaxPool3dConnection extends MaxPoolConnection {
  constructor(parameters: MaxPoolParameters) {
    super(parameters, 'MaxPool3dConnection', 3);
  }
}
