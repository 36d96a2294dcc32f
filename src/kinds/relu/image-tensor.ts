/** Images as tensors of brightness. */
import type { ImageSet } from '../../datasets/image-set.js';
import { invalidArgument } from '../../errors.js';
import { makeZeros, type Tensor } from '../../layers/tensor.js';
import { RandomStream } from '../../core/random/stream.js';
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

/**
 * Moves every image of a tensor by up to `most` pixels in both directions; what enters is black.  The shift is a function of seed,
 * epoch and the number of the image.
 */
export function shiftImages(
  { data }: Tensor,
  { channels, height, width }: ImageSet,
  chosen: ArrayLike<number>,
  most: number,
  { seed, epoch }: { readonly seed: number; readonly epoch: number },
): void {
  const plane = height * width;
  for (let i = 0; i < chosen.length; i++) {
    const stream = new RandomStream(seed, 'augmentation', epoch, chosen[i]);
    const dy = stream.nextBelow(2 * most + 1) - most;
    const dx = stream.nextBelow(2 * most + 1) - most;
    for (let channel = 0; channel < channels; channel++) {
      const image = data.subarray((i * channels + channel) * plane, (i * channels + channel + 1) * plane);
      const before = image.slice();
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const isInside = y - dy >= 0 && y - dy < height && x - dx >= 0 && x - dx < width;
          image[y * width + x] = isInside ? before[(y - dy) * width + x - dx] : 0;
        }
      }
    }
  }
}
