/** All data sets, in the order in which they are listed. Everything that knows their names takes them from here. */
import { LocusError, unknownName } from '../errors.js';
import { cifar10 } from './cifar10.js';
import type { DatasetSource } from './dataset-source.js';
import { fashionMnist } from './fashion-mnist.js';
import { mnist10k } from './mnist-10k.js';
import { mnist } from './mnist.js';

const builtIn = [mnist10k, mnist, fashionMnist, cifar10] as const;

export type DatasetName = (typeof builtIn)[number]['name'];

const sources: DatasetSource[] = [...builtIn];
const names = builtIn.map(({ name }) => name);

/** Those of `registerDataset` included. */
export const datasetNames: readonly DatasetName[] = names;

/** Adds a data set from elsewhere. Errors: `NAME_TAKEN`. */
export function registerDataset(source: DatasetSource): void {
  if (sources.some(({ name }) => name === source.name)) {
    throw new LocusError('NAME_TAKEN', `registerDataset: there is a data set "${source.name}"`);
  }
  sources.push(source);
  // The names of others are as good, and no type can know them.
  names.push(source.name as DatasetName);
}

export function listDatasets(): readonly DatasetSource[] {
  return sources;
}

/** Whether a data set of this name and `Dataset.hash` is the published one; another one of the name is somebody's own. */
export function isPublished({ name, hash }: { readonly name: string; readonly hash: string }): boolean {
  return sources.find((each) => each.name === name)?.hash === hash;
}

/**
 * What people call the classes of a data set, in the order of their numbers; null where its files say all there is to say.
 *
 * @param dataset its name and `Dataset.hash`, undefined where that is the published one
 */
export function findClassNames({
  name,
  hash,
}: {
  readonly name: string | null;
  readonly hash?: string;
}): readonly string[] | null {
  const source = sources.find((each) => each.name === name);
  const isOther = hash !== undefined && source?.hash !== undefined && source.hash !== hash;
  return isOther ? null : (source?.classNames ?? null);
}

/** Those whose files can be fetched. */
export function listDownloadable(): DatasetSource[] {
  return sources.filter(({ files }) => files);
}

/** @throws LocusError `UNKNOWN_NAME` */
export function findDataset(place: string, name: string): DatasetSource {
  const source = sources.find((each) => each.name === name);
  if (!source) throw unknownName(place, 'data set', name, datasetNames);
  return source;
}
