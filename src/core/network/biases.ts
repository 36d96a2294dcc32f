/** Biases of connections: what every target receives in every step beside the spikes. */
import { invalidArgument } from '../../errors.js';
import { type Floats, makeFloats, type Precision } from '../precision.js';
import { drawBiases } from './initial-weights.js';
import { countNeurons, engineOrder, type LayerShape, toEngineOrder } from './shape.js';
import type { InitialWeights } from './topology/topology.js';

/** What a bias is drawn with. */
export interface BiasPlace {
  readonly seed: number;
  /** Number of the connection. */
  readonly connection: number;
  readonly target: LayerShape;
  readonly precision: Precision;
  /** Names the connection in errors. */
  readonly place: string;
}

/**
 * Initial biases in engine order; null where there are none.
 *
 * @throws LocusError naming the connection where a list has other than one for every target
 */
export function compileBias(
  given: InitialWeights | null,
  { seed, connection, target, precision, place }: BiasPlace,
): Floats | null {
  if (given === null) return null;
  const n = countNeurons(target);
  if (typeof given === 'number') return makeFloats(precision, n).fill(given);
  const isList = given instanceof Float32Array || given instanceof Float64Array;
  if (isList && given.length !== n)
    throw invalidArgument(place, `a bias for each of ${n} targets`, given.length);
  const values = isList ? given : drawBiases(seed, connection, n, given);
  return toEngineOrder(values, engineOrder(target), precision);
}
