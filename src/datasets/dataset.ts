/** Loads a data set by its name, once per process and folder. */
import { createHash } from 'node:crypto';
import { unknownName } from '../errors.js';
import { filledText, readOptions, type Schema } from '../options.js';
import { resolveDataDir } from './data-files.js';
import type { Availability, DatasetSource } from './dataset-source.js';
import { type ImageSet, type SplitName, splitNames } from './image-set.js';
import { mnist10k } from './mnist-10k.js';
import { mnist } from './mnist.js';
import { areNumbers } from '../readout/class-numbers.js';
import { type DatasetName, findClassNames, findDataset, listDatasets } from './registry.js';

/** A data set: three splits of images of one size. */
export interface Dataset {
  readonly name: DatasetName;
  /**
   * sha-256 (hex) over the images and the labels of `train`, `calibration` and `test`, in this order; over the names of the classes
   * too where the files give others than their numbers.
   */
  readonly hash: string;
  readonly nClasses: number;
  /** What people call them, in the order of their numbers; the values of the labels where they have no names. */
  readonly classNames: readonly string[];
  readonly train: ImageSet;
  readonly calibration: ImageSet;
  readonly test: ImageSet;
}

export interface DatasetOptions {
  /** Folder of the data files; see `resolveDataDir` for the default. */
  readonly dataDir?: string;
}

const schema: Schema<DatasetOptions> = { dataDir: filledText };

function readDataDir(place: string, options: DatasetOptions): string {
  return resolveDataDir(readOptions(place, schema, options).dataDir);
}

/** What `describeDatasets` tells of a data set. */
export interface DatasetDescription extends Availability {
  readonly name: DatasetName;
  /** As people call it. */
  readonly title: string;
  /** All three splits can be loaded. */
  readonly available: boolean;
  /** Of embedded data sets, and of those that are loaded already. */
  readonly hash?: string;
}

const loaded = new Map<string, Promise<Dataset>>();

/**
 * Loads a data set; a second call for the same name and folder gives the same object.
 * Errors: `UNKNOWN_NAME`; `DATA_MISSING`, with the files and the folders searched; `DATA_CORRUPT`, with the file.
 */
export async function loadDataset(
  name: DatasetName | (string & {}),
  options: DatasetOptions = {},
): Promise<Dataset> {
  const source = findDataset('loadDataset', name);
  const dataDir = readDataDir('loadDataset', options);
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
  const source = findDataset('loadSplit', name);
  const wanted = splitNames.find((each) => each === split);
  if (!wanted) throw unknownName('loadSplit', 'split', split, splitNames);
  const dataDir = readDataDir('loadSplit', options);
  const whole = loaded.get(cacheKey(source, dataDir));
  if (whole) return (await whole)[wanted];
  const [set] = await source.load(dataDir, [wanted]);
  return set;
}

/** What there is of each data set, from names, sizes and headers of files alone. */
export async function describeDatasets(options: DatasetOptions = {}): Promise<DatasetDescription[]> {
  const dataDir = readDataDir('describeDatasets', options);
  return Promise.all(listDatasets().map((source) => describeDataset(source, dataDir)));
}

async function describeDataset(source: DatasetSource, dataDir: string): Promise<DatasetDescription> {
  const { title, files } = source;
  const name = source.name as DatasetName;
  const availability = await source.describe(dataDir);
  const dataset = files ? loaded.get(cacheKey(source, dataDir)) : loadDataset(name, { dataDir });
  const available = availability.splits.length === splitNames.length;
  return { name, title, available, hash: (await dataset)?.hash, ...availability };
}

/** `mnist` where its files are found in the folder, else `mnist-10k`; `reason` says why, for people. */
export async function findBestMnist(
  options: DatasetOptions = {},
): Promise<{ name: DatasetName; reason: string }> {
  const { splits, detail } = await mnist.describe(readDataDir('findBestMnist', options));
  if (splits.length === splitNames.length) return { name: mnist.name, reason: `MNIST ${detail}` };
  return { name: mnist10k.name, reason: `full MNIST is not at hand: ${detail}` };
}

async function loadAll(source: DatasetSource, dataDir: string): Promise<Dataset> {
  const [train, calibration, test] = await source.load(dataDir, ['train', 'calibration', 'test']);
  const sum = createHash('sha256');
  for (const set of [train, calibration, test]) sum.update(set.images).update(set.labels);
  const inFiles = namesInFiles({ train, nClasses: source.nClasses });
  if (!areNumbers(inFiles)) sum.update(JSON.stringify(inFiles));
  const hash = sum.digest('hex');
  const name = source.name as DatasetName;
  const classNames = findClassNames({ name, hash }) ?? inFiles;
  return { name, hash, nClasses: inFiles.length, classNames, train, calibration, test };
}

/** The classes as the files of a data set name them: by the values of their labels, in order. */
export function namesInFiles({ train, nClasses }: Pick<Dataset, 'train' | 'nClasses'>): readonly string[] {
  return train.classNames ?? Array.from({ length: nClasses }, (_, i) => String(i));
}

/** An embedded data set is the same for every folder. */
function cacheKey(source: DatasetSource, dataDir: string): string {
  return source.files === undefined ? source.name : `${source.name}\n${dataDir}`;
}
