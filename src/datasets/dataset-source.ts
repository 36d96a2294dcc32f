/** What a data set is: how to load its splits, what of them there is, and where its files come from. */
import type { RemoteSource } from './download/remote-sources.js';
import type { ImageSet, SplitName } from './image-set.js';

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

/** Files in a local folder, and where to get them. */
export interface DataFiles {
  /** Their names there. */
  readonly names: readonly string[];
  /** The folders in which they may lie, in the order of search. */
  readonly folders: (dataDir: string) => readonly string[];
  readonly remote: RemoteSource;
  /** Where `remote` is an archive of the files: whether one of them is as published. */
  readonly isWhole?: (path: string) => Promise<boolean>;
  /** Advice for somebody who cannot download them: a sentence. */
  readonly remark?: string;
}

export interface DatasetSource<Name extends string = string> {
  readonly name: Name;
  /** As people call it. */
  readonly title: string;
  /** As published; the sets of images that are loaded may name other classes. */
  readonly nClasses: number;
  /** What people call its classes, in the order of their numbers, where its files know them by numbers only. They enter no hash. */
  readonly classNames?: readonly string[];
  /** `Dataset.hash` as published; left out where the files have no published hashes to verify it by. */
  readonly hash?: string;
  /** An embedded data set of the same classes and form, to show images of where the files are missing. */
  readonly standIn?: { readonly name: string; readonly remark: string };
  /** Of its images as published; they are square. */
  readonly image: { readonly channels: number; readonly size: number };
  /** Left out where it is embedded: then it is the same for every folder. */
  readonly files?: DataFiles;
  /** `data_mode` of Spike-by-Spike configurations; images of digits are neither flipped nor coloured there. */
  readonly sbs?: { readonly mode: string; readonly isOfDigits?: boolean };
  /** Loads splits, in the order asked for. Throws `DATA_MISSING` or `DATA_CORRUPT`, naming the file. */
  load(dataDir: string, splits: readonly SplitName[]): Promise<ImageSet[]>;
  describe(dataDir: string): Promise<Availability>;
}
