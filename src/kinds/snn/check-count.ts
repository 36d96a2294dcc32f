/** Refuses what is no number of images. */
import { invalidArgument } from '../../errors.js';

/** Of all images that one call shows: each is a byte in memory. */
export const mostShownPixels = 2 ** 31 - 1;

export function checkCount(count: number, place: string, name = 'nIter'): number {
  if (!Number.isSafeInteger(count) || count < 1)
    throw invalidArgument(place, `${name} ≥ 1, a whole number`, count);
  return count;
}

/** As `checkCount`, for images that a call shows to a network of this crop. */
export function checkShown(count: number, crop: number, place: string, name = 'images'): number {
  checkCount(count, place, name);
  const most = Math.floor(mostShownPixels / crop ** 2);
  if (count > most) throw invalidArgument(place, `${name} ≤ ${most} of ${crop} × ${crop} pixels`, count);
  return count;
}
