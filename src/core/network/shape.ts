/** The shape of a layer and its two neuron orders: the published one and the engines' own. */
import { invalidArgument } from '../../errors.js';
import { type FloatArrays, type Floats, makeFloats, type Precision } from '../precision.js';
import { renumberSpikes, type SpikeTrain } from '../encoding/spike-train.js';
import type { Field } from '../../options.js';

/** Channels (filters) × depth × height × width; an image has depth 1, a plain vector of n neurons is n × 1 × 1 × 1. */
export interface LayerShape {
  readonly channels: number;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
}

/** `[channels, depth, height, width]`, `[channels, height, width]`, `[height, width]` (one channel), `[n]` or `n` neurons. */
export type ShapeLike = number | readonly number[];

/** A neuron takes 16 bytes or more of the 4 GiB that WebAssembly can address. */
export const mostNeurons = 2 ** 28;

/**
 * The sides of a shape.
 *
 * @param place names the layer in errors
 * @throws LocusError `INVALID_ARGUMENT`
 */
export function parseShape(shape: ShapeLike, place: string): LayerShape {
  const given: unknown[] = Array.isArray(shape) ? shape : [shape];
  const isShape = given.length >= 1 && given.length <= 4;
  if (!isShape || !given.every((side) => Number.isSafeInteger(side) && Number(side) >= 1)) {
    throw invalidArgument(
      place,
      'a shape n, [n], [height, width], [channels, height, width] or [channels, depth, height, width] of whole numbers ≥ 1',
      shape,
    );
  }
  const parsed = nameSides(given.map(Number));
  if (countNeurons(parsed) > mostNeurons)
    throw invalidArgument(place, 'a shape of at most 2²⁸ neurons', shape);
  return parsed;
}

function nameSides(sides: readonly number[]): LayerShape {
  if (sides.length === 1) return { channels: sides[0], depth: 1, height: 1, width: 1 };
  const [width, height, depth = 1] = sides.slice(sides.length === 2 ? 0 : 1).toReversed();
  return { channels: sides.length === 2 ? 1 : sides[0], depth, height, width };
}

export const shapeField: Field<ShapeLike> = (place, _, value) => {
  parseShape(value as ShapeLike, place);
  return value as ShapeLike;
};

export function countNeurons(shape: LayerShape): number {
  return shape.channels * countPositions(shape);
}

export function countPositions(shape: LayerShape): number {
  return shape.depth * shape.height * shape.width;
}

/** The sides as published: [channels, height, width], with the depth after the channels where there is one. */
export function listSides({ channels, depth, height, width }: LayerShape): number[] {
  return [channels, ...(depth === 1 ? [] : [depth]), height, width];
}

/**
 * Engine index of every published index.  Published order is (channel, (depth,) row, column); engines keep the channels of one
 * position side by side, so that one row of weights falls onto consecutive neurons.
 */
export function engineOrder(shape: LayerShape): Uint32Array {
  const positions = countPositions(shape);
  const order = new Uint32Array(positions * shape.channels);
  for (let channel = 0; channel < shape.channels; channel++) {
    for (let position = 0; position < positions; position++) {
      order[channel * positions + position] = position * shape.channels + channel;
    }
  }
  return order;
}

/** Whether both orders are the same. */
export function isInEngineOrder(shape: LayerShape): boolean {
  return shape.channels === 1 || countPositions(shape) === 1;
}

/** Spikes in engine order from spikes in published order: the same train where both are the same. @param order `engineOrder(shape)` */
export function toEngineSpikes(train: SpikeTrain, shape: LayerShape, order: Uint32Array): SpikeTrain {
  return isInEngineOrder(shape) ? train : renumberSpikes(train, order);
}

/** Published index of every engine index, or the other way round. */
export function invertOrder(order: Uint32Array): Uint32Array {
  const inverse = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) inverse[order[i]] = i;
  return inverse;
}

/** Values in published order from values in engine order; `order` is the engine index of every published one. */
export function toPublishedOrder<T extends Floats | Uint16Array | Uint8Array>(
  values: T,
  order: Uint32Array,
): T {
  const published = values.slice(0, order.length) as T;
  for (let i = 0; i < order.length; i++) published[i] = values[order[i]];
  return published;
}

/** Values in engine order from values in published order, rounded; those that are not published are 0. @param size of the engine's array */
export function toEngineOrder<P extends Precision>(
  values: Floats,
  order: Uint32Array,
  precision: P,
  size = values.length,
): FloatArrays[P] {
  const engine = makeFloats(precision, size);
  for (let i = 0; i < order.length; i++) engine[order[i]] = values[i];
  return engine;
}
