/** The scores in a row of the database. */
import { readoutMethods } from '../readout/index.js';
import type { AccuracyResult } from './results.js';

/** By readout method under its published name; methods that did not score are left out. */
export function scoresOfRow(row: Readonly<Record<string, unknown>>): Record<string, AccuracyResult> {
  const scores = readoutMethods.flatMap((method) => {
    const [accuracy, error] = [row[`${method}_accuracy`], row[`${method}_error`]];
    return typeof accuracy === 'number' && typeof error === 'number'
      ? [[method, { accuracy, error }] as const]
      : [];
  });
  return Object.fromEntries(scores);
}
