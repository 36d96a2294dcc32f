/** Images as tensors of brightness. */
import type { ImageSet } from '../datasets/image-set.js';
import { invalidArgument } from '../errors.js';
import { makeZeros, type Tensor } from '../layers/tensor.js';
import type { MapShape } from './architecture.js';

/**
 * The chosen images as brightness in [0, 1], [image, …inputShape].
 *
 * @throws LocusError `INVALID_ARGUMENT` where an image has another number of values
 */
export function imageTensor(set: ImageSet, chosen: ArrayLike<number>, inputShape: MapShape): Tensor {
  const size = set.channels * set.height * set.width;
  checkImageSize(set.name, size, inputShape);
  const tensor = makeZeros([chosen.length, ...inputShape]);
  for (let i = 0; i < chosen.length; i++) {
    const image = set.images.subarray(chosen[i] * size, (chosen[i] + 1) * size);
    for (let p = 0; p < size; p++) tensor.data[i * size + p] = image[p] / 255;
  }
  return tensor;
}

/** Throws unless images of `size` values fit the input. */
export function checkImageSize(place: string, size: number, inputShape: MapShape): void {
  const wanted = inputShape[0] * inputShape[1] * inputShape[2];
  if (size !== wanted)
    throw invalidArgument(place, `images of ${inputShape.join(' × ')} = ${wanted} values`, size);
}
