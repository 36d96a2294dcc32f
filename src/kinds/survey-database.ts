/** The stored networks as rows, where a damaged one is marked and does not hide the others. */
import { type DatabaseRow, type ListOptions, toDatabaseRow, readStore } from '../store/index.js';

export interface DatabaseSurvey {
  /** A damaged network has its `name` and its `damage` only. */
  readonly rows: readonly DatabaseRow[];
  /** What is wrong with the damaged ones, each with its name. */
  readonly damages: readonly string[];
  /** Networks that fit the filter, those beyond the limit too. */
  readonly total: number;
}

/**
 * Reads the rows of the database. What a kind demands of its meta data and arrays is for `cleanDatabase`: loading the kinds would take
 * longer than all else. Of an unsorted list, `limit` takes those that were stored last.
 *
 * @throws LocusError as `viewDatabase`, but not for a damaged network
 */
export function surveyDatabase(options: ListOptions, database: string | undefined): DatabaseSurvey {
  const { entries, total } = readStore(database, (store) => store.survey(options));
  const rows = entries.map(
    (entry): DatabaseRow => ('network' in entry ? toDatabaseRow(entry.network) : entry),
  );
  const damages = rows.flatMap(({ damage }) => (damage === undefined ? [] : [String(damage)]));
  return { rows, damages, total };
}
