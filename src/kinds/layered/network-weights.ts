/** The weights of a network as the database keeps them, by the names of a PyTorch `state_dict`, and back. */
import type { Sequential } from '../../layers/sequential.js';
import type { StoredArrays } from '../../store/index.js';
import type { ArrayShape, CheckedArrays } from '../record-shape.js';

/** Weights by their names. */
export type WeightShapes = Readonly<Record<string, ArrayShape<'float32'>>>;

export function weightArrays(network: Sequential): StoredArrays {
  return Object.fromEntries(
    network.namedParameters().map(([name, { value }]) => [name, { shape: value.shape, data: value.data }]),
  );
}

/** The arrays that hold the weights of a network of this structure. */
export function shapeWeights(network: Sequential): WeightShapes {
  return Object.fromEntries(
    network.namedParameters().map(([name, { value }]) => [name, { dtype: 'float32', shape: value.shape }]),
  );
}

/** Puts the weights of a record into a network of the same structure. */
export function loadWeights(network: Sequential, arrays: CheckedArrays<WeightShapes>): void {
  for (const [name, { value }] of network.namedParameters()) value.data.set(arrays[name].data);
}
