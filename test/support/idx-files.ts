/** Small IDX files for tests. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export function idxImages(count: number, height: number, width: number): Uint8Array {
  const pixels = Uint8Array.from({ length: count * height * width }, (_, i) => (i * 7) % 256);
  return Buffer.concat([words(0x0803, count, height, width), pixels]);
}

export function idxLabels(labels: ArrayLike<number>): Uint8Array {
  return Buffer.concat([words(0x0801, labels.length), Uint8Array.from(labels)]);
}

/** Labels of 32 bits. */
export function idxIntLabels(labels: ArrayLike<number>): Uint8Array {
  return words(0x0c01, labels.length, ...Array.from(labels, (label) => label >>> 0));
}

/** Labels 0–9 in turn. */
export function labelsInTurn(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i % 10);
}

export interface IdxFolder {
  readonly nTrain?: number;
  readonly nTest?: number;
  readonly size?: number;
  readonly gzipped?: boolean;
}

/** Writes the four files of a small data set in MNIST's form. */
export function writeIdxFolder(
  folder: string,
  { nTrain = 12, nTest = 5, size = 6, gzipped = false }: IdxFolder = {},
): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, bytes: Uint8Array) =>
    writeFileSync(join(folder, gzipped ? `${name}.gz` : name), gzipped ? gzipSync(bytes) : bytes);
  write('train-images-idx3-ubyte', idxImages(nTrain, size, size));
  write('train-labels-idx1-ubyte', idxLabels(labelsInTurn(nTrain)));
  write('t10k-images-idx3-ubyte', idxImages(nTest, size, size));
  write('t10k-labels-idx1-ubyte', idxLabels(labelsInTurn(nTest)));
}

function words(...values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32BE(value, i * 4));
  return bytes;
}
