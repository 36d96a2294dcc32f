/** Runs `locus import`. */
import { LocusError } from '../../errors.js';
import { importNetwork, type Origin } from '../../kinds/snn/index.js';
import { type DatabaseEntry, viewNetwork } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { describeScores, scoresOfRow } from '../../kinds/describe-scores.js';

export interface ImportArguments {
  readonly folders: readonly string[];
  readonly overwrite?: boolean;
  readonly db?: string;
}

interface Failed {
  readonly folder: string;
  readonly code: string;
  readonly message: string;
}

export async function runImport(
  { folders, overwrite, db }: ImportArguments,
  context: CommandContext,
): Promise<number> {
  const imported: { readonly folder: string; readonly entry: DatabaseEntry }[] = [];
  const failed: Failed[] = [];
  for (const folder of folders) {
    try {
      const name = importNetwork(folder, { database: db, overwrite });
      imported.push({ folder, entry: viewNetwork(name, { database: db }) });
    } catch (error) {
      if (!(error instanceof LocusError)) throw error;
      failed.push({ folder, code: error.code, message: error.message });
    }
  }
  context.report({ imported: imported.map(toDocument), failed }, () =>
    [
      ...imported.map(({ entry }) => describeImported(entry)),
      `Imported ${imported.length} of ${folders.length} networks.`,
    ].join('\n'),
  );
  for (const { message } of failed) context.io.stderr.write(`locus: ${message}\n`);
  return failed.length === 0 ? 0 : 1;
}

function toDocument({ folder, entry: { row, meta } }: { folder: string; entry: DatabaseEntry }): object {
  const { thetaMissing } = meta.origin as Origin;
  return {
    folder,
    name: row.name,
    networkType: row.network_type,
    stateHash: row.state_hash,
    nParameters: row.n_parameters,
    nOutput: row.n_output,
    score: scoresOfRow(row),
    thetaMissing,
  };
}

function describeImported({ row, meta }: DatabaseEntry): string {
  const { thetaMissing } = meta.origin as Origin;
  return [
    `${row.name}: ${String(row.network_type)}, ${String(row.n_output)} neurons, trained on ${String(row.n_iter)} images`,
    ...describeScores(scoresOfRow(row)).map((line) => `  ${line}, as the original measured`),
    ...(thetaMissing
      ? ['  It was saved without its adaptive thresholds, and scores worse without them.']
      : []),
  ].join('\n');
}
