/** The machines of a linear classifier, one for each class against all others. */
import { RandomStream } from '../core/random/stream.js';
import type { Labels } from './class-numbers.js';
import { projectRow, type SparseRows } from './extract-features.js';
import type { InParts } from './in-parts.js';
import {
  solveSquaredHinge,
  startDual,
  type BinaryProblem,
  type Convergence,
  type DualPoint,
  type Precision,
} from './solve-squared-hinge.js';

/** Rows with their labels. */
export interface LabelledRows {
  readonly rows: SparseRows;
  readonly labels: Labels;
}

export interface Machine {
  readonly label: number;
  readonly problem: BinaryProblem;
  readonly point: DualPoint;
  readonly random: RandomStream;
}

/**
 * Untrained machines for `classes` that will learn from the rows `members`.
 * @param part Tells the random numbers of several trainings on the same data apart.
 */
export function startMachines(
  { rows, labels }: LabelledRows,
  members: Uint32Array,
  classes: readonly number[],
  seed: number,
  part: number,
): Machine[] {
  return classes.map((label) => {
    const signs = Int8Array.from(members, (row) => (labels[row] === label ? 1 : -1));
    const problem = { rows, members, signs };
    const random = new RandomStream(seed, 'linearClassifier', 1 + label, part);
    return { label, problem, point: startDual(problem), random };
  });
}

/** Trains the machines for C on from where they are. */
export function* trainMachines(
  machines: readonly Machine[],
  regularization: number,
  precision: Precision,
  onMachine: () => void,
): InParts<Convergence> {
  let epochs = 0;
  let relativeGap = 0;
  for (const { problem, point, random } of machines) {
    const end = yield* solveSquaredHinge(problem, regularization, point, random, precision);
    epochs += end.epochs;
    relativeGap = Math.max(relativeGap, end.relativeGap);
    onMachine();
  }
  return { epochs, relativeGap };
}

/** How many of the rows `held` the machines give their own label. */
export function countCorrect(
  { rows, labels }: LabelledRows,
  held: Uint32Array,
  machines: readonly Machine[],
): number {
  let correct = 0;
  for (const row of held) {
    let highest = -Infinity;
    let predicted = -1;
    for (const { label, point } of machines) {
      const output = projectRow(rows, row, point.weights, 0, point.weights[rows.nColumns]);
      if (output <= highest) continue;
      highest = output;
      predicted = label;
    }
    if (predicted === labels[row]) correct++;
  }
  return correct;
}
