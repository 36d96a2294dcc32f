/** The arrays of a parity case, a NumPy file each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NpyArray, readNpy } from '../../src/formats/npy.js';

/** @param file its name without `.npy` */
export function readArray(folder: string, file: string): NpyArray {
  return readNpy(readFileSync(join(folder, `${file}.npy`)), file);
}

export function readFloats(folder: string, file: string): Float32Array {
  return Float32Array.from(readArray(folder, file).data as Float32Array);
}

/** Spikes [step][neuron], 0 or 1, of a file that packs them in bits, most significant first. */
export function readSpikes(folder: string, file: string, n: number): number[][] {
  const { shape, data } = readArray(folder, file);
  return Array.from({ length: shape[0] }, (_, t) =>
    Array.from({ length: n }, (__, j) => (Number(data[t * shape[1] + (j >> 3)]) >> (7 - (j & 7))) & 1),
  );
}
