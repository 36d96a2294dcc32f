/** Parts of a data set's images. */
import { invalidArgument } from '../errors.js';
import type { Dataset } from './dataset.js';
import { type ImageSet, joinImageSets, sliceImageSet } from './image-set.js';

/** The first `count` images; all where that is undefined or there are no more. */
export function takeFirst(set: ImageSet, count: number | undefined): ImageSet {
  return count === undefined || count >= set.count ? set : sliceImageSet(set, set.name, 0, count);
}

/**
 * The first `count` test images.
 *
 * @throws LocusError `INVALID_ARGUMENT` where there are fewer
 */
export function takeTestImages(test: ImageSet, count: number, place: string): ImageSet {
  if (!Number.isInteger(count) || count < 1 || count > test.count) {
    throw invalidArgument(place, `images from 1 to ${test.count}`, count);
  }
  return sliceImageSet(test, test.name, 0, count);
}

/** The images for training and for calibration together: the published training set. */
export function allTrainingImages({ name, train, calibration }: Dataset): ImageSet {
  return joinImageSets(`${name}/train+calibration`, [train, calibration]);
}
