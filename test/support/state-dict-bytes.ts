/** A `state_dict` as PyTorch's `torch.save` writes it: a zip of a pickle and raw storages. */
import { zipSync } from 'fflate';
import type { Sequential } from '../../src/layers/sequential.js';
import { call, dictionary, int, name, persistent, type Piece, pickle, tensor, text } from './pickle-bytes.js';

export const storage = (key: string, length: number, type = 'FloatStorage') =>
  persistent(text('storage'), name('torch', type), text(key), text('cpu'), int(length));

/** An OrderedDict with its items and the `_metadata` that PyTorch hangs on it. */
export function orderedDictionary(...items: Piece[]): Piece {
  const metadata = dictionary(text('_metadata'), call(name('collections', 'OrderedDict')));
  return [...call(name('collections', 'OrderedDict')), 0x28, ...items.flat(), 0x75, ...metadata, 0x62];
}

export function archive(value: Piece, storages: Record<string, Float32Array>, level: 0 | 6 = 0): Uint8Array {
  const bytes = (array: Float32Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const files = Object.entries(storages).map(([key, array]) => [`net/data/${key}`, bytes(array)]);
  const fixed = {
    'net/data.pkl': new Uint8Array(pickle(value)),
    'net/byteorder': new TextEncoder().encode('little'),
  };
  return zipSync({ ...fixed, ...(Object.fromEntries(files) as Record<string, Uint8Array>) }, { level });
}

/** The file of a whole network. */
export function encodeStateDict(network: Sequential): Uint8Array {
  const storages: Record<string, Float32Array> = {};
  const items = network.namedParameters().flatMap(([key, { value }], index) => {
    storages[index] = value.data as Float32Array;
    const strides = value.shape.map((_, axis) => value.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    return [text(key), tensor(storage(String(index), value.data.length), 0, [...value.shape], strides)];
  });
  return archive(orderedDictionary(...items), storages);
}
