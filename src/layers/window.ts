/** The sliding window of unfold, convolution and pooling: its geometry and where it fits. */
import { invalidArgument } from '../errors.js';
import { type Field, required, type Schema } from '../options.js';

/** [rows, columns]. */
export type Pair = readonly [number, number];
/** One number stands for both directions. */
export type PairLike = number | readonly number[];

export interface WindowOptions {
  readonly kernelSize: PairLike;
  /** Default: 1; of pooling, the kernel size. */
  readonly stride?: PairLike;
  /** Zeros around the map. Default: 0. */
  readonly padding?: PairLike;
  /** Distance of neighbouring elements of the kernel. Default: 1. */
  readonly dilation?: PairLike;
}

/** How one or two whole numbers are read. */
export function pairField(least: number): Field<PairLike> {
  return (place, name, value) => toPair(place, name, value as PairLike, least);
}

export const windowFields: Schema<WindowOptions> = {
  kernelSize: required(pairField(1)),
  stride: pairField(1),
  padding: pairField(0),
  dilation: pairField(1),
};

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

/** Longer sides have squares that no memory holds. */
export const mostPerSide = 2 ** 15;

export function toPair(place: string, name: string, value: PairLike, least: number): Pair {
  const given: unknown[] = Array.isArray(value) ? value : [value, value];
  if (given.length !== 2 || !given.every((n) => Number.isSafeInteger(n) && Number(n) >= least)) {
    throw invalidArgument(place, `${name} to be one or two whole numbers ≥ ${least}`, value);
  }
  const [first, second] = given.map(Number);
  if (Math.max(first, second) > mostPerSide) throw invalidArgument(place, `${name} ≤ ${mostPerSide}`, value);
  return [first, second];
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
