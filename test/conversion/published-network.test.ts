/** The published convolutional network, converted: factors, accuracy and silence as measured by an independent implementation. */
import { describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { convert } from '../../src/kinds/converted/index.js';
import { evaluateRelu } from '../../src/kinds/relu/index.js';
import { sliceImageSet } from '../../src/datasets/image-set.js';
import { hasMnist } from '../support/data-folders.js';
import { describeCases } from '../support/walk-cases.js';
import { compareFactors, loadPublished, publishedCases } from './published-factors.js';

describe.skipIf(!hasMnist)('a network as its authors trained it', () => {
  describeCases(publishedCases, ({ folder }) => {
    it('the factors of the normalisation by data: relative error < 1e-6', async () => {
      const { largestError, output } = await compareFactors(folder, 6600, 7500);
      expect(largestError).toBeLessThan(1e-6);
      expect(output).toEqual([1]);
    });

    it('the factors of the normalisation by the model: relative error < 1e-6', async () => {
      const { network, meta } = await loadPublished(folder);
      const { scales } = convert(network, { normalization: 'model', inputShape: [1, 28, 28] });
      meta.model_normalization.max_positive_weight_sum.forEach((sum, i) => {
        expect(Math.abs(scales[i].factor / sum - 1)).toBeLessThan(1e-6);
      });
    });

    it('is as accurate on 60 images after every time as it was on 10,000; the engines agree', async () => {
      const { network, architecture, dataset, meta } = await loadPublished(folder);
      const test = sliceImageSet(dataset.test, 'part', 0, 60);
      const { ms, data_normalised, unnormalised } = meta.snn_accuracy_percent_at_1000Hz;
      const expectShare = (share: number, percent: number) => {
        const p = percent / 100;
        // Four standard errors of a share of 60 images, and one image.
        expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 60) + 1 / 60);
      };
      const expectAccuracies = (accuracy: ArrayLike<number>, expected: readonly number[]) => {
        ms.filter((time) => time <= accuracy.length).forEach((time, i) => {
          expectShare(accuracy[time - 1], expected[i]);
        });
      };
      expectShare(await evaluateRelu(network, architecture, test), meta.ann_accuracy_percent);
      const snn = convert(network, { trainData: sliceImageSet(dataset.train, 'part', 6600, 7500) });
      expectAccuracies((await snn.run(test, { duration: 40, threads: 2 })).accuracy, data_normalised);
      const few = sliceImageSet(test, 'few', 0, 3);
      const [reference, same] = await Promise.all(
        ['reference', 'wasm'].map((engine) => snn.run(few, { duration: 20, engine })),
      );
      expect(same).toEqual(reference);
      const raw = convert(network, { normalization: 'none', inputShape: [1, 28, 28] });
      expectAccuracies((await raw.run(test, { duration: 10 })).accuracy, unnormalised);
    });
  });
});
