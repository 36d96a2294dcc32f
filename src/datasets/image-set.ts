/** What a split of a data set is: images and labels as bytes, and views of a part of them. */
import { custom, type Field } from '../options.js';

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
  /** [image], 0–9. */
  readonly labels: Uint8Array;
}

/** A set of images given as an argument. */
export const imageSetField: Field<ImageSet> = custom(
  'to be a set of images, such as a split of loadDataset',
  (value) => {
    const { count, images, labels } = (value ?? {}) as Partial<ImageSet>;
    return typeof count === 'number' && images instanceof Uint8Array && labels instanceof Uint8Array;
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

/** The images of several sets of one size, one set after the other. */
export function joinImageSets(name: string, sets: readonly [ImageSet, ...ImageSet[]]): ImageSet {
  const join = (arrays: readonly Uint8Array[]) => {
    const joined = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const array of arrays) {
      joined.set(array, at);
      at += array.length;
    }
    return joined;
  };
  return {
    ...sets[0],
    name,
    count: sets.reduce((sum, { count }) => sum + count, 0),
    images: join(sets.map(({ images }) => images)),
    labels: join(sets.map(({ labels }) => labels)),
  };
}
