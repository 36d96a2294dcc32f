/** Feed-forward ReLU networks in the papers' notation, such as `784-1200-1200-10` and `28x28-12c5-2s-64c5-2s-10o`. */
import { invalidArgument } from '../../errors.js';
import { count, custom, type Field, list, readOptions, type Schema, text } from '../../options.js';
import { AvgPool2d } from '../../layers/avg-pool2d.js';
import { Conv2d } from '../../layers/conv2d.js';
import { Dropout, dropoutShare } from '../../layers/dropout.js';
import { seedField } from '../../core/random/stream.js';
import { Flatten } from '../../layers/flatten.js';
import type { Layer } from '../../layers/layer.js';
import { Linear } from '../../layers/linear.js';
import { ReLU } from '../../layers/relu.js';
import { Sequential } from '../../layers/sequential.js';

/** [channels, height, width]; a vector of n is [n, 1, 1]. */
export type MapShape = readonly [channels: number, height: number, width: number];

export const mapShapeField = list(count(), { length: 3 }) as Field<MapShape>;

export type ArchitectureLayer =
  | { readonly kind: 'conv'; readonly channels: number; readonly kernelSize: number }
  | { readonly kind: 'pool'; readonly size: number }
  | { readonly kind: 'dense'; readonly size: number };

export interface Architecture {
  readonly notation: string;
  readonly inputShape: MapShape;
  /** The last is dense: the output. */
  readonly layers: readonly ArchitectureLayer[];
}

const place = 'architecture';

/**
 * Reads a notation.  First the input: `784` values, `28x28` pixels or `32x32x3` with channels.  Then `12c5`: a convolution with 12
 * kernels of 5 × 5; `2s`: average pooling of 2 × 2; `1200`: fully connected.  Last the output, `10` or `10o`.
 *
 * @throws LocusError `INVALID_ARGUMENT` naming the part that cannot be read
 */
export function parseArchitecture(notation: string): Architecture {
  text(place, 'the notation', notation);
  const parts = notation.trim().split('-');
  const inputShape = parseInput(parts[0]);
  const layers = parts.slice(1).map((part, i) => parseLayer(part, i === parts.length - 2));
  if (layers.at(-1)?.kind !== 'dense')
    throw invalidArgument(place, 'an output such as 10o as the last part', notation);
  const firstDense = layers.findIndex(({ kind }) => kind === 'dense');
  if (layers.slice(firstDense).some(({ kind }) => kind !== 'dense'))
    throw invalidArgument(place, 'convolutions and pooling before fully connected layers', notation);
  if (inputShape[1] === 1 && inputShape[2] === 1 && firstDense > 0)
    throw invalidArgument(place, 'an input such as 28x28 before convolutions and pooling', parts[0]);
  return { notation: parts.join('-'), inputShape, layers };
}

function parseInput(part: string): MapShape {
  const [, first, second, third] = /^([1-9]\d*)(?:x([1-9]\d*)(?:x([1-9]\d*))?)?$/.exec(part) ?? [];
  if (first === undefined) throw invalidArgument(place, 'an input such as 784, 28x28 or 32x32x3', part);
  return second === undefined
    ? [Number(first), 1, 1]
    : [third === undefined ? 1 : Number(third), Number(first), Number(second)];
}

function parseLayer(part: string, isLast: boolean): ArchitectureLayer {
  const [, count, letter, kernel] = /^([1-9]\d*)(?:(c)([1-9]\d*)|s|o)?$/.exec(part) ?? [];
  if (letter === 'c') return { kind: 'conv', channels: Number(count), kernelSize: Number(kernel) };
  if (count !== undefined && part.endsWith('s')) return { kind: 'pool', size: Number(count) };
  if (count === undefined || (part.endsWith('o') && !isLast))
    throw invalidArgument(place, 'a layer such as 12c5, 2s, 1200 or (last) 10o', part);
  return { kind: 'dense', size: Number(count) };
}

export interface ReluNetworkOptions {
  /** Probability that a unit of a fully connected hidden layer is dropped in training. Default: 0.5. */
  readonly dropout?: number;
  /** The same for pixels. Default: 0. */
  readonly inputDropout?: number;
  /** Seed of the initial weights and of dropout. Default: 0. */
  readonly seed?: number;
}

export const reluNetworkSchema: Schema<ReluNetworkOptions> = {
  dropout: dropoutShare,
  inputDropout: dropoutShare,
  seed: seedField,
};

export const architectureField: Field<Architecture> = custom(
  'to be an architecture, such as parseArchitecture("784-100-10")',
  (value) => {
    const { inputShape, layers } = (value ?? {}) as Partial<Architecture>;
    return Array.isArray(inputShape) && Array.isArray(layers);
  },
);

/** The layers' own initial weights are uniform in ±1 / √inputs; ReLUs keep the scale of what passes with ±√(6 / inputs). */
const initialGain = Math.sqrt(6);

/**
 * The network of an architecture: without biases, a ReLU behind every layer with weights but the output.  Initial weights are
 * uniform in ±√(6 / inputs) (He et al., "Delving deep into rectifiers", 2015).
 */
export function makeReluNetwork(architecture: Architecture, options: ReluNetworkOptions = {}): Sequential {
  const { inputShape, layers } = architectureField('makeReluNetwork', 'architecture', architecture);
  const given = readOptions('makeReluNetwork', reluNetworkSchema, options);
  const { dropout = 0.5, inputDropout = 0, seed = 0 } = given;
  const built: Layer[] = [];
  let [channels, height, width] = inputShape;
  let isFlat = false;
  if (inputDropout > 0) built.push(new Dropout(inputDropout, { seed, item: 0 }));
  layers.forEach((layer, index) => {
    // Every layer draws from an item of its own.
    const random = { seed, item: index + 1 };
    if (layer.kind === 'pool') {
      built.push(new AvgPool2d({ kernelSize: layer.size }));
      [height, width] = [Math.floor(height / layer.size), Math.floor(width / layer.size)];
      return;
    }
    if (layer.kind === 'conv') {
      const { kernelSize } = layer;
      built.push(new Conv2d(channels, layer.channels, { kernelSize, bias: false, ...random }), new ReLU());
      [channels, height, width] = [layer.channels, height - kernelSize + 1, width - kernelSize + 1];
      return;
    }
    if (!isFlat) built.push(new Flatten());
    isFlat = true;
    built.push(new Linear(channels * height * width, layer.size, { bias: false, ...random }));
    [channels, height, width] = [layer.size, 1, 1];
    if (index === layers.length - 1) return;
    built.push(new ReLU());
    if (dropout > 0) built.push(new Dropout(dropout, random));
  });
  const network = new Sequential(built);
  for (const { value } of network.parameters()) {
    for (let i = 0; i < value.data.length; i++) value.data[i] *= initialGain;
  }
  return network;
}
