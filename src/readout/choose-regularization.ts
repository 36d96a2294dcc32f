/** Chooses C by cross-validation: every image is predicted by machines that were trained without it. */
import { RandomStream } from '../core/random/stream.js';
import type { Labels } from './class-numbers.js';
import { countCorrect, startMachines, trainMachines, type LabelledRows } from './one-vs-rest.js';
import type { InParts } from './in-parts.js';
import type { Precision } from './solve-squared-hinge.js';

/** Cross-validated accuracy of one C: the share of all images, those without spikes counting as wrong. */
export interface Validation {
  readonly regularization: number;
  readonly accuracy: number;
}

export interface CrossValidation {
  /** Rows to learn from. */
  readonly members: Uint32Array;
  readonly classes: readonly number[];
  readonly nImages: number;
  readonly nFolds: number;
  /** Equal for rows of the same image, which never part. */
  readonly imageIds?: ArrayLike<number>;
  readonly seed: number;
  /** Called after every machine with how many there will be, as far as is known. */
  readonly onMachine: (nMachines: number) => void;
}

/** Enough to rank values of C: what a finer one changes in the accuracy is far below its error. */
const precision: Precision = { tolerance: 1e-2, maxEpochs: 1000 };

/** How many values beyond the best one, in either direction, are tried in hope of a better one. */
const reach = 2;

/**
 * Tries values of `grid` (ascending), from the one nearest to 1 downwards, then upwards; the best is the choice, of equals
 * the one tried first. `validation` is what was tried, ascending.
 */
export function* chooseRegularization(
  data: LabelledRows,
  grid: readonly number[],
  { members, classes, nImages, nFolds, imageIds, seed, onMachine }: CrossValidation,
): InParts<{ best: Validation; validation: Validation[]; epochs: number }> {
  const foldOf = dealFolds(
    members,
    data.labels,
    nFolds,
    imageIds,
    new RandomStream(seed, 'linearClassifier'),
  );
  const parts = Array.from({ length: nFolds }, (_, fold) => ({
    held: members.filter((_, k) => foldOf[k] === fold),
    machines: startMachines(
      data,
      members.filter((_, k) => foldOf[k] !== fold),
      classes,
      seed,
      1 + fold,
    ),
  }));
  const nearest = findNearestToOne(grid);
  const last = grid.length - 1;
  let lowest = Math.max(0, nearest - reach);
  let highest = Math.min(last, nearest + reach);
  const countMachine = () => onMachine((highest - lowest + 1) * nFolds * classes.length);
  const validation: Validation[] = [];
  let best: Validation = { regularization: grid[0], accuracy: -1 };
  let epochs = 0;
  function* improves(regularization: number): InParts<boolean> {
    let correct = 0;
    for (const { held, machines } of parts) {
      const end = yield* trainMachines(machines, regularization, precision, countMachine);
      epochs += end.epochs;
      correct += countCorrect(data, held, machines);
    }
    const tried = { regularization, accuracy: correct / nImages };
    validation.push(tried);
    if (tried.accuracy <= best.accuracy) return false;
    best = tried;
    return true;
  }
  yield* improves(grid[nearest]);
  for (let at = nearest - 1; at >= lowest; at--) {
    if (yield* improves(grid[at])) lowest = Math.max(0, at - reach);
  }
  for (let at = nearest + 1; at <= highest; at++) {
    if (yield* improves(grid[at])) highest = Math.min(last, at + reach);
  }
  return { best, validation: validation.sort((a, b) => a.regularization - b.regularization), epochs };
}

function findNearestToOne(grid: readonly number[]): number {
  const distances = grid.map((value) => Math.abs(Math.log(value)));
  return distances.indexOf(Math.min(...distances));
}

/** A fold for every member: random, rows of one image together, every class spread evenly. */
export function dealFolds(
  members: Uint32Array,
  labels: Labels,
  nFolds: number,
  imageIds: ArrayLike<number> | undefined,
  random: RandomStream,
): Uint8Array {
  const foldOf = new Uint8Array(members.length);
  const foldOfImage = new Map<number, number>();
  // Sorting by label is stable, so inside a class the order stays random.
  const dealt = random
    .shuffle(Uint32Array.from(members, (_, k) => k))
    .sort((a, b) => labels[members[a]] - labels[members[b]]);
  let nDealt = 0;
  for (const k of dealt) {
    const image = imageIds ? imageIds[members[k]] : members[k];
    const fold = foldOfImage.get(image) ?? nDealt++ % nFolds;
    foldOfImage.set(image, fold);
    foldOf[k] = fold;
  }
  return foldOf;
}
