/** Loads a data set by its name, once per process and folder. */
import { createHash } from 'node:crypto';
import { unknownName } from '../errors.js';
import { cifar10 } from './cifar10.js';
import { resolveDataDir } from './data-files.js';
import type { Availability, DatasetName, DatasetSource } from './dataset-source.js';
import { fashionMnist, mnist } from './idx-source.js';
import { type ImageSet, type SplitName, splitNames } from './image-set.js';
import { mnist10k } from './mnist-10k.js';

/** A data set: three splits of images of one size. */
export interface Dataset {
  readonly name: DatasetName;
  /** sha-256 (hex) over the images and the labels of `train`, `calibration` and `test`, in this order. */
  readonly hash: string;
  readonly nClasses: number;
  readonly train: ImageSet;
  readonly calibration: ImageSet;
  readonly test: ImageSet;
}

export interface DatasetOptions {
  /** Folder of the data files; see `resolveDataDir` for the default. */
  readonly dataDir?: string;
}

/** What `describeDatasets` tells of a data set. */
export interface DatasetDescription extends Availability {
  readonly name: DatasetName;
  /** As people call it. */
  readonly title: string;
  /** All three splits can be loaded. */
  readonly available: boolean;
  /** Of the embedded data set, and of those that are loaded already. */
  readonly hash?: string;
}

const sources: readonly DatasetSource[] = [mnist10k, mnist, fashionMnist, cifar10];

export const datasetNames: readonly DatasetName[] = sources.map((source) => source.name);

const loaded = new Map<string, Promise<Dataset>>();

/**
 * Loads a data set; a second call for the same name and folder gives the same object.
 * Errors: `UNKNOWN_NAME`; `DATA_MISSING`, with the files and the folders searched; `DATA_CORRUPT`, with the file.
 */
export async function loadDataset(
  name: DatasetName | (string & {}),
  options: DatasetOptions = {},
): Promise<Dataset> {
  const source = findSource('loadDataset', name);
  const dataDir = resolveDataDir(options.dataDir);
  const key = cacheKey(source, dataDir);
  const known = loaded.get(key);
  if (known) return known;
  const loading = loadAll(source, dataDir);
  loaded.set(key, loading);
  loading.catch(() => loaded.delete(key));
  return loading;
}

/** Loads one split and reads no file that only the others need. Errors as `loadDataset`. */
export async function loadSplit(
  name: DatasetName | (string & {}),
  split: SplitName | (string & {}),
  options: DatasetOptions = {},
): Promise<ImageSet> {
  const source = findSource('loadSplit', name);
  const wanted = splitNames.find((each) => each === split);
  if (!wanted) throw unknownName('loadSplit', 'split', split, splitNames);
  const dataDir = resolveDataDir(options.dataDir);
  const whole = loaded.get(cacheKey(source, dataDir));
  if (whole) return (await whole)[wanted];
  const [set] = await source.load(dataDir, [wanted]);
  return set;
}

/** What there is of each data set, from names, sizes and headers of files alone. */
export async function describeDatasets(options: DatasetOptions = {}): Promise<DatasetDescription[]> {
  const dataDir = resolveDataDir(options.dataDir);
  return Promise.all(
    sources.map(async (source) => {
      const { name, title } = source;
      const availability = await source.describe(dataDir);
      const dataset =
        name === 'mnist-10k' ? loadDataset(name, { dataDir }) : loaded.get(cacheKey(source, dataDir));
      const available = availability.splits.length === splitNames.length;
      return { name, title, available, hash: (await dataset)?.hash, ...availability };
    }),
  );
}

/** `mnist` where its files are found in the folder, else `mnist-10k`; `reason` says why, for people. */
export async function findBestMnist(
  options: DatasetOptions = {},
): Promise<{ name: DatasetName; reason: string }> {
  const { splits, detail } = await mnist.describe(resolveDataDir(options.dataDir));
  if (splits.length === splitNames.length) return { name: 'mnist', reason: `MNIST ${detail}` };
  return { name: 'mnist-10k', reason: `full MNIST is not at hand: ${detail}` };
}

async function loadAll(source: DatasetSource, dataDir: string): Promise<Dataset> {
  const [train, calibration, test] = await source.load(dataDir, ['train', 'calibration', 'test']);
  const sum = createHash('sha256');
  for (const set of [train, calibration, test]) sum.update(set.images).update(set.labels);
  const { name, nClasses } = source;
  return { name, hash: sum.digest('hex'), nClasses, train, calibration, test };
}

function findSource(place: string, name: string): DatasetSource {
  const source = sources.find((each) => each.name === name);
  if (!source) throw unknownName(place, 'data set', name, datasetNames);
  return source;
}

/** The embedded data set is the same for every folder. */
function cacheKey(source: DatasetSource, dataDir: string): string {
  return source === mnist10k ? source.name : `${source.name}\n${dataDir}`;
}
