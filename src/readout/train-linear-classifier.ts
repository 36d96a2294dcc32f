/** Trains the linear classifier: one squared-hinge machine per class, their common C chosen by cross-validation. */
import { invalidArgument } from '../errors.js';
import { callback, count, list, number, numbers, readOptions, type Schema } from '../options.js';
import { seedField } from '../core/random/stream.js';
import { chooseRegularization, type Validation } from './choose-regularization.js';
import type { Labels } from './class-numbers.js';
import { extractFeatures } from './extract-features.js';
import { finish, finishInParts, type InParts } from './in-parts.js';
import type { LinearClassifier } from './linear-classifier.js';
import { startMachines, trainMachines } from './one-vs-rest.js';
import type { Precision } from './solve-squared-hinge.js';
import {
  classCount,
  checkLabels,
  checkSpikeCounts,
  checkWhole,
  defaultClasses,
  type SpikeCounts,
} from './spike-counts.js';

export interface LinearClassifierOptions {
  readonly nClasses?: number;
  readonly seed?: number;
  /** C, or the values to choose it from, by default powers of 2; the search begins with the one nearest to 1. */
  readonly regularization?: number | readonly number[];
  /** Parts of the cross-validation, by default 3: each is predicted by machines that were trained on the others. */
  readonly nFolds?: number;
  /**
   * Which image each row of counts belongs to, where images were drawn with replacement: if an image were both learnt
   * from and predicted, too large a C would look good. By default every row is another image.
   */
  readonly imageIds?: ArrayLike<number>;
  /** Called after every machine; `total` grows where the search for C goes further than it has to. */
  readonly onProgress?: (done: number, total: number) => void;
}

export const mostFolds = 100;

const schema: Schema<LinearClassifierOptions> = {
  nClasses: classCount,
  seed: seedField,
  regularization: (place, _, value) => readGrid(value, place),
  nFolds: count({ least: 2, most: mostFolds }),
  imageIds: numbers,
  onProgress: callback(),
};

/** How a classifier came about. */
export interface TrainingReport {
  /** The C that was chosen. */
  readonly regularization: number;
  /** Cross-validated accuracy of every C that was tried, ascending; empty where only one was given. */
  readonly validation: readonly Validation[];
  /** Epochs of all machines together, cross-validation included. */
  readonly epochs: number;
  /** The objective of every machine of the classifier lies at most this share above its minimum. */
  readonly relativeGap: number;
}

export interface TrainedLinearClassifier extends LinearClassifier {
  readonly report: TrainingReport;
}

/** Features have length 1, so the same values suit a layer of any size: from 25 to 1000 filters the best were ½ to 2. */
const defaultGrid: readonly number[] = Array.from({ length: 21 }, (_, at) => 2 ** (at - 10));

const precision: Precision = { tolerance: 1e-4, maxEpochs: 10_000 };

/**
 * A linear classifier of spike counts: one class against the others, squared hinge loss, on the features of
 * `extractFeatures`. C is the one with the best cross-validated accuracy; with it the machines are trained on all images. Images without spikes teach nothing and are left out. Equal arguments give equal bits.
 * @param labels One per image.
 * @throws INVALID_ARGUMENT where lengths disagree, a label is no class, or an option is out of range.
 */
export function trainLinearClassifier(
  counts: SpikeCounts,
  labels: Labels,
  options: LinearClassifierOptions = {},
): TrainedLinearClassifier {
  return finish(fit(counts, labels, options));
}

/**
 * `trainLinearClassifier` with pauses for events: the same bits.
 *
 * @throws LocusError `INTERRUPTED` where the signal ends it, and as `trainLinearClassifier`
 */
export function trainLinearClassifierInParts(
  counts: SpikeCounts,
  labels: Labels,
  options: LinearClassifierOptions,
  signal: AbortSignal | undefined,
): Promise<TrainedLinearClassifier> {
  return finishInParts(fit(counts, labels, options), 'linear classifier', signal);
}

function* fit(
  counts: SpikeCounts,
  labels: Labels,
  given: LinearClassifierOptions,
): InParts<TrainedLinearClassifier> {
  const place = 'trainLinearClassifier';
  const options = readOptions(place, schema, given);
  const { nClasses = defaultClasses, seed = 0, nFolds = 3, imageIds, onProgress } = options;
  checkSpikeCounts(counts, place);
  const { nImages, nPositions } = counts;
  checkWhole(nImages, 1, 'nImages', place);
  checkLabels(labels, nImages, nClasses, place);
  if (imageIds && imageIds.length !== nImages) {
    throw invalidArgument(place, `${nImages} imageIds, one per image`, imageIds.length);
  }
  const grid = readGrid(options.regularization ?? defaultGrid, place);

  const rows = extractFeatures(counts);
  const data = { rows, labels };
  const members = Uint32Array.from(labels.keys()).filter((row) => rows.offsets[row] < rows.offsets[row + 1]);
  const classes = [...new Set(Array.from(members, (row) => labels[row]))].sort((a, b) => a - b);
  let done = 0;
  const onMachine = (nForChoice: number) => onProgress?.(++done, nForChoice + classes.length);

  const { best, validation, epochs } =
    grid.length > 1
      ? yield* chooseRegularization(data, grid, {
          members,
          classes,
          nImages,
          nFolds,
          imageIds,
          seed,
          onMachine,
        })
      : { best: { regularization: grid[0] }, validation: [], epochs: 0 };
  const { regularization } = best;
  const nForChoice = done;
  const machines = startMachines(data, members, classes, seed, 0);
  const end = yield* trainMachines(machines, regularization, precision, () => onMachine(nForChoice));

  const nFeatures = rows.nColumns;
  const weights = new Float32Array(nClasses * nFeatures);
  const bias = new Float32Array(nClasses).fill(-Infinity);
  for (const { label, point } of machines) {
    weights.set(point.weights.subarray(0, nFeatures), label * nFeatures);
    bias[label] = point.weights[nFeatures];
  }
  return {
    nClasses,
    nFeatures,
    nPositions,
    weights,
    bias,
    regularization,
    transform: 'balancedRoots',
    report: { regularization, validation, epochs: epochs + end.epochs, relativeGap: end.relativeGap },
  };
}

/** The values of C to try, ascending and each once. */
function readGrid(regularization: unknown, place: string): number[] {
  const one = number({ above: 0 });
  const grid = Array.isArray(regularization)
    ? list(one, { least: 1 })(place, 'regularization', regularization)
    : [one(place, 'regularization', regularization)];
  return [...new Set(grid)].sort((a, b) => a - b);
}
