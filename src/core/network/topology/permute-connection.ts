/** Permutation: every neuron reaches the one whose place has the same numbers in another order of the axes. */
import { invalidArgument } from '../../../errors.js';
import { count, filledText, list, number, readOptions, required, type Schema } from '../../../options.js';
import { countPositions, engineOrder, type LayerShape, listSides } from '../shape.js';
import { wireChannels } from './channel-wiring.js';
import { SynapticConnection, type Wiring } from './topology.js';
import { positionsOf } from './window.js';

export interface PermuteParameters {
  /** Axis of the source that becomes each axis of the target: [1, 2, 0] makes [height, width, channels] of [channels, height, width]. */
  order: readonly number[];
  /** What a spike adds to its counterpart. Default: 1. */
  w?: number;
  /** Name of the target's input that it adds to, of those that its model has. Default: the first. */
  into?: string;
}

const schema: Schema<PermuteParameters> = {
  order: required(list(count({ least: 0, most: 3 }))),
  w: number(),
  into: filledText,
};

export class PermuteConnection extends SynapticConnection {
  readonly order: readonly number[];

  constructor(parameters: PermuteParameters) {
    const place = 'PermuteConnection';
    const given = readOptions(place, schema, parameters);
    const { order, w = 1, into } = given;
    const isOrder = order.toSorted((a, b) => a - b).every((axis, at) => axis === at);
    if (!isOrder || order.length < 3)
      throw invalidArgument(place, 'order to have each axis once, such as [1, 2, 0]', order);
    super({ into, w }, place, given);
    this.order = order;
  }

  /** Published weights: [target channel, source channel], 0 off the diagonal. */
  wire(source: LayerShape, target: LayerShape, place: string): Wiring {
    const { order } = this;
    const [sides, found] = [source, target].map((shape) => listAxes(shape, order.length));
    if (sides.length !== order.length)
      throw invalidArgument(place, `an order of ${sides.length} axes`, order);
    const expected = order.map((axis) => sides[axis]);
    if (found.join() !== expected.join())
      throw invalidArgument(place, `a target of the shape [${expected.join(', ')}]`, listSides(target));
    const nPositions = countPositions(target);
    const sourceOrder = engineOrder(source);
    const entries = permute(sides, order).map(
      (i, j) => [sourceOrder[i], Math.floor(j / nPositions), j % nPositions] as const,
    );
    return wireChannels(source, target, entries);
  }
}

/** The sides of a shape, the depth among them where there is one or four are asked for. */
function listAxes(shape: LayerShape, axes: number): number[] {
  return axes === 4 ? [shape.channels, ...positionsOf(shape)] : listSides(shape);
}

/** Published index in an array of these sides, by published index in the permuted one. */
function permute(sides: readonly number[], order: readonly number[]): number[] {
  const strides = sides.map((_, axis) => sides.slice(axis + 1).reduce((all, side) => all * side, 1));
  let found = [0];
  for (const axis of order) {
    found = found.flatMap((at) => Array.from({ length: sides[axis] }, (_, i) => at + i * strides[axis]));
  }
  return found;
}
