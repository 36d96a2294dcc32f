/** Refuses what is no number of images. */
import { invalidArgument } from '../../errors.js';

export function checkCount(count: number, place: string, name = 'nIter'): number {
  if (!Number.isSafeInteger(count) || count < 1)
    throw invalidArgument(place, `${name} ≥ 1, a whole number`, count);
  return count;
}
