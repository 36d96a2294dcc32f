/** The linear classifier of spike counts (`lc`): what it is, and what it predicts. */
import { invalidArgument } from '../errors.js';
import { objectWith } from '../options.js';
import { makePredictions, type Predictions } from './class-numbers.js';
import { extractFeatures, projectRow } from './extract-features.js';
import { checkClasses, checkSpikeCounts, type SpikeCounts } from './spike-counts.js';

/** A weight per class and neuron on the features of `extractFeatures`; the class with the highest output is predicted. */
export interface LinearClassifier {
  readonly nClasses: number;
  /** nFilters · nPositions of the layer it reads. */
  readonly nFeatures: number;
  readonly nPositions: number;
  /** `nClasses × nFeatures`. */
  readonly weights: Float32Array;
  /** One per class; −∞ where no image of the class was learnt from, so that it is never predicted. */
  readonly bias: Float32Array;
  /** C, the weight of the loss against ½ |w|². */
  readonly regularization: number;
  /** How counts become features: `balancedRoots` is `extractFeatures`. */
  readonly transform: 'balancedRoots';
}

const classifierField = objectWith<LinearClassifier>('nClasses', 'nFeatures', 'weights', 'bias');

/**
 * Predicted labels; −1 where the image has no spikes at all. Of equal outputs the lowest label wins.
 * @throws INVALID_ARGUMENT where the counts are of another layer than the classifier's, or its arrays have wrong lengths.
 */
export function predictByClassifier(classifier: LinearClassifier, counts: SpikeCounts): Predictions {
  const { nClasses } = classifierField('predictByClassifier', 'classifier', classifier);
  const outputs = computeOutputs(classifier, counts);
  return makePredictions(nClasses, counts.nImages, (image) => {
    if (counts.offsets[image] === counts.offsets[image + 1]) return -1;
    let highest = -Infinity;
    let label = -1;
    for (let candidate = 0; candidate < nClasses; candidate++) {
      const output = outputs[image * nClasses + candidate];
      if (output <= highest) continue;
      highest = output;
      label = candidate;
    }
    return label;
  });
}

/** The outputs [image, label] of the classifier: w · x + b; errors as `predictByClassifier`. */
export function computeOutputs(classifier: LinearClassifier, counts: SpikeCounts): Float64Array {
  checkSpikeCounts(counts, 'predictByClassifier');
  checkClassifier(classifier, counts, 'predictByClassifier');
  const { nClasses, nFeatures, weights, bias } = classifier;
  const rows = extractFeatures(counts);
  const outputs = new Float64Array(counts.nImages * nClasses);
  for (let image = 0; image < counts.nImages; image++) {
    for (let label = 0; label < nClasses; label++) {
      outputs[image * nClasses + label] = projectRow(rows, image, weights, label * nFeatures, bias[label]);
    }
  }
  return outputs;
}

function checkClassifier(classifier: LinearClassifier, counts: SpikeCounts, place: string): void {
  const { nClasses, nFeatures, nPositions, weights, bias, transform } = classifier;
  checkClasses(nClasses, place);
  if (transform !== 'balancedRoots') throw invalidArgument(place, 'transform "balancedRoots"', transform);
  if (nPositions !== counts.nPositions || nFeatures !== counts.nFilters * counts.nPositions) {
    throw invalidArgument(
      place,
      `counts of the ${nFeatures} neurons at ${nPositions} positions that the classifier was trained on`,
      `${counts.nFilters * counts.nPositions} at ${counts.nPositions}`,
    );
  }
  if (weights.length !== nClasses * nFeatures || bias.length !== nClasses) {
    throw invalidArgument(
      place,
      `${nClasses} × ${nFeatures} weights and ${nClasses} biases`,
      `${weights.length} and ${bias.length}`,
    );
  }
}
