/** A small data set in MNIST's form with checksums of its own, to be downloaded in tests. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { loadDataset } from '../../src/datasets/dataset.js';
import type { RemoteFile, RemoteSource } from '../../src/datasets/download/remote-sources.js';
import { idxImages, idxLabels, labelsInTurn } from './idx-files.js';

export const fileNames = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];

export const contents = new Map<string, Buffer>([
  ['train-images-idx3-ubyte', Buffer.from(idxImages(600, 28, 28))],
  ['train-labels-idx1-ubyte', Buffer.from(idxLabels(labelsInTurn(600)))],
  ['t10k-images-idx3-ubyte', Buffer.from(idxImages(60, 28, 28))],
  ['t10k-labels-idx1-ubyte', Buffer.from(idxLabels(labelsInTurn(60)))],
]);

export function remoteFile(name: string, content: Buffer, checked: RemoteFile['checked']): RemoteFile {
  return { name, checked, sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length };
}

export const smallMnist: RemoteSource = {
  mirrors: ['http://127.0.0.1:1/'],
  files: [...contents].map(([name, content]) =>
    remoteFile(`${name}.gz`, content, 'its uncompressed content'),
  ),
};

/** Stored, not compressed, so that a cut falls where the test wants it. */
export function findGzipped(name: string): Buffer | undefined {
  const content = contents.get(name.replace(/\.gz$/, ''));
  return content && gzipSync(content, { level: 0 });
}

export const visible = (folder: string) => readdirSync(folder).filter((name) => !name.startsWith('.'));
export const hidden = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('.'));

export async function expectInstalled(dataDir: string): Promise<void> {
  const folder = join(dataDir, 'mnist');
  expect(visible(folder).toSorted()).toEqual(fileNames.map((name) => `${name}.gz`).toSorted());
  expect(hidden(folder)).toEqual([]);
  for (const name of fileNames) {
    expect(
      Buffer.compare(gunzipSync(readFileSync(join(folder, `${name}.gz`))), contents.get(name) as Buffer),
    ).toBe(0);
  }
  expect((await loadDataset('mnist', { dataDir })).train.count).toBe(500);
}
