/** Average pooling: every channel of a window adds to the same channel of one target position. */
import { invalidArgument } from '../../../errors.js';
import { count, filledText, readOptions, required, type Schema } from '../../../options.js';
import { countNeurons, type LayerShape } from '../shape.js';
import { buildFanOut } from './fan-out.js';
import {
  checkMap,
  SynapticConnection,
  type Window,
  type WindowParameters,
  type Wiring,
  windowSchema,
  windowTaps,
} from './topology.js';

export interface AvgPool2dParameters extends WindowParameters {
  /** Channels of source and target. */
  channels: number;
  /** Name of the target's input that it adds to, of those that its model has. Default: the first. */
  into?: string;
}

const schema: Schema<AvgPool2dParameters> = {
  ...windowSchema,
  channels: required(count()),
  into: filledText,
};

/** A spike adds 1 / kernelSize² to the neuron of its channel; the stride is the kernel's side unless it is given. */
export class AvgPool2dConnection extends SynapticConnection {
  readonly window: Window;
  readonly channels: number;

  constructor(parameters: AvgPool2dParameters) {
    const place = 'AvgPool2dConnection';
    const given = readOptions(place, schema, parameters);
    const { channels, kernelSize, stride = kernelSize, padding = 0, into } = given;
    super({ into, w: diagonal(channels, 1 / kernelSize ** 2) }, place, given);
    this.window = { kernelSize, stride, padding };
    this.channels = channels;
  }

  /** Published weights: [target channel, source channel], 0 off the diagonal, the same for every tap of the window. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    checkMap(source, target, this.window, place);
    const n = this.channels;
    if (source.channels !== n || target.channels !== n)
      throw invalidArgument(place, `source and target of ${n} channels`, [source.channels, target.channels]);
    const oneChannel = { ...source, channels: 1 };
    const entries: [source: number, row: number, target: number][] = [];
    for (const { position, source: pixel } of windowTaps(oneChannel, target, this.window)) {
      for (let channel = 0; channel < n; channel++)
        entries.push([pixel * n + channel, channel, position * n]);
    }
    return {
      fanOut: buildFanOut(countNeurons(source), n, n, entries),
      weightShape: [n, n],
      engineIndex: Uint32Array.from({ length: n * n }, (_, at) => (at % n) * n + Math.floor(at / n)),
      nGroups: 1,
      maskSelf: false,
    };
  }
}

function diagonal(n: number, value: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = value;
  return matrix;
}
