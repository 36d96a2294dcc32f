/** Runs `locus ls`. */
import { formatTable, viewDatabase } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { parseFilter, parseSort } from '../network-filter.js';

export interface LsArguments {
  readonly filter?: readonly string[];
  readonly sort?: string;
  readonly limit?: number;
  readonly db?: string;
}

export async function runLs(
  { filter, sort, limit, db }: LsArguments,
  context: CommandContext,
): Promise<void> {
  const rows = viewDatabase({
    filter: parseFilter(filter ?? []),
    sort: sort === undefined ? undefined : parseSort(sort),
    limit,
    database: db,
  });
  context.report(rows, () => {
    if (rows.length > 0) return formatTable(rows);
    return filter
      ? 'No stored network is like that.'
      : 'No networks are stored yet: locus start trains the first one.';
  });
}
