/** Where windows lie over the images of a network of the zoo. */
import { parseShape } from '../core/network/shape.js';
import { countWindows, type Window } from '../core/network/topology/window.js';
import { invalidArgument } from '../errors.js';

/**
 * [rows, columns] of windows over an image; what is left over at its end is not seen.
 *
 * @throws LocusError naming the image, unless a window lies within it
 */
export function countPlaces(inputShape: readonly number[], window: Window, place: string): number[] {
  const counts = countWindows(parseShape(inputShape, place), window).slice(1);
  if (counts.some((n) => n < 1)) {
    const expectation = `kernelSize within ${inputShape.join(' × ')}`;
    throw invalidArgument(place, expectation, window.kernelSize.slice(1).join(' × '));
  }
  return counts;
}
