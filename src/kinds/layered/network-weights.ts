/** The weights of a network as the database keeps them, by the names of a PyTorch `state_dict`, and back. */
import { LocusError } from '../../errors.js';
import type { NetworkRecord, StoredArrays } from '../../store/index.js';
import type { Sequential } from '../../layers/sequential.js';

export function weightArrays(network: Sequential): StoredArrays {
  return Object.fromEntries(
    network.namedParameters().map(([name, { value }]) => [name, { shape: value.shape, data: value.data }]),
  );
}

/** Puts the weights of a record into a network of the same structure. Errors: `STORE_CORRUPT` naming what does not fit. */
export function loadWeights(network: Sequential, { name, arrays }: NetworkRecord): void {
  for (const [key, { value }] of network.namedParameters()) {
    const data = arrays[key]?.data;
    if (!(data instanceof Float32Array) || data.length !== value.data.length) {
      const expected = `${value.data.length} numbers of float32 as ${key}`;
      throw new LocusError('STORE_CORRUPT', `network "${name}": expected ${expected}, which are not there`);
    }
    value.data.set(data);
  }
}
