/** How data enter a name: published ones by theirs, others by their content. */
import { describe, expect, it } from 'vitest';
import { hasFashion, hasMnist, fashionFolder, mnistFolder } from '../../test/support/data-folders.js';
import { writeIdxFolder } from '../../test/support/idx-files.js';
import { makeFolder } from '../../test/support/make-folder.js';
import { loadDataset } from '../datasets/index.js';
import { identifyData, labelData, readDataIdentity } from './data-identity.js';

describe('identifyData', () => {
  it('knows the published data sets', async () => {
    expect(identifyData(await loadDataset('mnist-10k'))).toEqual({ dataset: 'mnist-10k' });
  });

  it.skipIf(!hasMnist)('knows MNIST', async () => {
    expect(identifyData(await loadDataset('mnist', { dataDir: mnistFolder }))).toEqual({ dataset: 'mnist' });
  });

  it.skipIf(!hasFashion)('knows Fashion-MNIST', async () => {
    const dataset = await loadDataset('fashion-mnist', { dataDir: fashionFolder });
    expect(identifyData(dataset)).toEqual({ dataset: 'fashion-mnist' });
  });

  it('tells data of the same form by their content', async () => {
    const dataDir = makeFolder();
    writeIdxFolder(dataDir);
    const dataset = await loadDataset('mnist', { dataDir });
    expect(identifyData(dataset)).toEqual({ dataset: 'mnist', data_hash: dataset.hash });
    // A hash is known by the name that it belongs to.
    const { hash } = await loadDataset('mnist-10k');
    expect(identifyData({ name: 'mnist', hash })).toEqual({ dataset: 'mnist', data_hash: hash });
    expect(identifyData({ name: 'toString', hash })).toEqual({ dataset: 'toString', data_hash: hash });
  });
});

describe('labelData', () => {
  it('is one word, another one for every identity', () => {
    const labels = [
      { dataset: 'mnist' },
      { dataset: 'mnist', data_hash: '01' },
      { dataset: 'mnist:01' },
      { dataset: 'a b; c' },
      { dataset: '"a b; c"' },
    ].map(labelData);
    expect(labels).toEqual(['mnist', 'mnist:01', '"mnist:01"', '"a b; c"', String.raw`"\"a b; c\""`]);
    expect(labelData({ dataset: null })).toBeUndefined();
  });
});

describe('readDataIdentity', () => {
  it('reads what was published', () => {
    for (const identity of [{ dataset: 'mnist' }, { dataset: 'mnist', data_hash: '01' }, { dataset: null }]) {
      expect(readDataIdentity({ n_iter: 3, ...identity })).toEqual(identity);
    }
    expect(readDataIdentity({})).toEqual({ dataset: null });
  });
});
