/** Results of experiments (`reproduce`, `grid`): one JSON document per item, so that a run can go on where it stopped. */
import { LocusError } from '../errors.js';
import type { Connection } from './connection.js';
import { checkName } from './network-record.js';
import { findNetwork } from './network-rows.js';
import { readJson, toPlainJson } from './plain-json.js';

/** The result of one item of an experiment, for example row 5 with seed 3. */
export interface Result {
  readonly experiment: string;
  readonly item: string;
  /** Plain JSON. */
  readonly result: unknown;
  /** The network it was measured on, if that is stored; follows its renaming, null once it is deleted. */
  readonly network: string | null;
  /** ISO 8601. */
  readonly created: string;
}

export type ResultInput = Pick<Result, 'experiment' | 'item' | 'result'> & Partial<Pick<Result, 'network'>>;

/** Stores a result in the place of an earlier one of the same item. */
export function writeResult(connection: Connection, input: ResultInput, now: string): void {
  checkName(input.experiment, 'save result, experiment');
  checkName(input.item, 'save result, item');
  const result = toPlainJson(input.result, 'result');
  connection.write(() => {
    const network = input.network == null ? null : findNetwork(connection, input.network).name;
    connection
      .sql(
        'INSERT OR REPLACE INTO results (experiment, item, result, network, created) VALUES (?, ?, ?, ?, ?)',
      )
      .run(input.experiment, input.item, result, network, now);
  });
}

/** The results of one experiment, or of all, by experiment and item. */
export function listResults(connection: Connection, experiment?: string): Result[] {
  const rows = connection.read(() =>
    connection
      .sql<Omit<Result, 'result'> & { result: string }>(
        `SELECT experiment, item, result, network, created FROM results
         WHERE @experiment IS NULL OR experiment = @experiment ORDER BY experiment, item`,
      )
      .all({ experiment: experiment ?? null }),
  );
  return rows.map(({ experiment, item, result, network, created }) => ({
    experiment,
    item,
    result: readJson(result, `result "${item}" of "${experiment}"`),
    network,
    created,
  }));
}

/** @throws LocusError `NOT_FOUND` if the experiment has no result (of this item) */
export function deleteResults(connection: Connection, experiment: string, item?: string): void {
  const { changes } = connection.write(() =>
    connection
      .sql('DELETE FROM results WHERE experiment = @experiment AND (@item IS NULL OR item = @item)')
      .run({ experiment, item: item ?? null }),
  );
  if (changes === 0) {
    const which = item === undefined ? 'no result' : `no result "${item}"`;
    throw new LocusError('NOT_FOUND', `experiment "${experiment}": ${which} in ${connection.path}`);
  }
}
