/** Arrays of the reference programs, and how far ours are from them. */
import { existsSync, readFileSync } from 'node:fs';
import { readNpy } from '../../src/formats/npy.js';
import { makeTensor, type Tensor } from '../../src/layers/tensor.js';
import { readMeta, walkCases } from './walk-cases.js';

/** The cases of a family that hold a `meta.json`. */
export const layerCases = (family: 'nnmf' | 'sbs'): { name: string; fixture: FixtureFolder }[] =>
  walkCases(family, { marker: 'meta.json' }).map(({ name, folder }) => ({
    name,
    fixture: new FixtureFolder(folder),
  }));

/** Reads the files of one folder of fixtures. */
export class FixtureFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  has(file: string): boolean {
    return existsSync(`${this.#folder}/${file}.npy`);
  }

  meta(): unknown {
    return readMeta(this.#folder);
  }

  /** In float32, whatever it is stored in. */
  tensor(file: string): Tensor {
    const { shape, data } = readNpy(readFileSync(`${this.#folder}/${file}.npy`), file);
    return makeTensor(shape, Float32Array.from(data as Float32Array));
  }

  tensor64(file: string): Tensor {
    const { shape, data } = readNpy(readFileSync(`${this.#folder}/${file}.npy`), file);
    return makeTensor(shape, Float64Array.from(data as Float64Array));
  }

  int32(file: string): Int32Array {
    return Int32Array.from(readNpy(readFileSync(`${this.#folder}/${file}.npy`), file).data as Int32Array);
  }
}

/** Largest difference between two tensors, relative to the largest value of the second. */
export function relativeDifference(ours: Tensor, theirs: Tensor): number {
  if (ours.data.length !== theirs.data.length)
    throw new Error(`${ours.data.length} and ${theirs.data.length} elements`);
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < ours.data.length; i++) {
    const d = Math.abs(ours.data[i] - theirs.data[i]);
    if (!(d <= difference)) difference = d;
    largest = Math.max(largest, Math.abs(theirs.data[i]));
  }
  return difference / largest;
}

/** Largest difference between two tensors. */
export function absoluteDifference(ours: Tensor, theirs: Tensor): number {
  let difference = 0;
  for (let i = 0; i < theirs.data.length; i++) {
    const d = Math.abs(ours.data[i] - theirs.data[i]);
    if (!(d <= difference)) difference = d;
  }
  return difference;
}
