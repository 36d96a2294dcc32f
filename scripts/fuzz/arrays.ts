/** Fuzzes the readers of NumPy's arrays. */
import { zipSync } from 'fflate';
import { readNpy, writeNpy } from '../../src/formats/npy.js';
import { readNpz } from '../../src/formats/npz.js';
import type { FuzzedReader } from './reader.js';

const arrays = [
  writeNpy({ shape: [2, 3], data: Float32Array.of(1.5, -2, 3, 4, 5, 6) }),
  writeNpy({ shape: [], data: BigInt64Array.of(7n) }),
  writeNpy({ shape: [3, 1, 2], data: Uint16Array.of(1, 2, 3, 4, 5, 6) }),
  inFortranOrder(writeNpy({ shape: [2, 2, 2], data: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7) })),
];

function inFortranOrder(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1').replace('False', 'True ');
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

export const npy: FuzzedReader = {
  name: 'npy',
  seeds: () => arrays,
  read: (bytes) => readNpy(bytes, 'file.npy'),
};

export const npz: FuzzedReader = {
  name: 'npz',
  seeds: () =>
    ([0, 6] as const).map((level) => zipSync({ 'a.npy': arrays[0], 'b.npy': arrays[2] }, { level })),
  read: (bytes) => readNpz(bytes, 'file.npz'),
};
