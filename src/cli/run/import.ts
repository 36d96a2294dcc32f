/** Runs `locus import`. */
import { describeScores, scoresOfRow } from '../../kinds/describe-scores.js';
import { importNetworks, type Origin, type RefusedNetwork } from '../../kinds/snn/index.js';
import { listNetworkFolders } from '../../kinds/snn/original/import-networks.js';
import { describeOutside } from '../../kinds/snn/original/index.js';
import { type DatabaseEntry, viewNetwork } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { countOf } from '../../wording.js';

export interface ImportArguments {
  readonly folders: readonly string[];
  readonly overwrite?: boolean;
  readonly repairVotes?: boolean;
  readonly dropOutside?: boolean;
  readonly db?: string;
}

/** From so many folders on, progress is shown. */
const many = 10;

export async function runImport(
  { folders, overwrite, repairVotes, dropOutside, db }: ImportArguments,
  context: CommandContext,
): Promise<number> {
  const found = listNetworkFolders(folders);
  const display = found.length < many ? undefined : context.progress('import', { unit: 'networks' });
  const options = { database: db, overwrite, repairVotes, dropOutside, signal: context.signal };
  const { imported, refused } = await importNetworks(found, {
    ...options,
    onProgress: display?.update,
  }).finally(() => display?.stop());
  const entries = imported.map(({ folder, name }) => ({
    folder,
    entry: viewNetwork(name, { database: db }),
  }));
  const failed = refused.map(({ folder, code, message }) => ({ folder, code, message }));
  context.report({ imported: entries.map(toDocument), failed }, () =>
    [
      ...entries.map(({ entry }) => describeImported(entry)),
      `Imported ${imported.length} of ${countOf(found.length, 'network')}.`,
      ...describeReasons(refused),
    ].join('\n'),
  );
  for (const { message } of refused) context.io.stderr.write(`locus: ${message}\n`);
  return refused.length === 0 ? 0 : 1;
}

/** How many folders were refused for which reason, the most frequent first. */
function describeReasons(refused: readonly RefusedNetwork[]): string[] {
  if (refused.length < 2) return [];
  const counts = new Map<string, number>();
  for (const { reason } of refused) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return ['Refused:', ...sorted.map(([reason, count]) => `  ${String(count).padStart(4)}  ${reason}`)];
}

function toDocument({ folder, entry: { row, meta } }: { folder: string; entry: DatabaseEntry }): object {
  const { thetaMissing, changed } = meta.origin as Origin;
  return {
    folder,
    name: row.name,
    networkType: row.network_type,
    stateHash: row.state_hash,
    nParameters: row.n_parameters,
    nOutput: row.n_output,
    score: scoresOfRow(row),
    thetaMissing,
    ...(changed ? { changed } : {}),
  };
}

function describeImported({ row, meta }: DatabaseEntry): string {
  const { thetaMissing, changed } = meta.origin as Origin;
  return [
    `${row.name}: ${String(row.network_type)}, ${String(row.n_output)} neurons, trained on ${countOf(Number(row.n_iter), 'image')}`,
    ...describeScores(scoresOfRow(row)).map((line) => `  ${line}, as the original measured`),
    ...(thetaMissing
      ? ['  It was saved without its adaptive thresholds, and scores worse without them.']
      : []),
    ...(changed?.votes === undefined ? [] : [`  ${changed.votes} votes were no numbers and are 0 now.`]),
    ...(changed?.confusion === undefined
      ? []
      : ['  Its confusion matrix does not say of which labels it is, and was left out.']),
    ...(changed?.outside ? [`  Left out of its competition: ${describeOutside(changed.outside)}.`] : []),
  ].join('\n');
}
