/** Convolution over a map: unfolded patches times the kernel matrix. */
import { invalidArgument } from '../errors.js';
import { count, flag, readOptions, type Schema } from '../options.js';
import { initialFields, type InitialOptions, uniformTensor } from './initialize.js';
import { kernelsFor } from './kernels/select-kernels.js';
import { Layer, Parameter, remembered } from './layer.js';
import { checkShape, makeZeros, mapShape, reshape, type Tensor, transposeLast } from './tensor.js';
import { foldMap, unfoldMap } from './unfold.js';
import {
  formatPair,
  makeWindow,
  outputSize,
  type Pair,
  type Window,
  windowFields,
  type WindowOptions,
} from './window.js';

export interface Conv2dOptions extends WindowOptions, InitialOptions {
  /** Default: true. */
  readonly bias?: boolean;
}

const schema: Schema<Conv2dOptions> = { ...windowFields, ...initialFields, bias: flag };

interface Memory {
  readonly inputShape: readonly [number, number, number, number];
  /** [image, input · ky · kx, place]. */
  readonly patches: Tensor;
  readonly places: Pair;
}

export class Conv2d extends Layer {
  /** [output, input, ky, kx]; uniform in ±1 / √(input · ky · kx) at the start. */
  readonly weight: Parameter;
  /** [output]. */
  readonly bias: Parameter | null;
  readonly window: Window;
  #memory: Memory | undefined;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    given: Conv2dOptions,
  ) {
    super();
    checkCount('Conv2d', 'inChannels', inChannels);
    checkCount('Conv2d', 'outChannels', outChannels);
    const options = readOptions('Conv2d', schema, given);
    this.window = makeWindow('Conv2d', options);
    const bound = 1 / Math.sqrt(this.#patchSize);
    const shape = [outChannels, inChannels, ...this.window.kernel];
    this.weight = new Parameter('weight', uniformTensor(shape, -bound, bound, options));
    const hasBias = options.bias ?? true;
    this.bias = hasBias
      ? new Parameter('bias', uniformTensor([outChannels], -bound, bound, options, 1))
      : null;
  }

  get #patchSize(): number {
    return this.inChannels * this.window.kernel[0] * this.window.kernel[1];
  }

  override parameters(): Parameter[] {
    return this.bias ? [this.weight, this.bias] : [this.weight];
  }

  override forward(x: Tensor): Tensor {
    const inputShape = mapShape('Conv2d', x);
    const [batch, channels, height, width] = inputShape;
    if (channels !== this.inChannels) {
      throw invalidArgument('Conv2d', `${this.inChannels} channels`, channels);
    }
    const places = outputSize('Conv2d', [height, width], this.window);
    const positions = places[0] * places[1];
    const patches = this.#isPointwise
      ? reshape(x, [batch, channels, positions])
      : unfoldMap(x, this.window, places);
    const out = makeZeros([batch, this.outChannels, ...places], x.data);
    kernelsFor(x.data).matmul({
      m: this.outChannels,
      n: positions,
      k: this.#patchSize,
      batch,
      a: this.weight.value.data,
      aBatch: 0,
      aRow: this.#patchSize,
      aColumn: 1,
      b: patches.data,
      bBatch: this.#patchSize * positions,
      sum: false,
      out: out.data,
    });
    if (this.bias) addBias(out, this.bias.value, positions);
    this.#memory = { inputShape, patches, places };
    return out;
  }

  override backward(gradient: Tensor): Tensor {
    const { inputShape, patches, places } = remembered('Conv2d', this.#memory);
    const batch = inputShape[0];
    checkShape('Conv2d', gradient, [batch, this.outChannels, ...places]);
    const positions = places[0] * places[1];
    const kernels = kernelsFor(gradient.data);
    const shared = { batch, a: gradient.data, aBatch: this.outChannels * positions };
    const weightGradient = makeZeros(this.weight.value.shape, gradient.data);
    kernels.matmul({
      ...shared,
      m: this.outChannels,
      n: this.#patchSize,
      k: positions,
      aRow: positions,
      aColumn: 1,
      b: transposeLast(patches.data, batch, this.#patchSize, positions),
      bBatch: this.#patchSize * positions,
      sum: true,
      out: weightGradient.data,
    });
    addTo(this.weight.gradient, weightGradient);
    if (this.bias) addSums(this.bias.gradient, gradient, positions);
    const patchGradient = makeZeros(patches.shape, gradient.data);
    kernels.matmul({
      m: this.#patchSize,
      n: positions,
      k: this.outChannels,
      batch,
      a: this.weight.value.data,
      aBatch: 0,
      aRow: 1,
      aColumn: this.#patchSize,
      b: gradient.data,
      bBatch: this.outChannels * positions,
      sum: false,
      out: patchGradient.data,
    });
    return this.#isPointwise
      ? reshape(patchGradient, inputShape)
      : foldMap(patchGradient, this.window, inputShape, places);
  }

  /** Patches are the pixels themselves. */
  get #isPointwise(): boolean {
    const { kernel, stride, padding } = this.window;
    return [...kernel, ...stride].every((n) => n === 1) && padding.every((n) => n === 0);
  }

  override toString(): string {
    const { kernel, stride, padding, dilation } = this.window;
    const parts = [
      `${this.inChannels}, ${this.outChannels}, kernel_size=${formatPair(kernel)}, stride=${formatPair(stride)}`,
    ];
    if (padding.some((n) => n !== 0)) parts.push(`padding=${formatPair(padding)}`);
    if (dilation.some((n) => n !== 1)) parts.push(`dilation=${formatPair(dilation)}`);
    if (!this.bias) parts.push('bias=False');
    return `Conv2d(${parts.join(', ')})`;
  }
}

/** Errors: `INVALID_ARGUMENT`. */
export function checkCount(place: string, name: string, value: number): void {
  count()(place, name, value);
}

export function addTo(sum: Tensor, term: Tensor): void {
  for (let i = 0; i < sum.data.length; i++) sum.data[i] += term.data[i];
}

/** Adds bias[channel] to every position of [image, channel, position]. */
export function addBias(map: Tensor, bias: Tensor, positions: number): void {
  const channels = bias.data.length;
  for (let plane = 0; plane < map.data.length / positions; plane++) {
    const value = bias.data[plane % channels];
    for (let at = plane * positions; at < (plane + 1) * positions; at++) map.data[at] += value;
  }
}

/** Adds the sum over images and positions of [image, channel, position] to sums[channel]. */
export function addSums(sums: Tensor, map: Tensor, positions: number): void {
  const channels = sums.data.length;
  for (let plane = 0; plane < map.data.length / positions; plane++) {
    let sum = 0;
    for (let at = plane * positions; at < (plane + 1) * positions; at++) sum += map.data[at];
    sums.data[plane % channels] += sum;
  }
}
