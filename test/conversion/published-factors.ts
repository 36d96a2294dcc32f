/** The published convolutional network as its authors trained it, and the factors of its normalisation by data. */
import { convert } from '../../src/kinds/converted/index.js';
import { readNpyNetwork } from '../../src/kinds/relu/index.js';
import { sliceImageSet } from '../../src/datasets/image-set.js';
import { loadDataset } from '../../src/datasets/index.js';
import { mnistFolder } from '../support/data-folders.js';
import { readMeta, walkCases } from '../support/walk-cases.js';

interface Meta {
  ann_accuracy_percent: number;
  data_normalization: { max_activation: number[]; weights_divided_by: number[] };
  model_normalization: { max_positive_weight_sum: number[] };
  /** Accuracies [%] on the test images after so many milliseconds. */
  snn_accuracy_percent_at_1000Hz: { ms: number[]; data_normalised: number[]; unnormalised: number[] };
}

export const publishedCases = walkCases('conversion', { marker: 'meta.json' });

export async function loadPublished(folder: string) {
  return {
    ...readNpyNetwork(folder),
    meta: readMeta(folder) as Meta,
    dataset: await loadDataset('mnist', { dataDir: mnistFolder }),
  };
}

/**
 * Relative errors of the factors that the training images from `first` up to `end` give, and the factors of the output, which is not
 * normalised. The published factors are the maxima over the first 10,000 images, which images 7437 and 6688 give.
 */
export async function compareFactors(folder: string, first: number, end: number) {
  const { network, dataset, meta } = await loadPublished(folder);
  const trainData = sliceImageSet(dataset.train, 'part', first, end);
  const { scales } = convert(network, { trainData, normalizeOutput: false });
  const { max_activation, weights_divided_by } = meta.data_normalization;
  const relativeError = (got: number | null | undefined, expected: number) =>
    Math.abs((got as number) / expected - 1);
  const errors = max_activation.flatMap((expected, i) => {
    const { activation, scale, factor } = scales[i];
    return [
      relativeError(activation, expected),
      relativeError(scale, expected),
      relativeError(factor, weights_divided_by[i]),
    ];
  });
  const output = scales.slice(max_activation.length).map(({ factor }) => factor);
  return { largestError: Math.max(...errors), output };
}
