/** Cuts the middle out of every image of a set. */
import { invalidArgument } from '../errors.js';
import { type ImageSet, imageSetField } from './image-set.js';

/**
 * The central `crop × crop` pixels of every image: `count × channels × crop × crop` bytes in the set's own order.
 * Where the margins cannot be equal, the upper and left ones are the smaller. Errors: `INVALID_ARGUMENT`.
 */
export function cropCentre(set: ImageSet, crop: number): Uint8Array {
  imageSetField('cropCentre', 'set', set);
  const { count, channels, height, width, images } = set;
  const largest = Math.min(height, width);
  if (!Number.isInteger(crop) || crop < 1 || crop > largest) {
    throw invalidArgument('cropCentre', `a whole crop from 1 to ${largest} (${set.name})`, crop);
  }
  const top = (height - crop) >> 1;
  const left = (width - crop) >> 1;
  const cropped = new Uint8Array(count * channels * crop * crop);
  let target = 0;
  for (let plane = 0; plane < count * channels; plane++) {
    for (let row = 0; row < crop; row++) {
      const source = (plane * height + top + row) * width + left;
      for (let column = 0; column < crop; column++) cropped[target++] = images[source + column];
    }
  }
  return cropped;
}
