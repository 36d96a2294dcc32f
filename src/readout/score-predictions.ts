/** How good predictions are: accuracy with its error, accuracy of every label, confusion matrix. */
import { invalidArgument } from '../errors.js';
import { numbers } from '../options.js';
import { type Labels, mostClasses, type Predictions } from './class-numbers.js';
import { checkClasses, checkLabels, defaultClasses } from './spike-counts.js';

export interface Score {
  /** Share of images whose label was predicted, in [0, 1]; no prediction (−1) counts as wrong. */
  readonly accuracy: number;
  /** Standard error of that share: √(accuracy (1 − accuracy) / nIter). */
  readonly error: number;
  /** Number of images. */
  readonly nIter: number;
}

/** @throws INVALID_ARGUMENT where there are no images or not as many labels as predictions. */
export function scorePredictions(predictions: Predictions, labels: Labels): Score {
  numbers('scorePredictions', 'predictions', predictions);
  const nIter = predictions.length;
  if (nIter === 0) throw invalidArgument('scorePredictions', 'at least one prediction', nIter);
  checkLabels(labels, nIter, mostClasses, 'scorePredictions');
  let correct = 0;
  for (let i = 0; i < nIter; i++) if (predictions[i] === labels[i]) correct++;
  return scoreOf(correct / nIter, nIter);
}

/** The score of an accuracy that was measured on `nIter` images. */
export function scoreOf(accuracy: number, nIter: number): Score {
  return { accuracy, error: Math.sqrt((accuracy * (1 - accuracy)) / nIter), nIter };
}

/**
 * Numbers of images, `nClasses × (nClasses + 1)`: rows are true labels, columns predicted ones, the last column is no
 * prediction.
 * @throws INVALID_ARGUMENT where lengths disagree, or a label or prediction is no class.
 */
export function confusionMatrix(
  predictions: Predictions,
  labels: Labels,
  nClasses: number = defaultClasses,
): Int32Array {
  checkPredictions(predictions, labels, nClasses, 'confusionMatrix');
  const matrix = new Int32Array(nClasses * (nClasses + 1));
  predictions.forEach((prediction, i) => {
    matrix[labels[i] * (nClasses + 1) + (prediction === -1 ? nClasses : prediction)]++;
  });
  return matrix;
}

/** Share of the images of each label that were predicted right; NaN for a label without images. */
export function accuracyPerLabel(
  predictions: Predictions,
  labels: Labels,
  nClasses: number = defaultClasses,
): Float64Array {
  checkPredictions(predictions, labels, nClasses, 'accuracyPerLabel');
  const correct = new Float64Array(nClasses);
  const nImagesOf = new Float64Array(nClasses);
  predictions.forEach((prediction, i) => {
    nImagesOf[labels[i]]++;
    if (prediction === labels[i]) correct[labels[i]]++;
  });
  return correct.map((count, label) => count / nImagesOf[label]);
}

function checkPredictions(predictions: Predictions, labels: Labels, nClasses: number, place: string): void {
  checkClasses(nClasses, place);
  numbers(place, 'predictions', predictions);
  checkLabels(labels, predictions.length, nClasses, place);
  const foreign = predictions.find((prediction) => prediction < -1 || prediction >= nClasses);
  if (foreign !== undefined) {
    throw invalidArgument(place, `predictions from −1 to ${nClasses - 1}`, foreign);
  }
}
