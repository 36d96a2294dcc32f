/** What average and max pooling share: windows over each channel of a layer, onto the same channel of another. */
import { count, filledText, type Schema } from '../../../options.js';
import { type Delay, delayField } from '../delays.js';
import type { LayerShape } from '../shape.js';
import { checkChannels, wireChannels } from './channel-wiring.js';
import { SynapticConnection, type SynapseParameters, type Wiring } from './topology.js';
import {
  checkMap,
  type Dimensions,
  type Window,
  type WindowParameters,
  windowSchema,
  windowTaps,
} from './window.js';

export interface PoolParameters extends WindowParameters {
  /** Channels of source and target, to be checked. Default: as many as they have. */
  channels?: number;
  /** Name of the target's input that it adds to, of those that its model has. Default: the first. */
  into?: string;
  /** Default: a step, or none as the network's `propagation` says. */
  delay?: Delay;
}

export function poolSchema(dimensions: Dimensions): Schema<PoolParameters> {
  return { ...windowSchema(dimensions), channels: count(), into: filledText, delay: delayField };
}

export abstract class PoolConnection extends SynapticConnection {
  readonly window: Window;
  readonly channels: number | undefined;

  /** @param given all that the class was given */
  constructor(synapses: SynapseParameters, place: string, window: Window, given: PoolParameters) {
    super(synapses, place, given);
    this.window = window;
    this.channels = given.channels;
  }

  /** Published weights: [target channel, source channel], 0 off the diagonal, the same for every tap of the window. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    checkMap(source, target, this.window, place);
    checkChannels(source, target, place, this.channels);
    return wireChannels(source, target, this.#entries(source, target));
  }

  *#entries(
    source: LayerShape,
    target: LayerShape,
  ): Generator<[source: number, channel: number, position: number]> {
    const { channels } = source;
    for (const { position, source: pixel } of windowTaps({ ...source, channels: 1 }, target, this.window)) {
      for (let channel = 0; channel < channels; channel++)
        yield [pixel * channels + channel, channel, position];
    }
  }
}
