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
import { readReproduction } from '../src/experiments/reproduction-figure.js';
import { PictureBrowser } from '../src/figures/display/picture-browser.js';
import { drawFigure, drawFromSource, listFigures, listGallery } from '../src/figures/figures-of.js';
import type { Figure } from '../src/figures/index.js';
import type { DatabaseSource, FigureSubject, SearchSource, TableSource } from '../src/figures/sources.js';
import { loadConvertedModel } from '../src/kinds/converted/index.js';
import { loadLayeredNetwork } from '../src/kinds/layered/index.js';
import { loadReluModel } from '../src/kinds/relu/index.js';
import { loadNetwork, type Snn } from '../src/kinds/snn/index.js';
import { type DatabaseRow, type NetworkFilter, viewDatabase } from '../src/store/index.js';
import { type DrawnPicture, writeGalleryPage } from './gallery-page.js';
import { recordBalanced } from './gallery-recording.js';
import { pictureLivePage } from './picture-live-page.js';
import { pictureWebPage } from './picture-web-page.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'docs', 'gallery');
const htmlFolder = join(folder, 'html');

type Entry = ReturnType<typeof listGallery>[number];

const { values } = parseArgs({ options: { db: { type: 'string' }, 'data-dir': { type: 'string' } } });
const database = values.db;

/** The best network of that kind whose filters can still be told apart in a picture. */
function findNetwork(filter: NetworkFilter): Snn | undefined {
  const [row] = viewDatabase({
    filter: { n_filters: { max: 100 }, lc_accuracy: { min: 0 }, ...filter },
    sort: '-lc_accuracy',
    limit: 1,
    database,
  });
  return row && loadNetwork(row.name, { database, dataDir: values['data-dir'] });
}

const trainRelu =
  'ann train --network 784-100-10 --dataset mnist-10k --epochs 4 --dropout 0.2 --rate 0.002 --seed 1 --test 500 --name small-relu';

/** Commands that make networks of which the database has none. */
const makers = {
  NNMF: ['nnmf train --dataset mnist-10k --train 1000 --test 500 --epochs 4 --name small-nnmf'],
  ReLU: [trainRelu],
  ReLU_SNN: [
    trainRelu,
    ...['data', 'model', 'none'].map(
      (normalization) =>
        `convert small-relu --normalization ${normalization} --duration 60 --test 500 --name small-relu-${normalization}`,
    ),
  ],
};
const localNetwork = 'train lc --n-filters 25 --dataset mnist-10k --calibrate 1000 --test 1500';
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
    viewDatabase({ filter: { network_type: type }, database: path }).toSorted(
      (a, b) => Number(b.output_accuracy) - Number(a.output_accuracy),
    )[0]?.name;
  const dataDir = values['data-dir'];
  const stored = find(database);
  if (stored !== undefined) return { name: stored, options: { database, dataDir } };
  const own = trainOwn(makers[type]);
  return { name: find(own) as string, options: { database: own, dataDir } };
}

/** What suits a picture best; undefined where it is not there. */
const draw: Readonly<Record<FigureSubject, (entry: Entry) => Promise<Figure | undefined>>> = {
  snn: async ({ definition, picture }) => {
    const network =
      definition.name === 'accuracy-by-training'
        ? findStages()
        : findNetwork({ network_type: 'LC_SNN', c_l: false, ...picture.network });
    return network && drawFigure(definition, network, picture.values).finally(() => network.dispose());
  },
  layered: async ({ definition, picture }) => {
    const { name, options } = findOrTrain('NNMF');
    return drawFigure(definition, loadLayeredNetwork(name, options), picture.values);
  },
  relu: async ({ definition, picture }) => {
    const { name, options } = findOrTrain('ReLU');
    return drawFigure(definition, loadReluModel(name, options), picture.values);
  },
  converted: async ({ definition, picture }) => {
    const { name, options } = findOrTrain('ReLU_SNN');
    return drawFigure(definition, loadConvertedModel(name, options), picture.values);
  },
  database: async ({ definition }) =>
    drawFromSource(definition, { rows: viewDatabase({ database }) } satisfies DatabaseSource),
  search: async ({ definition }) => drawFromSource(definition, readGrid()),
  table: async ({ definition }) => {
    const source = readTable();
    return source && drawFromSource(definition, source);
  },
  recording: async ({ definition }) => drawFromSource(definition, await recordBalanced()),
};

/** The network of whose training the most stages are stored. */
function findStages(path = database): Snn {
  const found = largestGroup((row) => sameBut(row, ['n_iter', 'train_order']), 'n_iter', path);
  if (found.length < 3) return findStages(trainOwn(stages));
  return loadNetwork(found[0].name, { database: path });
}

/** Accuracies over competition and mean weight, where most networks differ in these two only. */
function readGrid(path = database): SearchSource {
  const rows = largestGroup((row) => sameBut(row, ['c_w', 'mean_weight', 'seed']), 'c_w', path);
  const cells = rows.flatMap(({ c_w, mean_weight, lc_accuracy }) =>
    typeof c_w === 'number' && typeof mean_weight === 'number' && typeof lc_accuracy === 'number'
      ? [{ x: c_w, y: mean_weight, accuracy: lc_accuracy }]
      : [],
  );
  if (new Set(cells.map(({ y }) => y)).size < 2) return readGrid(trainOwn(grid));
  return { cells, x: 'c_w [mV]', y: 'mean_weight' };
}

function readTable(): TableSource | undefined {
  const path = join(root, 'docs', 'accuracy-table.json');
  if (!existsSync(path)) return undefined;
  return readReproduction(JSON.parse(readFileSync(path, 'utf8')) as Reproduction);
}

/** Of scored networks that `keyOf` takes for the same, those with the most different values of `differing`. */
function largestGroup(
  keyOf: (row: DatabaseRow) => string,
  differing: string,
  path: string | undefined,
): DatabaseRow[] {
  const groups = new Map<string, DatabaseRow[]>();
  for (const row of viewDatabase({ filter: { lc_accuracy: { min: 0 } }, database: path })) {
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
const drawn: DrawnPicture[] = [];
let bytes = 0;
for (const entry of listGallery()) {
  const { file, picture: wanted } = entry;
  const figure = await draw[entry.definition.of[0]](entry);
  if (!figure) {
    console.log(`${file}: left out, its networks are not in the database`);
    continue;
  }
  const picture = await sharp(await browser.render(figure, 'png', { scale: 1.5 }))
    .png({ palette: true, quality: 90, effort: 10 })
    .toBuffer();
  bytes += picture.length;
  writeFileSync(join(folder, `${file}.png`), picture);
  writeFileSync(join(htmlFolder, `${file}.html`), figure.toHtml());
  drawn.push({ file, caption: wanted.caption });
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
writeFileSync(join(folder, 'README.md'), writeGalleryPage(listFigures(), drawn, trained));
console.log(`${(bytes / 1e6).toFixed(2)} MB of pictures in ${folder}`);
if (browser.consoleErrors.length > 0) throw new Error(browser.consoleErrors.join('\n'));
