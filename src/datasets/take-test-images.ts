/** The test images that a stored network is tried on, where it may be fewer than all. */
import { type ImageSet, sliceImageSet } from './image-set.js';
import { invalidArgument } from '../errors.js';

/** The first `nIter` of them; errors: `INVALID_ARGUMENT` where there are not so many. */
export function takeTestImages(test: ImageSet, nIter: number, place: string): ImageSet {
  if (!Number.isInteger(nIter) || nIter < 1 || nIter > test.count) {
    throw invalidArgument(place, `nIter from 1 to ${test.count}`, nIter);
  }
  return sliceImageSet(test, test.name, 0, nIter);
}
