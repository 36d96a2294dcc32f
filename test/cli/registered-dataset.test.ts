/** A data set from elsewhere, registered: listed, trained on, scored, refused where it cannot be downloaded. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { type DatasetSource, datasetNames, loadDataset, registerDataset } from '../../src/datasets/index.js';
import type { ImageSet, SplitName } from '../../src/datasets/image-set.js';
import { viewDatabase } from '../../src/store/index.js';
import { makeFolder } from '../support/make-folder.js';
import { runHere, runJson } from './run-cli.js';

const counts = { train: 40, calibration: 40, test: 20 } as const;

/** Bars: label 0 above, label 1 below. */
function drawBars(split: SplitName): ImageSet {
  const count = counts[split];
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 2);
  const images = Uint8Array.from({ length: count * 784 }, (_, at) => {
    const [image, row] = [Math.floor(at / 784), Math.floor((at % 784) / 28)];
    return row < 14 === (labels[image] === 0) ? 255 : 0;
  });
  return { name: `toy/${split}`, count, height: 28, width: 28, channels: 1, images, labels };
}

const toy: DatasetSource = {
  name: 'toy',
  title: 'Bars',
  nClasses: 2,
  image: { channels: 1, size: 28 },
  sbs: { mode: 'TOY' },
  load: async (_dataDir, splits) => splits.map(drawBars),
  describe: async () => ({ splits: ['train', 'calibration', 'test'], counts, detail: 'made up in a test' }),
};

describe('a registered data set', () => {
  beforeAll(() => registerDataset(toy));

  it('is loaded by its name, with a hash, and its name is taken', async () => {
    const { name, hash, nClasses } = await loadDataset('toy');
    expect({ name, nClasses }).toEqual({ name: 'toy', nClasses: 2 });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(datasetNames).toEqual(['mnist-10k', 'mnist', 'fashion-mnist', 'cifar10', 'toy']);
    expect(() => registerDataset(toy)).toThrow('registerDataset: there is a data set "toy"');
  });

  it('is listed by locus data ls, and in the help', async () => {
    const { stdout } = await runHere(['data', 'ls', '--data-dir', makeFolder()]);
    expect(stdout).toMatch(/toy\s+│ yes\s+│\s+40 │\s+40 │\s+20 │ made up in a test/);
    expect((await runHere(['train', 'lc', '--help'])).stdout).toMatch(/data set: mnist-10k, [^]*toy/);
    expect((await runHere(['data', 'download', '--help'])).stdout).toMatch(
      /one of: mnist, fashion-mnist,\s+cifar10\s/,
    );
  });

  it('trains a network that tells its classes apart', async () => {
    const path = join(makeFolder(), 'networks.db');
    const words =
      'train lc --dataset toy --n-filters 4 --time-max 50 --intensity 300 --n-iter 40 --calibrate 40 --test 20';
    const { name } = await runJson(...words.split(' '), '--db', path);
    const [row] = viewDatabase({ database: path });
    expect(row).toMatchObject({ name, dataset: 'toy', n_iter: 40, patch_voting_accuracy: 1 });
  });

  it('trains a deep network of its size and channels', async () => {
    const path = join(makeFolder(), 'networks.db');
    const words = 'nnmf train --dataset toy --epochs 1 --train 20 --test 10 --batch-size 10 --iterations 2';
    await runJson(...words.split(' '), '--db', path);
    expect(viewDatabase({ database: path })).toMatchObject([{ network_type: 'NNMF', dataset: 'toy' }]);
  });

  it('is not downloaded, because it is embedded', async () => {
    const { code, stderr } = await runHere(['data', 'download', 'toy', '--data-dir', makeFolder()]);
    expect(code).toBe(1);
    expect(stderr).toContain('expected a data set that is not embedded already, got "toy"');
  });
});
