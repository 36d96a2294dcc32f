/** IDX files in a folder of the user: what is loaded, and what is refused by name. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../test/support/make-folder.js';
import { corrupt, splitSizes } from '../../test/support/datasets.js';
import {
  idxImages,
  idxIntLabels,
  idxLabels,
  labelsInTurn,
  writeIdxFolder,
} from '../../test/support/idx-files.js';
import { describeDatasets, loadDataset, loadSplit } from './index.js';

describe('IDX files in a folder of the user', () => {
  it('are cut five to one, gzipped or not, in the folder or the one of their name', async () => {
    const hashes = new Set<string>();
    for (const gzipped of [false, true]) {
      for (const below of ['', 'mnist']) {
        const dataDir = makeFolder();
        writeIdxFolder(join(dataDir, below), { gzipped });
        const dataset = await loadDataset('mnist', { dataDir });
        expect(splitSizes(dataset)).toEqual([10, 2, 5]);
        expect(dataset.calibration).toMatchObject({
          name: 'mnist/calibration',
          height: 6,
          width: 6,
          channels: 1,
        });
        expect([...dataset.calibration.labels]).toEqual([0, 1]);
        expect(Buffer.compare(dataset.calibration.images, idxImages(12, 6, 6).subarray(16 + 10 * 36))).toBe(
          0,
        );
        hashes.add(dataset.hash);
      }
    }
    expect(hashes.size).toBe(1);
  });

  it.each([
    'train-images.idx3-ubyte',
    'train-labels.idx1-ubyte',
    't10k-images.idx3-ubyte',
    't10k-labels.idx1-ubyte',
  ])('are found under the dotted name %s, gzipped or not', async (dotted) => {
    for (const gzipped of [false, true]) {
      const dataDir = makeFolder();
      writeIdxFolder(join(dataDir, 'mnist'), { gzipped });
      const ending = gzipped ? '.gz' : '';
      const rename = (name: string) => join(dataDir, 'mnist', `${name}${ending}`);
      renameSync(rename(dotted.replace('.', '-')), rename(dotted));
      expect(splitSizes(await loadDataset('mnist', { dataDir }))).toEqual([10, 2, 5]);
      const mnist = (await describeDatasets({ dataDir })).find((each) => each.name === 'mnist');
      expect(mnist).toMatchObject({ available: true, counts: { train: 10, calibration: 2, test: 5 } });
    }
  });

  it.each<[string, (labels: readonly number[]) => Uint8Array, number, number, (i: number) => number]>([
    ['1 to 26, as the letters of EMNIST', idxLabels, 26, 52, (i) => 1 + (i % 26)],
    ['32 bits wide', idxIntLabels, 10, 20, (i) => i % 10],
    ['negative, far apart and without order', idxIntLabels, 3, 12, (i) => [70_000, -5, 3][i % 3]],
    ['no more than two', idxLabels, 2, 8, (i) => 3 + 4 * (i % 2)],
    ['300 in number', idxIntLabels, 300, 600, (i) => i % 300],
  ])('have the classes of their labels: %s', async (_, encode, nClasses, count, labelOf) => {
    const dataDir = makeFolder();
    writeIdxFolder(dataDir, { nTrain: count, nTest: 4 });
    const labels = Array.from({ length: count }, (_, i) => labelOf(i));
    writeFileSync(join(dataDir, 'train-labels-idx1-ubyte'), encode(labels));
    writeFileSync(join(dataDir, 't10k-labels-idx1-ubyte'), encode(labels.slice(1, 5)));
    // The classes are those of all files, whichever of them a split needs.
    const test = await loadSplit('mnist', 'test', { dataDir });
    const dataset = await loadDataset('mnist', { dataDir });
    const names = [...new Set(labels)].sort((a, b) => a - b).map(String);
    expect(dataset).toMatchObject({ nClasses, classNames: names });
    const read = [...dataset.train.labels, ...dataset.calibration.labels];
    expect(read.map((label) => Number(names[label]))).toEqual(labels);
    expect(Array.from(test.labels, (label) => Number(names[label]))).toEqual(labels.slice(1, 5));
    expect(test.classNames).toEqual(names);
  });

  it('of other labels are other data, though the numbers of the classes are the same', async () => {
    const hashes = new Set<string>();
    for (const first of [0, 1]) {
      const dataDir = makeFolder();
      writeIdxFolder(dataDir);
      const labels = (count: number) => idxLabels(labelsInTurn(count).map((label) => label + first));
      writeFileSync(join(dataDir, 'train-labels-idx1-ubyte'), labels(12));
      writeFileSync(join(dataDir, 't10k-labels-idx1-ubyte'), labels(5));
      hashes.add((await loadDataset('mnist', { dataDir })).hash);
    }
    expect(hashes.size).toBe(2);
  });

  it('change the hash with any byte of any split', async () => {
    const hashes = new Set<string>();
    const changes: ReadonlyArray<[string, number] | undefined> = [
      undefined,
      ['train-images-idx3-ubyte', 16],
      ['train-images-idx3-ubyte', 16 + 12 * 36 - 1],
      ['train-labels-idx1-ubyte', 8],
      ['t10k-images-idx3-ubyte', 16],
      ['t10k-labels-idx1-ubyte', 12],
    ];
    for (const change of changes) {
      const dataDir = makeFolder();
      writeIdxFolder(dataDir);
      if (change) {
        const path = join(dataDir, change[0]);
        const bytes = readFileSync(path);
        bytes[change[1]] ^= 1;
        writeFileSync(path, bytes);
      }
      hashes.add((await loadDataset('mnist', { dataDir })).hash);
    }
    expect(hashes.size).toBe(changes.length);
  });

  it.each([
    [
      'train-images-idx3-ubyte',
      idxImages(12, 6, 6).subarray(0, 300),
      'expected 448 bytes for 12 images of 6 × 6, got 300 (truncated)',
    ],
    ['train-labels-idx1-ubyte', idxLabels(labelsInTurn(11)), 'expected 12 labels, one for each image of '],
    ['train-labels-idx1-ubyte', idxImages(12, 6, 6), 'got an IDX file of images'],
    ['t10k-images-idx3-ubyte', idxLabels([1, 2]), 'got an IDX file of labels'],
    ['t10k-images-idx3-ubyte', Buffer.from('<html>sorry</html>'), 'got a web page ("<html>sorry</html>")'],
    [
      't10k-images-idx3-ubyte',
      gzipSync(idxImages(5, 6, 6)).subarray(0, 60),
      'expected whole gzip data, got damaged or truncated data',
    ],
    ['t10k-images-idx3-ubyte', idxImages(5, 8, 6), 'expected images of 6 × 6, as in '],
    ['t10k-images-idx3-ubyte', new Uint8Array(0), 'got an empty file'],
  ])('are refused by their full path: %s, %#', async (name, bytes, message) => {
    const dataDir = makeFolder();
    writeIdxFolder(join(dataDir, 'mnist'));
    writeFileSync(join(dataDir, 'mnist', name), bytes);
    await expect(loadDataset('mnist', { dataDir })).rejects.toThrow(
      corrupt(`${join(dataDir, 'mnist', name)}: `),
    );
    await expect(loadDataset('mnist', { dataDir })).rejects.toThrow(corrupt(message));
  });

  it('that are not there are listed, with where they were looked for and how to get them', async () => {
    const dataDir = makeFolder();
    const load = loadDataset('mnist', { dataDir });
    await expect(load).rejects.toMatchObject({ code: 'DATA_MISSING' });
    for (const part of [
      'train-images-idx3-ubyte',
      `${dataDir}/mnist or ${dataDir}`,
      'locus data download mnist',
      '--data-dir',
    ]) {
      await expect(load).rejects.toThrow(part);
    }
  });

  it('of which one is missing: only that one is named', async () => {
    const dataDir = makeFolder();
    writeIdxFolder(dataDir);
    rmSync(join(dataDir, 't10k-labels-idx1-ubyte'));
    await expect(loadDataset('mnist', { dataDir })).rejects.toThrow(
      `${dataDir} lacks t10k-labels-idx1-ubyte(.gz);`,
    );
    expect((await loadSplit('mnist', 'train', { dataDir })).count).toBe(10);
    const mnist = (await describeDatasets({ dataDir })).find((each) => each.name === 'mnist');
    expect(mnist).toMatchObject({
      available: false,
      splits: ['train', 'calibration'],
      counts: { train: 10, calibration: 2 },
    });
  });
});
