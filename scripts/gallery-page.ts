/** The page of the gallery: every figure with its options, and the pictures. */
import type { FigureDefinition } from '../src/figures/definition.js';
import type { FigureSubject } from '../src/figures/sources.js';

export interface DrawnPicture {
  readonly file: string;
  readonly caption: string;
}

/** Pictures that are no figures. */
const pages: readonly DrawnPicture[] = [
  { file: 'live-page', caption: 'A training on its live page' },
  { file: 'web-page', caption: 'The page in the browser' },
];

const subjects: Readonly<Record<FigureSubject, string>> = {
  snn: 'spiking networks',
  layered: 'NNMF and SBS networks',
  relu: 'ReLU networks',
  converted: 'converted networks',
  network: 'custom networks',
  database: 'databases',
  search: 'grid searches',
  table: 'the accuracy table',
  recording: 'spikes that a monitor recorded',
};

/** @param trained commands that made networks for it */
export function writeGalleryPage(
  figures: readonly FigureDefinition[],
  pictures: readonly DrawnPicture[],
  trained: readonly string[],
): string {
  const page = [
    '# Gallery',
    '',
    'Drawn by `npm run gallery` from stored networks.',
    '',
    'Networks have each figure as a method; `locus figure NAME` draws those of networks and databases.',
    '',
    '| name | method | shows | of | options |',
    '|---|---|---|---|---|',
    ...figures.map(describeFigure),
    '',
    ...[...pictures, ...pages].flatMap(({ file, caption }) => [
      `## ${caption}`,
      '',
      `![${caption}](${file}.png)`,
      '',
    ]),
  ];
  if (trained.length > 0) {
    page.push(
      '## Trained for it',
      '',
      'What the database does not have, it trains on the embedded data, small:',
      '',
      '```',
      ...trained.map((command) => `locus ${command}`),
      '```',
      '',
    );
  }
  return page.join('\n');
}

function describeFigure({ name, method, describe, of, options }: FigureDefinition): string {
  const words = Object.keys(options).map((option) => `\`--${option}\``);
  const cells = [
    `\`${name}\``,
    `\`${method}\``,
    describe,
    of.map((subject) => subjects[subject]).join(', '),
    words.join(' '),
  ];
  return `| ${cells.join(' | ')} |`;
}
