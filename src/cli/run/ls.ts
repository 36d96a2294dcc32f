/** Runs `locus ls`. */
import type { CommandContext } from '../context.js';
import { describeRows, usualLimit } from '../describe-rows.js';
import { parseFilter, parseSort } from '../network-filter.js';
import { UsageError } from '../usage-error.js';

export interface LsArguments {
  readonly filter?: readonly string[];
  readonly sort?: string;
  readonly limit?: number;
  readonly all?: boolean;
  readonly db?: string;
}

const mostDamages = 10;

/** The exit code, 1 where a listed network is damaged. */
export async function runLs(
  { filter, sort, limit, all, db }: LsArguments,
  context: CommandContext,
): Promise<number> {
  if (all && limit !== undefined) throw new UsageError('ls: expected --limit or --all, got both');
  const { surveyDatabase } = await import('../../kinds/survey-database.js');
  const query = {
    filter: parseFilter(filter ?? []),
    sort: sort === undefined ? undefined : parseSort(sort),
    limit: limit ?? (all || context.mode.json ? undefined : usualLimit),
  };
  const { rows, damages, total } = surveyDatabase(query, db);
  context.report(rows, () => {
    if (total === 0) {
      return filter
        ? 'No stored network is like that.'
        : 'No networks are stored yet: locus start trains the first one.';
    }
    return describeRows(rows, total);
  });
  for (const damage of damages.slice(0, mostDamages)) context.io.stderr.write(`locus: ${damage}\n`);
  const more = damages.length - mostDamages;
  if (more > 0) context.io.stderr.write(`locus: ${more} more are damaged: locus clean names all.\n`);
  return damages.length > 0 ? 1 : 0;
}
