/**
 * Draws every figure from stored networks into `docs/gallery/`: small pictures and a page that shows them, and HTML (not
 * committed) in `docs/gallery/html/`.  `npm run gallery -- --db FILE --data-dir FOLDER`; where the database (that of the
 * project) has no deep network, no converted one, no stages of a training or no grid, small ones are trained for the purpose;
 * any other figure whose networks are not there is named and left out.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import '../src/node/engines.js';
import type { Reproduction } from '../src/experiments/reproduce.js';
import { reproductionFigure } from '../src/experiments/reproduction-figure.js';
import { PictureBrowser } from '../src/figures/display/picture-browser.js';
import { type Figure, gridFigure } from '../src/figures/index.js';
import { loadConvertedModel } from '../src/kinds/converted/index.js';
import { loadLayeredNetwork } from '../src/kinds/layered/index.js';
import { loadNetwork } from '../src/kinds/snn/index.js';
import { plotDatabase } from '../src/kinds/plot-database.js';
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

/** Commands that make networks of which the database has none. */
const makers = {
  NNMF: ['nnmf train --data mnist-10k --train 1000 --test 500 --epochs 4 --name small-nnmf'],
  ReLU_SNN: [
    'ann train --network 784-100-10 --data mnist-10k --epochs 4 --dropout 0.2 --rate 0.002 --seed 1 --test 500 --name small-relu',
    ...['data', 'model', 'none'].map(
      (normalization) =>
        `convert small-relu --normalization ${normalization} --duration 60 --test 500 --name small-relu-${normalization}`,
    ),
  ],
};
const localNetwork = 'train lc --n-filters 25 --data mnist-10k --calibrate 1000 --test 1500';
const stages = [250, 500, 1000, 2000, 4000].map(
  (n) => `${localNetwork} --n-iter ${n} --mean-weight 0.5 --c-w -80`,
);
const grid = [0.3, 0.4, 0.5].flatMap((meanWeight) =>
  [-110, -80, -50, -20].map((cW) => `${localNetwork} --n-iter 500 --mean-weight ${meanWeight} --c-w ${cW}`),
);
const workFolder = mkdtempSync(join(tmpdir(), 'locus-gallery-'));
process.on('exit', () => rmSync(workFolder, { recursive: true }));
const trained: string[] = [];

/** The database with what these commands store. */
function trainOwn(commands: readonly string[]): string {
  const own = join(workFolder, 'networks.db');
  const main = join(root, 'src', 'cli', 'main.ts');
  for (const command of commands.filter((each) => !trained.includes(each))) {
    console.log(`locus ${command}`);
    trained.push(command);
    const words = ['--import', 'tsx', main, ...command.split(' '), '--quiet', '--db', own];
    execFileSync(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return own;
}

/** The best network of that type in the database, or else one trained here; and the database that has it. */
function findOrTrain(type: keyof typeof makers) {
  const find = (path: string | undefined) =>
    viewDatabase({ filter: { network_type: type }, path }).toSorted(
      (a, b) => Number(b.output_accuracy) - Number(a.output_accuracy),
    )[0]?.name;
  const dataDir = values['data-dir'];
  const stored = find(database);
  if (stored !== undefined) return { name: stored, options: { database, dataDir } };
  const own = trainOwn(makers[type]);
  return { name: find(own) as string, options: { database: own, dataDir } };
}

const { name: deepName, options: deepOptions } = findOrTrain('NNMF');
const deep = loadLayeredNetwork(deepName, deepOptions);
const { name: spikingName, options: spikingOptions } = findOrTrain('ReLU_SNN');
const spiking = loadConvertedModel(spikingName, spikingOptions);

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
  ['accuracy-by-training', 'Accuracy by training', () => drawTraining()],
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
  ['grid', 'A grid search', () => drawGrid()],
  ['table', 'The accuracy table', drawTable],
  ['training-curves', 'Training of a deep network', () => deep.trainingCurvesFigure()],
  ['layer-weights', 'Weights of its first inference layer', () => deep.layerWeightsFigure()],
  ['reconstruction', 'An image, and how that layer explains it', () => deep.reconstructionFigure()],
  ['robustness', 'Accuracy on noisy images', () => deep.robustnessFigure({ nIter: 200 })],
  ['accuracy-by-time', 'How soon converted networks answer', () => spiking.accuracyByTimeFigure()],
  ['rates-by-activation', 'Whether rates follow activations', () => spiking.ratesByActivationFigure()],
  ['rate-threshold', 'Input rate and threshold', () => spiking.rateThresholdFigure()],
];

/** Accuracy by training of the network with the most stored stages. */
function drawTraining(path = database): Figure {
  const found = largestGroup((row) => sameBut(row, ['n_iter', 'train_order']), 'n_iter', path);
  if (found.length < 3) return drawTraining(trainOwn(stages));
  return loadNetwork(found[0].name, { database: path }).accuracyByTrainingFigure({ database: path });
}

/** Accuracies over competition and mean weight, where most networks differ in these two only. */
function drawGrid(path = database): Figure {
  const rows = largestGroup((row) => sameBut(row, ['c_w', 'mean_weight', 'seed']), 'c_w', path);
  const cells = rows.flatMap(({ c_w, mean_weight, lc_accuracy }) =>
    typeof c_w === 'number' && typeof mean_weight === 'number' && typeof lc_accuracy === 'number'
      ? [{ x: c_w, y: mean_weight, accuracy: lc_accuracy }]
      : [],
  );
  if (new Set(cells.map(({ y }) => y)).size < 2) return drawGrid(trainOwn(grid));
  return gridFigure(cells, { x: 'c_w [mV]', y: 'mean_weight' });
}

function drawTable(): Figure | undefined {
  const path = join(root, 'docs', 'accuracy-table.json');
  if (!existsSync(path)) return undefined;
  return reproductionFigure(JSON.parse(readFileSync(path, 'utf8')) as Reproduction);
}

/** Of scored networks that `keyOf` takes for the same, those with the most different values of `differing`. */
function largestGroup(
  keyOf: (row: DatabaseRow) => string,
  differing: string,
  path: string | undefined,
): DatabaseRow[] {
  const groups = new Map<string, DatabaseRow[]>();
  for (const row of viewDatabase({ filter: { lc_accuracy: { min: 0 } }, path })) {
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
if (trained.length > 0) {
  page.push(
    '## Trained for it',
    '',
    'What the database does not have, it trains on the embedded data, small:',
    '',
  );
  page.push('```', ...trained.map((command) => `locus ${command}`), '```', '');
}
writeFileSync(join(folder, 'README.md'), page.join('\n'));
console.log(`${(bytes / 1e6).toFixed(2)} MB of pictures in ${folder}`);
if (browser.consoleErrors.length > 0) throw new Error(browser.consoleErrors.join('\n'));
