/** The sliding window of unfold, convolution and pooling: its geometry and where it fits. */
import { invalidArgument } from '../errors.js';

/** [rows, columns]. */
export type Pair = readonly [number, number];
/** One number stands for both directions. */
export type PairLike = number | readonly number[];

export interface WindowOptions {
  readonly kernelSize: PairLike;
  readonly stride?: PairLike;
  readonly padding?: PairLike;
  readonly dilation?: PairLike;
}

export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

/** Errors: `INVALID_ARGUMENT` naming the option. */
export function makeWindow(place: string, options: WindowOptions): Window {
  return {
    kernel: toPair(place, 'kernelSize', options.kernelSize, 1),
    stride: toPair(place, 'stride', options.stride ?? 1, 1),
    padding: toPair(place, 'padding', options.padding ?? 0, 0),
    dilation: toPair(place, 'dilation', options.dilation ?? 1, 1),
  };
}

export function toPair(place: string, name: string, value: PairLike, least: number): Pair {
  const pair = typeof value === 'number' ? [value, value] : value;
  if (pair.length !== 2 || !pair.every((n) => Number.isSafeInteger(n) && n >= least)) {
    throw invalidArgument(place, `${name} to be one or two whole numbers ≥ ${least}`, value);
  }
  return [pair[0], pair[1]];
}

/** Number of places of the window per direction. Errors: `INVALID_ARGUMENT` where it does not fit once. */
export function outputSize(place: string, [height, width]: Pair, window: Window): Pair {
  const along = (length: number, axis: 0 | 1) => {
    const span = window.dilation[axis] * (window.kernel[axis] - 1) + 1;
    return Math.floor((length + 2 * window.padding[axis] - span) / window.stride[axis]) + 1;
  };
  const size: Pair = [along(height, 0), along(width, 1)];
  if (size[0] < 1 || size[1] < 1) {
    throw invalidArgument(place, `a map that holds the kernel [${window.kernel.join(', ')}]`, [
      height,
      width,
    ]);
  }
  return size;
}

/** As PyTorch prints it: `(5, 5)`. */
export function formatPair([a, b]: Pair): string {
  return `(${a}, ${b})`;
}
