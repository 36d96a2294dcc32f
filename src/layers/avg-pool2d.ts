/** The mean over a window of every map. */
import { readOptions, type Schema } from '../options.js';
import { Layer, remembered } from './layer.js';
import { checkShape, makeZeros, mapShape, type Tensor } from './tensor.js';
import { foldMap, unfoldMap } from './unfold.js';
import { makeWindow, outputSize, type PairLike, type Window, windowFields } from './window.js';

export interface AvgPool2dOptions {
  readonly kernelSize: PairLike;
  /** Default: the kernel size. */
  readonly stride?: PairLike;
  /** Zeros around the map; they count in the mean. Default: 0. */
  readonly padding?: PairLike;
}

const schema: Schema<AvgPool2dOptions> = {
  kernelSize: windowFields.kernelSize,
  stride: windowFields.stride,
  padding: windowFields.padding,
};

export class AvgPool2d extends Layer {
  readonly window: Window;
  readonly #options: AvgPool2dOptions;
  #inputShape: readonly [number, number, number, number] | undefined;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(given: AvgPool2dOptions) {
    super();
    const options = readOptions('AvgPool2d', schema, given);
    this.#options = given;
    this.window = makeWindow('AvgPool2d', { ...options, stride: options.stride ?? options.kernelSize });
  }

  override forward(x: Tensor): Tensor {
    const shape = mapShape('AvgPool2d', x);
    const [batch, channels, height, width] = shape;
    const places = outputSize('AvgPool2d', [height, width], this.window);
    const patches = unfoldMap(x, this.window, places);
    const positions = places[0] * places[1];
    const out = makeZeros([batch, channels, ...places], x.data);
    for (let plane = 0; plane < batch * channels; plane++) {
      for (let tap = 0; tap < this.#area; tap++) {
        const from = (plane * this.#area + tap) * positions;
        for (let p = 0; p < positions; p++) out.data[plane * positions + p] += patches.data[from + p];
      }
    }
    for (let i = 0; i < out.data.length; i++) out.data[i] /= this.#area;
    this.#inputShape = shape;
    return out;
  }

  override backward(gradient: Tensor): Tensor {
    const shape = remembered('AvgPool2d', this.#inputShape);
    const [batch, channels, height, width] = shape;
    const places = outputSize('AvgPool2d', [height, width], this.window);
    checkShape('AvgPool2d', gradient, [batch, channels, ...places]);
    const positions = places[0] * places[1];
    const patches = makeZeros([batch, channels * this.#area, positions], gradient.data);
    for (let row = 0; row < batch * channels * this.#area; row++) {
      const from = Math.floor(row / this.#area) * positions;
      for (let p = 0; p < positions; p++)
        patches.data[row * positions + p] = gradient.data[from + p] / this.#area;
    }
    return foldMap(patches, this.window, shape, places);
  }

  get #area(): number {
    return this.window.kernel[0] * this.window.kernel[1];
  }

  override toString(): string {
    const show = (value: PairLike) => (typeof value === 'number' ? String(value) : `(${value.join(', ')})`);
    const { kernelSize, stride = kernelSize, padding = 0 } = this.#options;
    return `AvgPool2d(kernel_size=${show(kernelSize)}, stride=${show(stride)}, padding=${show(padding)})`;
  }
}
