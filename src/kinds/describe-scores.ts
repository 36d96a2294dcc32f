/** Scores as lines for people, also those of a row of the database. */
import type { DatabaseRow, Score } from '../store/index.js';
import { countOf } from '../wording.js';

/** `patch_voting  80.12 ± 0.40 % of 10000 images` per method. */
export function describeScores(scores: Readonly<Partial<Record<string, Score>>>): string[] {
  const entries = Object.entries(scores).flatMap(([method, score]) => (score ? [{ method, ...score }] : []));
  const width = Math.max(0, ...entries.map(({ method }) => method.length));
  return entries.map(
    ({ method, accuracy, error, nIter }) =>
      `${method.padEnd(width)}  ${(100 * accuracy).toFixed(2)} ± ${(100 * error).toFixed(2)} % of ${countOf(nIter, 'image')}`,
  );
}

/** The scores in a row of the database, by method. */
export function scoresOfRow(row: DatabaseRow): Record<string, Score> {
  return Object.fromEntries(
    methodsOfRow(row).flatMap((method) => {
      const [accuracy, error, nIter] = ['accuracy', 'error', 'n_iter'].map(
        (field) => row[`${method}_${field}`],
      );
      const isScored = typeof accuracy === 'number' && typeof error === 'number' && typeof nIter === 'number';
      return isScored ? [[method, { accuracy, error, nIter }]] : [];
    }),
  );
}

/** The methods that a row has columns for, `x_accuracy` and `x_error`. */
export function methodsOfRow(row: DatabaseRow): string[] {
  return Object.keys(row)
    .flatMap((name) => /^(.+)_accuracy$/.exec(name)?.[1] ?? [])
    .filter((method) => Object.hasOwn(row, `${method}_error`));
}
