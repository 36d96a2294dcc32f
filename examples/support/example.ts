/** What the examples share: options from the command line, digits to learn from, a line with what came out. */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type Dataset,
  findBestMnist,
  type ImageSet,
  loadDataset,
  type Network,
  Readout,
} from '../../src/index.js';

export interface Outcome {
  /** Share of test images, or trials, that were answered rightly. */
  readonly accuracy: number;
  /** Its standard error. */
  readonly error: number;
  /** Of all cores, for an image or trial that was learned from [ms]. */
  readonly cpuMs: number;
}

export interface Example<Name extends string> {
  readonly about: string;
  /** What it takes, numbers by name, with their defaults. */
  readonly options: Readonly<Record<Name, number>>;
  run(options: Readonly<Record<Name, number>>): Promise<Outcome>;
}

/** The example, which runs with options of the command line if its file is the program. */
export async function defineExample<Name extends string>(
  url: string,
  example: Example<Name>,
): Promise<Example<Name>> {
  if (url === pathToFileURL(process.argv[1] ?? '').href) await runFromCommandLine(example);
  return example;
}

async function runFromCommandLine(example: Example<string>): Promise<void> {
  const names = Object.keys(example.options);
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' }] as const)),
    },
  });
  if (values.help) {
    const list = names.map((name) => `  --${name} NUMBER  (default ${example.options[name]})`);
    console.log([example.about, '', ...list].join('\n'));
    return;
  }
  const given = Object.entries(values).map(([name, value]) => {
    if (!Number.isFinite(Number(value))) throw new Error(`--${name}: expected a number, got "${value}"`);
    return [name, Number(value)];
  });
  const { accuracy, error, cpuMs } = await example.run({ ...example.options, ...Object.fromEntries(given) });
  const percent = (share: number) => (100 * share).toFixed(1);
  console.log(`${percent(accuracy)} ± ${percent(error)} %, learned at ${cpuMs.toFixed(2)} CPU ms each`);
}

let loaded: Promise<Dataset> | undefined;

/** MNIST where it lies here (`npx locus data download mnist`), else the 10,000 digits that are part of Locus. */
export function loadDigits(): Promise<Dataset> {
  loaded ??= findBestMnist().then(({ name }) => loadDataset(name));
  return loaded;
}

/** CPU time since the call [ms]. */
export function startClock(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}

export interface Lesson {
  /** Layer whose spikes are read. */
  readonly layer: string;
  /** Training images, those of them that assign labels (the last), and test images. */
  readonly train: number;
  readonly known: number;
  readonly test: number;
  readonly time: number;
  readonly intensity: number;
  readonly batchSize?: number;
  readonly method?: 'allActivity' | 'linear';
  /** Other images than the digits themselves, of which the labels are. */
  readonly toImages?: (digits: ImageSet) => Uint8Array;
  /** Trains in another way than by showing the images. */
  readonly learn?: (
    images: ImageSet,
    shown: { time: number; intensity: number; to: number },
  ) => Promise<unknown>;
}

/** Shows digits to learn from, assigns labels by the last of them, and scores test images. */
export async function learnDigits(network: Network, lesson: Lesson): Promise<Outcome> {
  const { layer, train, known, test, time, intensity, batchSize, method = 'allActivity' } = lesson;
  const { toImages = ({ images }) => images } = lesson;
  const digits = await loadDigits();
  const shown = { time, intensity };
  const convert = (set: ImageSet, count: number): ImageSet => {
    const used = takeFirst(set, count);
    return { ...used, images: toImages(used) };
  };
  const first = Math.max(0, train - known);
  const training = convert(digits.train, first + known);
  const clock = startClock();
  const learn = lesson.learn ?? ((images, options) => network.present(images, { ...options, batchSize }));
  await learn(training, { ...shown, to: train });
  const cpuMs = train ? clock() / train : 0;
  const asking = { ...shown, learn: false, count: layer };
  const fitted = await network.present(training, { ...asking, from: first, to: first + known });
  const asked = await network.present(convert(digits.test, test), { ...asking, to: test });
  const readout = Readout.fit(fitted.counts[layer], fitted.labels, { method });
  const { accuracy, error } = readout.score(asked.counts[layer], asked.labels);
  network.dispose();
  return { accuracy, error, cpuMs };
}

function takeFirst(set: ImageSet, most: number): ImageSet {
  const count = Math.min(most, set.count);
  const images = set.images.subarray(0, count * set.channels * set.height * set.width);
  return { ...set, count, images, labels: set.labels.slice(0, count) };
}

/** Every image repeated along a third axis [depth]. */
export function repeatInDepth(images: Uint8Array, pixels: number, depth: number): Uint8Array {
  const planes = (images.length / pixels) * depth;
  const repeated = new Uint8Array(planes * pixels);
  for (let plane = 0; plane < planes; plane++) {
    const image = Math.floor(plane / depth) * pixels;
    repeated.set(images.subarray(image, image + pixels), plane * pixels);
  }
  return repeated;
}
