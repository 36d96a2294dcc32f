/** CIFAR-10 from a folder: whole, in part, and cut short. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../test/support/make-folder.js';
import { corrupt, countLabels, splitSizes } from '../../test/support/datasets.js';
import { describeDatasets, loadDataset, loadSplit } from './index.js';

/** A batch of 10,000 images, classes in turn. */
function makeBatch(): Uint8Array {
  const batch = new Uint8Array(10_000 * 3073);
  for (let image = 0; image < 10_000; image++) {
    batch.fill((image * 7) % 256, image * 3073 + 1, (image + 1) * 3073);
    batch[image * 3073] = image % 10;
  }
  return batch;
}

describe('cifar10', () => {
  it('loads its test split where nothing else is there, and says what the whole lacks', async () => {
    const dataDir = makeFolder();
    writeFileSync(join(dataDir, 'test_batch.bin.gz'), gzipSync(makeBatch(), { level: 1 }));
    const test = await loadSplit('cifar10', 'test', { dataDir: dataDir });
    expect(test).toMatchObject({ name: 'cifar10/test', count: 10_000, height: 32, width: 32, channels: 3 });
    await expect(loadDataset('cifar10', { dataDir: dataDir })).rejects.toMatchObject({
      code: 'DATA_MISSING',
      message: expect.stringContaining(`${dataDir} lacks data_batch_1.bin(.gz), data_batch_2.bin(.gz)`),
    });
    const described = (await describeDatasets({ dataDir: dataDir })).find((each) => each.name === 'cifar10');
    expect(described).toMatchObject({ available: false, splits: ['test'], counts: { test: 10_000 } });
  });

  /** All batches below a folder. */
  const writeBatches = (folder: string, batch: Uint8Array) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'test_batch.bin'), batch);
    for (let i = 1; i <= 5; i++)
      symlinkSync(join(folder, 'test_batch.bin'), join(folder, `data_batch_${i}.bin`));
  };

  it('has 40,000, 10,000 and 10,000 images', async () => {
    const dataDir = makeFolder();
    const batch = makeBatch();
    writeBatches(dataDir, batch);
    const dataset = await loadDataset('cifar10', { dataDir });
    expect(splitSizes(dataset)).toEqual([40_000, 10_000, 10_000]);
    expect(countLabels(dataset.train)).toEqual(new Array(10).fill(4000));
    expect(dataset.classNames.join(' ')).toBe('airplane automobile bird cat deer dog frog horse ship truck');
    // Of images and labels alone, as before the classes had names.
    expect(dataset.hash).toBe('8f69c16f52298b971ec214840241799a27087c3788b38ed1f8f59681e5afb0b4');
    expect(
      Buffer.compare(dataset.train.images.subarray(30_000 * 3072, 30_001 * 3072), batch.subarray(1, 3073)),
    ).toBe(0);
  });

  it.each(['cifar10', 'cifar-10-batches-bin'])('is found in folder "%s", too', async (below) => {
    const dataDir = makeFolder();
    writeBatches(join(dataDir, below), makeBatch());
    const test = await loadSplit('cifar10', 'test', { dataDir });
    expect(test.count).toBe(10_000);
    const described = (await describeDatasets({ dataDir })).find((each) => each.name === 'cifar10');
    expect(described).toMatchObject({ available: true, splits: ['train', 'calibration', 'test'] });
  });

  it('refuses a batch that lost whole records', async () => {
    const dataDir = makeFolder();
    writeFileSync(join(dataDir, 'test_batch.bin'), new Uint8Array(3073 * 9));
    await expect(loadSplit('cifar10', 'test', { dataDir })).rejects.toThrow(
      corrupt(`${dataDir}/test_batch.bin: expected 10000 images, got 9`),
    );
    const described = (await describeDatasets({ dataDir })).find((each) => each.name === 'cifar10');
    expect(described).toMatchObject({
      available: false,
      splits: [],
      detail: expect.stringContaining('got 27657'),
    });
  });
});
