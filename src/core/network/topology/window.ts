/** Windows that slide over the positions of a layer: those of convolutions, receptive fields and pooling, in one to three dimensions. */
import { invalidArgument } from '../../../errors.js';
import { count, type Field, required, type Schema } from '../../../options.js';
import { type LayerShape, listSides } from '../shape.js';

/** A number for every side, or one for each: [x], [y, x], [z, y, x]. */
export type Sides = number | readonly number[];

/** Window of convolution-like topologies. */
export interface WindowParameters {
  /** Sides of the receptive field [neurons]. */
  kernelSize: Sides;
  /** Distance of neighbouring receptive fields [neurons]. Default: 1; of pooling, the kernel's sides. */
  stride?: Sides;
  /** Neurons of silence before and behind the source, along every side. Default: 0. */
  padding?: Sides;
  /** Distance of neighbouring neurons of a receptive field [neurons]. Default: 1. */
  dilation?: Sides;
}

export type Dimensions = 1 | 2 | 3;

/** [z, y, x] of a shape or window, those that it lacks 1 (of padding 0). */
export type Triple = readonly [z: number, y: number, x: number];

export interface Window {
  readonly dimensions: Dimensions;
  readonly kernelSize: Triple;
  readonly stride: Triple;
  readonly padding: Triple;
  readonly dilation: Triple;
}

/** A number for every side, or one for each of so many. */
export function sidesField(dimensions: Dimensions, least: number): Field<Sides> {
  const whole = count({ least });
  return (place, name, value) => {
    if (!Array.isArray(value)) return whole(place, name, value);
    if (value.length !== dimensions) {
      const each = ['[x]', '[y, x]', '[z, y, x]'][dimensions - 1];
      throw invalidArgument(place, `${name} to be a number or ${each}`, value);
    }
    return value.map((side) => whole(place, name, side));
  };
}

export function windowSchema(dimensions: Dimensions): Schema<WindowParameters> {
  const positive = sidesField(dimensions, 1);
  return {
    kernelSize: required(positive),
    stride: positive,
    padding: sidesField(dimensions, 0),
    dilation: positive,
  };
}

/** @param stride where none is given */
export function readWindow(
  dimensions: Dimensions,
  { kernelSize, stride, padding = 0, dilation = 1 }: WindowParameters,
  otherwise: Sides = 1,
): Window {
  const fill = (given: Sides, missing: number): Triple => {
    const own = typeof given === 'number' ? new Array<number>(dimensions).fill(given) : given;
    return [...new Array<number>(3 - dimensions).fill(missing), ...own] as unknown as Triple;
  };
  return {
    dimensions,
    kernelSize: fill(kernelSize, 1),
    stride: fill(stride ?? otherwise, 1),
    padding: fill(padding, 0),
    dilation: fill(dilation, 1),
  };
}

/** The last sides of a triple: those that a window of so many dimensions has. */
export function ownSides(triple: Triple, { dimensions }: Pick<Window, 'dimensions'>): number[] {
  return triple.slice(3 - dimensions);
}

export function countTaps({ kernelSize: [z, y, x] }: Window): number {
  return z * y * x;
}

export const positionsOf = ({ depth, height, width }: LayerShape): Triple => [depth, height, width];

/** Numbers of positions of a window along every side: ⌊(size + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1. */
export function countWindows(
  source: LayerShape,
  { kernelSize, stride, padding, dilation }: Window,
): number[] {
  return positionsOf(source).map((size, side) => {
    const span = dilation[side] * (kernelSize[side] - 1) + 1;
    return Math.floor((size + 2 * padding[side] - span) / stride[side]) + 1;
  });
}

/** Throws unless the source has the dimensions of the window and the target one position per window. */
export function checkMap(source: LayerShape, target: LayerShape, window: Window, place: string): void {
  const { dimensions, kernelSize, padding, dilation } = window;
  if (positionsOf(source).some((size, side) => side < 3 - dimensions && size > 1)) {
    const shape = dimensions === 1 ? '[channels, 1, length]' : '[channels, height, width]';
    throw invalidArgument(place, `a source of the shape ${shape}`, listSides(source));
  }
  const counts = countWindows(source, window);
  if (counts.some((n) => n < 1)) {
    const room = positionsOf(source).map((size, side) => size + 2 * padding[side]);
    const span = kernelSize.map((size, side) => dilation[side] * (size - 1) + 1);
    const [most, got] = [room, span].map((all) => ownSides(all as unknown as Triple, window).join(' × '));
    throw invalidArgument(place, `a kernelSize (with dilation) within ${most}`, got);
  }
  if (positionsOf(target).join() !== counts.join()) {
    const expected = counts.slice(counts[0] === 1 && target.depth === 1 ? 1 : 0).join(' × ');
    throw invalidArgument(place, `a target of ${expected} positions`, listSides(target).slice(1));
  }
}

/** Visits every (position, tap, source) of a window over a source; taps count (channel, kz, ky, kx), positions (depth, row, column). */
export function* windowTaps(
  source: LayerShape,
  target: LayerShape,
  window: Window,
): Generator<{ position: number; tap: number; source: number }> {
  const nTaps = countTaps(window);
  let position = 0;
  for (const first of listPlaces(positionsOf(target))) {
    for (let channel = 0; channel < source.channels; channel++) {
      let tap = channel * nTaps;
      for (const at of listPlaces(window.kernelSize)) {
        const pixel = findPixel(source, window, first, at);
        if (pixel >= 0) yield { position, tap, source: pixel * source.channels + channel };
        tap++;
      }
    }
    position++;
  }
}

/** The position of a source that a tap of a window falls on; −1: on the padding. */
function findPixel(
  { depth, height, width }: LayerShape,
  { stride, padding, dilation }: Window,
  first: Triple,
  at: Triple,
): number {
  const [z, y, x] = [0, 1, 2].map(
    (side) => first[side] * stride[side] + at[side] * dilation[side] - padding[side],
  );
  if (z < 0 || y < 0 || x < 0 || z >= depth || y >= height || x >= width) return -1;
  return (z * height + y) * width + x;
}

/** All places of a box, row by row. */
export function* listPlaces([depth, height, width]: Triple): Generator<Triple> {
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) yield [z, y, x];
  }
}
