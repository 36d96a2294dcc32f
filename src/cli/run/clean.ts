/** Runs `locus clean`. */
import { type CleanedDatabase, cleanDatabase } from '../../kinds/clean-database.js';
import { loadAllKinds } from '../../kinds/registry.js';
import type { CommandContext } from '../context.js';
import { countOf } from '../../wording.js';

export interface CleanArguments {
  readonly dropCorrupt?: boolean;
  readonly db?: string;
}

export async function runClean(
  { dropCorrupt, db }: CleanArguments,
  context: CommandContext,
): Promise<number> {
  await loadAllKinds();
  const report = cleanDatabase({ dropCorrupt, database: db });
  context.report(report, () => describeReport(report).join('\n'));
  return report.corrupt.length > 0 && !dropCorrupt ? 1 : 0;
}

function describeReport(report: CleanedDatabase): string[] {
  const { checked, orphansDropped, renamed, repaired, conflicts, corrupt, corruptDropped } = report;
  const { unknownTypes, unchecked } = report;
  const found = [
    ...(orphansDropped > 0 ? [`${countOf(orphansDropped, 'orphan')} dropped`] : []),
    ...renamed.map(({ from, to }) => `renamed ${from} to ${to}`),
    ...repaired.map((name) => `repaired ${name}`),
    ...conflicts.map(({ name, wanted }) => `${name} should be called ${wanted}, which another network is`),
    ...corrupt.map(({ kind, name, problem }) => `${kind} ${name} is damaged: ${problem}`),
    ...(corruptDropped > 0
      ? [`${corruptDropped} damaged ${corruptDropped === 1 ? 'entry' : 'entries'} deleted`]
      : []),
  ];
  return [
    checked === 1 ? '1 network or checkpoint checked' : `${checked} networks and checkpoints checked`,
    ...(found.length > 0 ? found : ['nothing to repair']),
    ...unknownTypes.map((type) => `no kind knows networks of type ${type}: they are left as they are`),
    ...unchecked.map(({ kind, name, problem }) => `${kind} ${name} is left as it is: ${problem}`),
  ];
}
