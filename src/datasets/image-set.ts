/** What a split of a data set is: images and labels as bytes, and views of a part of them. */
import { custom, type Field } from '../options.js';
import { isLabels, type Labels } from '../readout/class-numbers.js';

/** The three parts of every data set. */
export type SplitName = 'train' | 'calibration' | 'test';

export const splitNames: readonly SplitName[] = ['train', 'calibration', 'test'];

/**
 * One split: `count` images of `channels × height × width` bytes (planes one after the other, rows from the top),
 * and as many labels. The arrays may be views of a larger one: mind `byteOffset`, and never write to them.
 */
export interface ImageSet {
  /** Data set and split, as `mnist/train`. */
  readonly name: string;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** [image, channel, row, column], 0–255. */
  readonly images: Uint8Array;
  /** [image]: numbers of classes, from 0 on. */
  readonly labels: Labels;
  /** What the files of the data set call all of its classes, in the order of their numbers; left out where that is their numbers. */
  readonly classNames?: readonly string[];
}

/** A set of images given as an argument. */
export const imageSetField: Field<ImageSet> = custom(
  'to be a set of images, such as a split of loadDataset',
  (value) => {
    const { count, images, labels } = (value ?? {}) as Partial<ImageSet>;
    return typeof count === 'number' && images instanceof Uint8Array && isLabels(labels);
  },
);

/** Images `from` (included) to `to` (excluded) under a name of their own, without a copy. */
export function sliceImageSet(set: ImageSet, name: string, from: number, to: number): ImageSet {
  const imageBytes = set.channels * set.height * set.width;
  return {
    ...set,
    name,
    count: to - from,
    images: set.images.subarray(from * imageBytes, to * imageBytes),
    labels: set.labels.subarray(from, to),
  };
}

/** The images of several sets of one size and the same classes, one set after the other. */
export function joinImageSets(name: string, sets: readonly ImageSet[]): ImageSet {
  const [{ labels }] = sets;
  const count = sets.reduce((sum, set) => sum + set.count, 0);
  return {
    ...sets[0],
    name,
    count,
    images: join(
      sets.map(({ images }) => images),
      (length) => new Uint8Array(length),
    ),
    labels: join(
      sets.map((set) => set.labels),
      (length) => (labels instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length)),
    ),
  };
}

function join<Numbers extends Labels>(
  arrays: readonly Numbers[],
  make: (length: number) => Numbers,
): Numbers {
  const joined = make(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    joined.set(array, at);
    at += array.length;
  }
  return joined;
}
