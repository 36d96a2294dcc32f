/** Sliding windows over a map: [image, channel, row, column] to [image, channel · ky · kx, place]. */
import { readOptions } from '../options.js';
import { kernelsFor } from './kernels/select-kernels.js';
import { Layer, remembered } from './layer.js';
import { checkShape, makeZeros, mapShape, type Tensor } from './tensor.js';
import {
  formatPair,
  makeWindow,
  outputSize,
  type Pair,
  type Window,
  windowFields,
  type WindowOptions,
} from './window.js';

export class Unfold extends Layer {
  readonly window: Window;
  #inputShape: readonly [number, number, number, number] | undefined;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(options: WindowOptions) {
    super();
    this.window = makeWindow('Unfold', readOptions('Unfold', windowFields, options));
  }

  /** Places of the window per direction. Errors: `INVALID_ARGUMENT` where it does not fit. */
  outputSize(size: Pair): Pair {
    return outputSize('Unfold', size, this.window);
  }

  override forward(x: Tensor): Tensor {
    this.#inputShape = mapShape('Unfold', x);
    return unfoldMap(x, this.window, this.outputSize([x.shape[2], x.shape[3]]));
  }

  override backward(gradient: Tensor): Tensor {
    const shape = remembered('Unfold', this.#inputShape);
    return foldMap(gradient, this.window, shape, this.outputSize([shape[2], shape[3]]));
  }

  override toString(): string {
    const { kernel, dilation, padding, stride } = this.window;
    const pairs = { kernel_size: kernel, dilation, padding, stride };
    const text = Object.entries(pairs).map(([name, pair]) => `${name}=${formatPair(pair)}`);
    return `Unfold(${text.join(', ')})`;
  }
}

/** [image, channel, row, column] → [image, channel · ky · kx, place]. */
export function unfoldMap(x: Tensor, window: Window, places: Pair): Tensor {
  const [batch, channels, height, width] = mapShape('unfold', x);
  const rows = channels * window.kernel[0] * window.kernel[1];
  const out = makeZeros([batch, rows, places[0] * places[1]], x.data);
  const task = { window, planes: batch * channels, size: [height, width] as const, outputSize: places };
  kernelsFor(x.data).unfold(x.data, task, out.data);
  return out;
}

/** The adjoint of `unfoldMap`: patches, summed where they overlap, in a map of `shape`. */
export function foldMap(
  patches: Tensor,
  window: Window,
  shape: readonly [number, number, number, number],
  places: Pair,
): Tensor {
  const [batch, channels, height, width] = shape;
  const rows = channels * window.kernel[0] * window.kernel[1];
  checkShape('fold', patches, [batch, rows, places[0] * places[1]]);
  const out = makeZeros(shape, patches.data);
  const task = { window, planes: batch * channels, size: [height, width] as const, outputSize: places };
  kernelsFor(patches.data).fold(patches.data, task, out.data);
  return out;
}
