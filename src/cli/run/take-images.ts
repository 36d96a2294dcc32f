/** The images that a command works on, where it may use fewer than all. */
import { type ImageSet, joinImageSets, sliceImageSet } from '../../datasets/image-set.js';
import type { Dataset } from '../../datasets/index.js';

export function takeFirst(set: ImageSet, count: number | undefined): ImageSet {
  return count === undefined || count >= set.count ? set : sliceImageSet(set, set.name, 0, count);
}

/** Those for training and those for calibration: the published training set. */
export function allTrainingImages({ name, train, calibration }: Dataset): ImageSet {
  return joinImageSets(`${name}/train+calibration`, [train, calibration]);
}
