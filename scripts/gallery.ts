/**
 * Draws every figure from stored networks into `docs/gallery/`: small pictures and a page that shows them, and HTML (not
 * committed) in `docs/gallery/html/`.  `npm run gallery -- --db FILE --data-dir FOLDER`; a figure whose networks are not in
 * the database is named and left out.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import '../src/engine/index.js';
import type { Reproduction } from '../src/experiments/reproduce.js';
import { reproductionFigure } from '../src/experiments/reproduction-figure.js';
import { PictureBrowser } from '../src/figures/display/picture-browser.js';
import { type Figure, gridFigure } from '../src/figures/index.js';
import { loadNetwork } from '../src/models/index.js';
import { plotDatabase } from '../src/report/index.js';
import { type DatabaseRow, type NetworkFilter, viewDatabase } from '../src/store/index.js';
import { pictureLivePage } from './picture-live-page.js';
import { pictureWebPage } from './picture-web-page.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'docs', 'gallery');
const htmlFolder = join(folder, 'html');

const { values } = parseArgs({ options: { db: { type: 'string' }, 'data-dir': { type: 'string' } } });
const database = values.db;

type Network = ReturnType<typeof loadNetwork>;
type Drawing = [name: string, caption: string, draw: () => Figure | Promise<Figure> | undefined];

/** The best network of that kind whose filters can still be told apart in a picture. */
function findNetwork(filter: NetworkFilter): Network | undefined {
  const [row] = viewDatabase({
    filter: { n_filters: { max: 100 }, lc_accuracy: { min: 0 }, ...filter },
    sort: '-lc_accuracy',
    limit: 1,
    path: database,
  });
  return row && loadNetwork(row.name, { database, dataDir: values['data-dir'] });
}

const local = findNetwork({ network_type: 'LC_SNN', c_l: false });
const competing = findNetwork({ network_type: 'LC_SNN', c_l: true });
const convolutional = findNetwork({ network_type: 'C_SNN' });
const full = findNetwork({ network_type: 'FC_SNN' });
const fed = await local?.feedLabel(3);

const drawings: Drawing[] = [
  ['weights-lc', 'Filters of a locally connected network', () => local?.weightsXYFigure()],
  ['weights-c', 'Filters of a convolutional network', () => convolutional?.weightsXYFigure()],
  ['weights-fc', 'Filters of a fully connected network', () => full?.weightsXYFigure()],
  ['input', 'An image, and its spikes', () => fed && local?.inputFigure(fed)],
  ['spikes', 'Output spikes', () => fed && local?.spikesFigure(fed)],
  ['best-spikes', 'The busiest neuron of each receptive field', () => fed && local?.bestSpikesFigure(fed)],
  ['best-voters', 'Who decided: weights and potentials', () => fed && local?.bestVotersFigure(fed)],
  ['voltage', 'Membrane potential of one neuron', () => fed && local?.voltageFigure(fed)],
  ['votes', 'What every neuron votes for', () => local?.votesFigure()],
  ['votes-distribution', 'How clear the votes are', () => local?.votesDistributionFigure()],
  ['confusion', 'Confusion matrix', () => local?.confusionFigure()],
  ['accuracy-distribution', 'Accuracy by label', () => local?.accuracyDistributionFigure()],
  ['accuracy-by-top-n', 'Voting with the n best classes of a neuron', () => local?.accuracyByTopNFigure()],
  ['accuracy-by-training', 'Accuracy by training', drawTraining],
  ['health', 'Learning health, without labels', () => local?.healthFigure()],
  ['stdp-window', 'STDP window of the weights', () => local?.stdpWindowFigure()],
  ['competition', 'Trained competition', () => competing?.weightsYYFigure()],
  [
    'competition-distribution',
    'Distribution of trained competition',
    () => competing?.competitionDistributionFigure(),
  ],
  ['competition-map', 'Who competes with whom', () => competing?.competitionMapFigure()],
  ['competition-window', 'STDP window of competition', () => competing?.stdpWindowFigure({ of: 'yy' })],
  ['database', 'All networks of a database', () => plotDatabase({ path: database })],
  ['grid', 'A grid search', drawGrid],
  ['table', 'The accuracy table', drawTable],
];

/** Accuracy by training of the network with the most stored stages. */
function drawTraining(): Figure | undefined {
  const stages = largestGroup((row) => sameBut(row, ['n_iter', 'train_order']), 'n_iter');
  if (stages.length < 3) return undefined;
  const network = loadNetwork(stages[0].name, { database });
  return network.accuracyByTrainingFigure({ database });
}

/** Accuracies over competition and mean weight, where most networks differ in these two only. */
function drawGrid(): Figure | undefined {
  const rows = largestGroup((row) => sameBut(row, ['c_w', 'mean_weight', 'seed']), 'c_w');
  const cells = rows.flatMap(({ c_w, mean_weight, lc_accuracy }) =>
    typeof c_w === 'number' && typeof mean_weight === 'number' && typeof lc_accuracy === 'number'
      ? [{ x: c_w, y: mean_weight, accuracy: lc_accuracy }]
      : [],
  );
  if (new Set(cells.map(({ y }) => y)).size < 2) return undefined;
  return gridFigure(cells, { x: 'c_w [mV]', y: 'mean_weight' });
}

function drawTable(): Figure | undefined {
  const path = join(root, 'docs', 'accuracy-table.json');
  if (!existsSync(path)) return undefined;
  return reproductionFigure(JSON.parse(readFileSync(path, 'utf8')) as Reproduction);
}

/** Of scored networks that `keyOf` takes for the same, those with the most different values of `differing`. */
function largestGroup(keyOf: (row: DatabaseRow) => string, differing: string): DatabaseRow[] {
  const groups = new Map<string, DatabaseRow[]>();
  for (const row of viewDatabase({ filter: { lc_accuracy: { min: 0 } }, path: database })) {
    const key = keyOf(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const spread = (rows: DatabaseRow[]) => new Set(rows.map((row) => row[differing])).size;
  return [...groups.values()].sort((a, b) => spread(b) - spread(a))[0] ?? [];
}

const describing = [
  'network_type',
  'n_filters',
  'kernel_size',
  'stride',
  'crop',
  'mean_weight',
  'c_w',
  'c_l',
];

function sameBut(row: DatabaseRow, names: readonly string[]): string {
  const kept = [...describing, 'n_iter', 'seed', 'dataset'].filter((name) => !names.includes(name));
  return JSON.stringify(kept.map((name) => row[name]));
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(htmlFolder, { recursive: true });
const browser = await PictureBrowser.open();
const page = ['# Gallery', '', 'Drawn by `npm run gallery` from stored networks.', ''];
let bytes = 0;
for (const [name, caption, draw] of drawings) {
  const figure = await draw();
  if (!figure) {
    console.log(`${name}: left out, its networks are not in the database`);
    continue;
  }
  const picture = await sharp(await browser.render(figure, 'png', { scale: 1.5 }))
    .png({ palette: true, quality: 90, effort: 10 })
    .toBuffer();
  bytes += picture.length;
  writeFileSync(join(folder, `${name}.png`), picture);
  writeFileSync(join(htmlFolder, `${name}.html`), figure.toHtml());
  page.push(`## ${caption}`, '', `![${caption}](${name}.png)`, '');
}
await browser.close();
const webPage = await sharp(await pictureWebPage({ database, dataDir: values['data-dir'] }))
  .png({ palette: true, quality: 90, effort: 10 })
  .toBuffer();
bytes += webPage.length;
writeFileSync(join(folder, 'web-page.png'), webPage);
writeFileSync(
  join(folder, 'live-page.png'),
  await sharp(await pictureLivePage())
    .png({ palette: true, quality: 90, effort: 10 })
    .toBuffer(),
);
page.push('## A training on its live page', '', '![A training on its live page](live-page.png)', '');
page.push('## The page in the browser', '', '![The page in the browser](web-page.png)', '');
writeFileSync(join(folder, 'README.md'), page.join('\n'));
console.log(`${(bytes / 1e6).toFixed(2)} MB of pictures in ${folder}`);
if (browser.consoleErrors.length > 0) throw new Error(browser.consoleErrors.join('\n'));
