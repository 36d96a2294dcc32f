/** The published convolutional network, converted: factors, accuracy and silence as measured by an independent implementation. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { convert } from '../../src/kinds/converted/index.js';
import { evaluateRelu, readNpyNetwork } from '../../src/kinds/relu/index.js';
import { sliceImageSet } from '../../src/datasets/image-set.js';
import { loadDataset } from '../../src/datasets/index.js';
import { hasMnist, mnistFolder } from '../support/data-folders.js';

const folder = resolve(process.env.LOCUS_SHARED ?? '../shared', 'fixtures/conversion');
const isHere = existsSync(`${folder}/fc.npy`) && hasMnist;

interface Meta {
  data_normalization: { max_activation: number[]; weights_divided_by: number[] };
  model_normalization: { max_positive_weight_sum: number[] };
}

describe.skipIf(!isHere)('28x28-12c5-2s-64c5-2s-10o as its authors trained it', () => {
  const meta = isHere ? (JSON.parse(readFileSync(`${folder}/meta.json`, 'utf8')) as Meta) : undefined;
  const load = async () => ({
    ...readNpyNetwork(folder),
    dataset: await loadDataset('mnist', { dataDir: mnistFolder }),
  });

  // The published factors are the maxima over the first 10,000 training images: images 7437 and 6688 give them.  Over all 60,000 they
  // are 6.0336 and 6.0209.
  it('the factors of the normalisation by data: relative error < 1e-6', async () => {
    const { network, dataset } = await load();
    const trainData = sliceImageSet(dataset.train, 'part', 6600, 7500);
    const { scales } = convert(network, { trainData, normalizeOutput: false });
    const [conv1, conv2, output] = scales;
    const { max_activation, weights_divided_by } = (meta as Meta).data_normalization;
    for (const [i, scale] of [conv1, conv2].entries()) {
      expect(Math.abs((scale.activation as number) / max_activation[i] - 1)).toBeLessThan(1e-6);
      expect(Math.abs(scale.scale / max_activation[i] - 1)).toBeLessThan(1e-6);
      expect(Math.abs(scale.factor / weights_divided_by[i] - 1)).toBeLessThan(1e-6);
    }
    expect(output.factor).toBe(1);
  });

  it('the factors of the normalisation by the model: relative error < 1e-6', async () => {
    const { network } = await load();
    const { scales } = convert(network, { normalization: 'model', inputShape: [1, 28, 28] });
    (meta as Meta).model_normalization.max_positive_weight_sum.forEach((sum, i) => {
      expect(Math.abs(scales[i].factor / sum - 1)).toBeLessThan(1e-6);
    });
  });

  it('is silent at first, then nearly as good as the ReLU network, on both engines', async () => {
    const { network, architecture, dataset } = await load();
    const test = sliceImageSet(dataset.test, 'part', 0, 60);
    expect(await evaluateRelu(network, architecture, test)).toBe(1);
    const snn = convert(network, { trainData: sliceImageSet(dataset.train, 'part', 6600, 7500) });
    const wasm = await snn.run(test, { duration: 40, threads: 2 });
    expect(wasm.accuracy[4]).toBeLessThan(0.2);
    expect(wasm.accuracy[39]).toBeGreaterThan(0.97);
    const few = sliceImageSet(test, 'few', 0, 3);
    const [reference, same] = await Promise.all(
      ['reference', 'wasm'].map((engine) => snn.run(few, { duration: 20, engine })),
    );
    expect(same).toEqual(reference);
    const raw = convert(network, { normalization: 'none', inputShape: [1, 28, 28] });
    expect((await raw.run(test, { duration: 10 })).accuracy[9]).toBeGreaterThan(0.95);
  });
});
