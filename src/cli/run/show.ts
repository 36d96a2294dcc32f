/** Runs `locus show`. */
import { modelNames } from '../../published-networks.js';
import { noteSlowDecays } from '../../kinds/snn/note-decays.js';
import { describePart, readTimeline, type TimelinePart } from '../../kinds/snn/timeline.js';
import { type Ancestor, type DatabaseEntry, viewAncestors, viewNetwork } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { describeScores, methodsOfRow, scoresOfRow } from '../../kinds/describe-scores.js';
import { countOf, formatBytes } from '../../wording.js';

export interface ShowArguments {
  readonly name: string;
  readonly db?: string;
}

export async function runShow({ name, db }: ShowArguments, context: CommandContext): Promise<void> {
  const entry = viewNetwork(name, { database: db });
  const timeline = readTimeline(entry.row, entry.meta, `network "${entry.row.name}"`);
  const ancestors = viewAncestors(entry.row.name, { database: db });
  const notes = noteSlowDecays(entry.row);
  const shown = { ...entry, row: await nameModels(entry.row) };
  context.report({ ...entry, timeline, ancestors, notes }, () =>
    describeNetwork(shown, timeline, ancestors, notes),
  );
}

/** The row with definitions as their names and parameters; `locus report` and `--json` have their equations. */
async function nameModels(row: DatabaseEntry['row']): Promise<DatabaseEntry['row']> {
  const models = Object.entries(row).filter(([name]) => modelNames.some((each) => each === name));
  if (models.length === 0) return row;
  const { nameStoredModel } = await import('../../kinds/snn/model-choice.js');
  const named = models.map(([name, value]) => [name, nameStoredModel(String(value))] as const);
  return { ...row, ...Object.fromEntries(named) };
}

/** Everything about a network, for people. */
function describeNetwork(
  { row, arrays }: DatabaseEntry,
  timeline: readonly TimelinePart[],
  ancestors: readonly Ancestor[],
  notes: readonly string[],
): string {
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
    ...notes.map((note) => `  note: ${note}`),
    ...(timeline.length > 0 ? ['History', ...timeline.map((part) => `  ${describePart(part)}`)] : []),
    ...(ancestors.length > 0
      ? ['Goes back to', ...ancestors.map((each) => `  ${describeAncestor(each)}`)]
      : []),
    ...(scores.length > 0 ? ['Scores', ...scores.map((text) => `  ${text}`)] : ['Not scored yet.']),
    'Arrays',
    ...sizes.map(line),
  ].join('\n');
}

function describeAncestor({ name, isStored, created, nIter }: Ancestor): string {
  if (!isStored) return `${name}, which is not stored any more`;
  const images = nIter === null ? '' : `, trained on ${countOf(nIter, 'image')}`;
  return `${name}${images}, ${String(created).slice(0, 16).replace('T', ' ')}`;
}
