/** What a kind of data set has to know: how to load its splits, and what of them there is. */
import type { ImageSet, SplitName } from './image-set.js';

export type DatasetName = 'mnist-10k' | 'mnist' | 'fashion-mnist' | 'cifar10';

/** What is known of a data set without loading it. */
export interface Availability {
  /** The splits that can be loaded. */
  readonly splits: readonly SplitName[];
  /** Where its files were found. */
  readonly folder?: string;
  /** Number of images of each split that can be loaded. */
  readonly counts: Partial<Record<SplitName, number>>;
  /** Where it lies, or what is missing and how to get it: a sentence. */
  readonly detail: string;
}

export interface DatasetSource {
  readonly name: DatasetName;
  /** As people call it. */
  readonly title: string;
  readonly nClasses: number;
  /** Loads splits, in the order asked for. Throws `DATA_MISSING` or `DATA_CORRUPT`, naming the file. */
  load(dataDir: string, splits: readonly SplitName[]): Promise<ImageSet[]>;
  describe(dataDir: string): Promise<Availability>;
}
