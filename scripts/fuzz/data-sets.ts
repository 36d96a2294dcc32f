/** Fuzzes the readers of data sets: IDX and the binary CIFAR-10. */
import { parseCifarBatch } from '../../src/datasets/cifar-binary.js';
import { parseIdxImages, parseIdxLabels } from '../../src/datasets/idx.js';
import { idxImages, idxIntLabels, idxLabels } from '../../test/support/idx-files.js';
import type { FuzzedReader } from './reader.js';

const cifarRecord = 3073;

export const idxImageFiles: FuzzedReader = {
  name: 'idx-images',
  seeds: () => [idxImages(3, 4, 5), idxImages(1, 28, 28)],
  read: (bytes) => parseIdxImages(bytes, 'images'),
};

export const idxLabelFiles: FuzzedReader = {
  name: 'idx-labels',
  seeds: () => [idxLabels([3, 0, 9, 26]), idxIntLabels([-1, 70_000, 5])],
  read: (bytes) => parseIdxLabels(bytes, 'labels'),
};

export const cifar: FuzzedReader = {
  name: 'cifar',
  seeds: () => [
    Uint8Array.from({ length: 3 * cifarRecord }, (_, i) => (i % cifarRecord === 0 ? 7 : i % 251)),
  ],
  read: (bytes) => parseCifarBatch(bytes, 'batch.bin'),
  mayEndAt: (length) => length > 0 && length % cifarRecord === 0,
};
