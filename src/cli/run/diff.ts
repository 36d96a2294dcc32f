/** Runs `locus diff`. */
import { diffNetworks, type NetworkDifference, type Sides } from '../../kinds/diff-networks.js';
import { describePart } from '../../kinds/snn/timeline.js';
import type { ParameterValue, Score } from '../../store/index.js';
import type { CommandContext } from '../context.js';

export interface DiffArguments {
  readonly a: string;
  readonly b: string;
  readonly db?: string;
}

/** The exit code, 0 where the networks are equal and 1 where they differ. */
export async function runDiff({ a, b, db }: DiffArguments, context: CommandContext): Promise<number> {
  const difference = diffNetworks(a, b, { database: db });
  context.report(difference, () => describeDifference(difference));
  return difference.equal ? 0 : 1;
}

function describeDifference({ a, b, equal, parameters, history, arrays, scores }: NetworkDifference): string {
  const sides = ({ a: first, b: second }: Sides<ParameterValue | readonly number[]>) =>
    `${spell(first)} → ${spell(second)}`;
  const common = history.common.map((part) => `  both   ${describePart(part)}`);
  const apart = [
    ...history.a.map((part) => `  first  ${describePart(part)}`),
    ...history.b.map((part) => `  second ${describePart(part)}`),
  ];
  const arrayLines = Object.entries(arrays).map(([name, array]) => {
    if (!('equal' in array)) return [name, sides(array)] as const;
    return [name, array.equal ? 'equal' : describeDistance(array)] as const;
  });
  return [
    `first   ${a.name}`,
    `second  ${b.name}`,
    equal ? 'They are equal.' : 'They differ.',
    ...section(
      'Parameters',
      Object.entries(parameters).map(([name, each]) => [name, sides(each)]),
    ),
    ...(common.length + apart.length === 0 ? [] : ['History', ...common, ...apart]),
    ...section('Arrays', arrayLines),
    ...section(
      'Scores',
      Object.entries(scores).map(([method, each]) => [method, describeScores(each)]),
    ),
  ].join('\n');
}

function describeDistance({
  maxAbs,
  rms,
  correlation,
}: {
  readonly maxAbs: number;
  readonly rms: number;
  readonly correlation: number | null;
}): string {
  const related = correlation === null ? '' : `, correlation ${correlation.toFixed(4)}`;
  return `largest difference ${maxAbs.toPrecision(4)}, RMS ${rms.toPrecision(4)}${related}`;
}

function describeScores({ a, b }: Sides<Score>): string {
  const percent = (score: Score | undefined) =>
    score
      ? `${(100 * score.accuracy).toFixed(2)} ± ${(100 * score.error).toFixed(2)} % of ${score.nIter}`
      : 'none';
  return `${percent(a)} → ${percent(b)}`;
}

function section(title: string, entries: readonly (readonly [name: string, text: string])[]): string[] {
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.length === 0
    ? []
    : [title, ...entries.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)];
}

function spell(value: ParameterValue | readonly number[] | undefined): string {
  if (value === undefined) return 'none';
  return Array.isArray(value) ? value.join(' × ') : String(value);
}
