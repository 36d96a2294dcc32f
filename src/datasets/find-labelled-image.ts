/** A test image by its label, for whoever shows a network one. */
import { invalidArgument } from '../errors.js';
import type { Dataset } from './dataset.js';

/**
 * Number of the `index`-th test image of a label.
 *
 * @param place names the caller in errors
 * @throws LocusError `INVALID_ARGUMENT` for a label or an index that the test set does not have
 */
export function findLabelledImage(
  { test, nClasses }: Dataset,
  label: number,
  index: number,
  place: string,
): number {
  if (!Number.isInteger(label) || label < 0 || label >= nClasses) {
    throw invalidArgument(place, `a label from 0 to ${nClasses - 1}`, label);
  }
  const all = [...test.labels.keys()].filter((image) => test.labels[image] === label);
  if (!Number.isInteger(index) || index < 0 || index >= all.length) {
    throw invalidArgument(place, `index from 0 to ${all.length - 1} (images of ${label})`, index);
  }
  return all[index];
}
