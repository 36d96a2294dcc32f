/** The table of stored networks as a command prints it: with the number of those that it leaves out. */
import { type DatabaseRow, formatTable } from '../store/index.js';

/** Rows of a table that a person looks through. */
export const usualLimit = 50;

/** @param total networks in the database that the rows were taken from */
export function describeRows(rows: readonly DatabaseRow[], total: number): string {
  const more = total - rows.length;
  const rest = more > 0 ? [`${more.toLocaleString('en')} more: --limit, --filter, --all`] : [];
  return [formatTable(rows), ...rest].join('\n');
}
