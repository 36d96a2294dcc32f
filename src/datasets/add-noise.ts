/** Images with Gaussian noise on every pixel: how much of it does a network bear? */
import { RandomStream, seedField } from '../core/random/stream.js';
import { number } from '../options.js';
import { type ImageSet, imageSetField } from './image-set.js';

const largest = 255;
const share = number({ least: 0 });

/**
 * A copy of the images with noise added to every pixel, rounded and held in 0–255. The noise of an image is a function of the
 * seed and the image's index, and grows in proportion to its standard deviation.
 *
 * @param deviation standard deviation as a share of the range of brightness: 0.1 is 25.5 steps
 * @throws LocusError `INVALID_ARGUMENT`
 */
export function addNoise(set: ImageSet, deviation: number, seed = 0): ImageSet {
  share('addNoise', 'deviation', deviation);
  imageSetField('addNoise', 'set', set);
  seedField('addNoise', 'seed', seed);
  const pixels = set.channels * set.height * set.width;
  const images = new Uint8Array(set.count * pixels);
  for (let image = 0; image < set.count; image++) {
    const stream = new RandomStream(seed, 'addedNoise', image);
    for (let at = image * pixels; at < (image + 1) * pixels; at += 2) {
      const pair = drawNormalPair(stream);
      for (let i = at; i < Math.min(at + 2, (image + 1) * pixels); i++) {
        const value = Math.round(set.images[i] + largest * deviation * pair[i - at]);
        images[i] = Math.max(0, Math.min(largest, value));
      }
    }
  }
  return { ...set, images };
}

/** Source: Box & Muller, "A note on the generation of random normal deviates", 1958. */
function drawNormalPair(stream: RandomStream): readonly [number, number] {
  const radius = Math.sqrt(-2 * Math.log(1 - stream.nextFloat()));
  const angle = 2 * Math.PI * stream.nextFloat();
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}
