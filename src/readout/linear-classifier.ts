/** The linear classifier of spike counts (`lc`): what it is, and what it predicts. */
import { invalidArgument } from '../errors.js';
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

/**
 * Predicted labels; −1 where the image has no spikes at all. Of equal outputs the lowest label wins.
 * @throws INVALID_ARGUMENT where the counts are of another layer than the classifier's, or its arrays have wrong lengths.
 */
export function predictByClassifier(classifier: LinearClassifier, counts: SpikeCounts): Int8Array {
  checkSpikeCounts(counts, 'predictByClassifier');
  checkClassifier(classifier, counts, 'predictByClassifier');
  const { nClasses, nFeatures, weights, bias } = classifier;
  const rows = extractFeatures(counts);
  const predictions = new Int8Array(counts.nImages).fill(-1);
  for (let image = 0; image < counts.nImages; image++) {
    if (rows.offsets[image] === rows.offsets[image + 1]) continue;
    let highest = -Infinity;
    for (let label = 0; label < nClasses; label++) {
      const output = projectRow(rows, image, weights, label * nFeatures, bias[label]);
      if (output <= highest) continue;
      highest = output;
      predictions[image] = label;
    }
  }
  return predictions;
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
