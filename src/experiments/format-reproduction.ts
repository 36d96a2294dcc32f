/** The reproduced table for people: in a terminal and as Markdown. */
import { objectWith } from '../options.js';
import { drawTable } from '../text-table.js';
import type { Measured, Reproduction, RowSummary } from './reproduce.js';
import { countOf } from '../wording.js';

const headings = [
  'row',
  'architecture',
  'filters',
  'kernel',
  'parameters',
  'neurons',
  'images',
  'method 1 %',
  'published',
  '',
  'method 2 %',
  'published',
  '',
  's / network',
];

const reproductionField = objectWith<Reproduction>('rows');

export function formatReproduction(reproduction: Reproduction): string {
  const { rows } = reproductionField('formatReproduction', 'reproduction', reproduction);
  return drawTable({ head: headings, rows: rows.map(cells) });
}

/**
 * The table as a page.
 *
 * @param command what made it, as it can be typed
 * @param minutes wall-clock time of the whole run, if it was measured in one go
 */
export function reproductionMarkdown(
  reproduction: Reproduction,
  command: string,
  minutes: number | null,
): string {
  const { version, dataset, runs, nCalibrate, nTest, threads, networkSeconds, rows } = reproduction;
  const names = headings.map((heading) => heading || 'verdict');
  const lines = [
    '# The accuracy table, reproduced',
    '',
    `Measured by \`${command}\` with Locus ${version}: ${countOf(runs, 'network')} per row, data set \`${dataset}\`, ` +
      `${nCalibrate} calibration and ${nTest} test images. ${(networkSeconds / 60).toFixed(1)} minutes of computing ` +
      `(training, calibration and test of all networks, one thread each)${
        minutes === null
          ? ''
          : `, ${minutes.toFixed(1)} minutes of wall-clock time on ${countOf(threads, 'thread')}`
      }.`,
    '',
    'Mean ± standard deviation over the networks. Method 1 is the voting algorithm with the best mean, method 2 the linear ' +
      'classifier. The verdict says where the mean lies to the published mean ± standard deviation, and by how many points it falls short.',
    '',
    `| ${names.join(' | ')} |`,
    `|${names.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${cells(row).join(' | ')} |`),
    '',
    '## Settings',
    '',
    'All networks: stride 4, crop 20, 250 ms, intensity 127.5 Hz.',
    '',
    '| row | settings | origin |',
    '|---|---|---|',
    ...rows.map(({ row }) => `| ${row.row} | ${describeSettings(row.parameters)} | ${row.origin} |`),
    '',
    ...rows.flatMap(({ row }) => (row.remark ? [`Row ${row.row}: ${row.remark}`, ''] : [])),
  ];
  return lines.join('\n');
}

function cells({ row, nIter, voting, linear, seconds }: RowSummary): string[] {
  const trained = row.parameters.cL ? ', trained competition' : '';
  return [
    String(row.row),
    row.type.replace('_SNN', '') + trained,
    String(row.parameters.nFilters),
    String(row.parameters.kernelSize ?? 20),
    String(row.nParameters),
    String(row.nOutput),
    String(nIter),
    describeMeasured(voting),
    describePublished(voting),
    describeVerdict(voting),
    describeMeasured(linear),
    describePublished(linear),
    describeVerdict(linear),
    seconds.toFixed(1),
  ];
}

function describeMeasured({ mean, sd }: Measured): string {
  return `${mean.toFixed(1)} ± ${sd.toFixed(1)}`;
}

function describePublished({ published }: Measured): string {
  return `${published.mean.toFixed(1)} ± ${published.sd.toFixed(1)}`;
}

/** How far below the published interval the mean lies is told, too [points]. */
function describeVerdict({ mean, published, verdict }: Measured): string {
  return verdict === 'below' ? `below by ${(published.mean - published.sd - mean).toFixed(2)}` : verdict;
}

function describeSettings(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters)
    .filter(([name]) => name !== 'nFilters' && name !== 'kernelSize')
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}
