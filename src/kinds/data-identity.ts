/** How a data set enters the name of a network: a published one by its name, any other by its content too. */
import { isPublished } from '../datasets/registry.js';

/** The published parameters that say which data a network is trained on. */
export interface DataIdentity {
  readonly dataset: string | null;
  /** `Dataset.hash`, where the data are not the published ones of that name. */
  readonly data_hash?: string;
}

/** @param dataset its name and `Dataset.hash` */
export function identifyData(dataset: {
  readonly name: string;
  readonly hash: string;
}): DataIdentity & { dataset: string } {
  const { name, hash } = dataset;
  return { dataset: name, ...(isPublished(dataset) ? {} : { data_hash: hash }) };
}

/** The identity as one word, `mnist` or `mnist:` and the hash; undefined where no data set is chosen. */
export function labelData({ dataset, data_hash }: DataIdentity): string | undefined {
  if (dataset === null) return undefined;
  // Quoted, no name can read like another one with its hash, or like more than one word.
  const name = /^[\w-]+$/.test(dataset) ? dataset : JSON.stringify(dataset);
  return data_hash === undefined ? name : `${name}:${data_hash}`;
}

/** The identity in stored parameters. */
export function readDataIdentity({ dataset, data_hash }: Readonly<Record<string, unknown>>): DataIdentity {
  return {
    dataset: typeof dataset === 'string' ? dataset : null,
    ...(typeof data_hash === 'string' ? { data_hash } : {}),
  };
}
