/** Runs `locus show`. */
import { type DatabaseEntry, viewNetwork } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { describeScores, methodsOfRow, scoresOfRow } from '../../kinds/describe-scores.js';

export interface ShowArguments {
  readonly name: string;
  readonly db?: string;
}

export async function runShow({ name, db }: ShowArguments, context: CommandContext): Promise<void> {
  const entry = viewNetwork(name, { path: db });
  context.report(entry, () => describeNetwork(entry));
}

/** Everything about a network, for people. */
export function describeNetwork({ row, arrays }: DatabaseEntry): string {
  const shownElsewhere = new Set([
    'name',
    ...methodsOfRow(row).flatMap((method) => [`${method}_accuracy`, `${method}_error`, `${method}_n_iter`]),
  ]);
  const facts = Object.entries(row).filter(([name, value]) => value !== null && !shownElsewhere.has(name));
  const sizes = Object.entries(arrays).map(
    ([array, { dtype, shape, storedBytes }]) =>
      [array, `${dtype} ${shape.join(' × ')}, ${formatBytes(storedBytes)} stored`] as const,
  );
  const width = Math.max(...[...facts, ...sizes].map(([name]) => name.length));
  const line = ([name, value]: readonly [string, unknown]) => `  ${name.padEnd(width)}  ${String(value)}`;
  const scores = describeScores(scoresOfRow(row));
  return [
    row.name,
    ...facts.map(line),
    ...(scores.length > 0 ? ['Scores', ...scores.map((text) => `  ${text}`)] : ['Not scored yet.']),
    'Arrays',
    ...sizes.map(line),
  ].join('\n');
}

function formatBytes(bytes: number): string {
  return bytes < 1e5 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
