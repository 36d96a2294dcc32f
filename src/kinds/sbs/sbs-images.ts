/** What a Spike-by-Spike network is shown: crops, split into what is above and below the mean, or raised above zero. */
import type { ImageSet } from '../../datasets/index.js';
import { invalidArgument } from '../../errors.js';
import { type Augmentation, centreCrops, noJitter, randomCrops } from '../../layers/augmentation.js';
import type { SbsConfig } from './sbs-config.js';
import { findSbsDataset } from './sbs-modes.js';
import { SplitOnOff } from '../../layers/split-on-off.js';
import { makeZeros, type Tensor } from '../../layers/tensor.js';
import type { Pair } from '../../layers/window.js';

/** Added to every pixel without the on/off filter, so that empty patches have input. */
const float32Epsilon = 2 ** -23;

export type ImageShape = Pick<ImageSet, 'channels' | 'height' | 'width'>;

/** The configuration with the mean of every channel and the size of the crops, as far as it does not give them. */
export function fillImageStatistics(config: SbsConfig, train: ImageSet): SbsConfig {
  const { mean, the_size } = config.image_statistics;
  const size = train.height - 2 * config.augmentation.crop_width_in_pixel;
  return {
    ...config,
    image_statistics: {
      mean: mean.length > 0 ? mean : channelMeans(train),
      the_size: the_size.length > 0 ? the_size : [size, size],
    },
  };
}

export class SbsImages {
  /** Height and width that the network sees. */
  readonly size: Pair;
  readonly #augmentation: Augmentation;
  readonly #split: SplitOnOff | null;

  /**
   * Errors: `INVALID_ARGUMENT`.
   *
   * @param config with the statistics of the images
   * @param shape of the images before they are cropped
   */
  constructor(config: SbsConfig, shape: ImageShape) {
    const { crop_width_in_pixel: margin, ...factors } = config.augmentation;
    const size = shape.height - 2 * margin;
    const given = config.image_statistics.the_size;
    if (shape.height !== shape.width)
      throw invalidArgument('SbS', 'square images', [shape.height, shape.width]);
    if (size < 1)
      throw invalidArgument('augmentation.crop_width_in_pixel', `less than half of ${shape.height}`, margin);
    if (given.some((length) => length !== size)) {
      throw invalidArgument('image_statistics.the_size', `${size} × ${size}`, given);
    }
    this.size = [size, size];
    // Digits are neither flipped nor coloured.
    this.#augmentation = findSbsDataset(config.data_mode)?.sbs?.isOfDigits
      ? noJitter
      : {
          flip: factors.flip_p,
          brightness: factors.jitter_brightness,
          contrast: factors.jitter_contrast,
          saturation: factors.jitter_saturation,
          hue: factors.jitter_hue,
        };
    const { mean } = config.image_statistics;
    if (mean.length !== shape.channels) {
      throw invalidArgument('image_statistics.mean', `${shape.channels} entries, one per channel`, mean);
    }
    this.#split = factors.use_on_off_filter ? new SplitOnOff(mean) : null;
    const channels = shape.channels * (this.#split ? 2 : 1);
    const expected = config.network_structure.forward_neuron_numbers[0][0];
    if (channels !== expected) {
      const key = 'network_structure.forward_neuron_numbers.0.0';
      throw invalidArgument(
        key,
        `${channels}, the channels of the ${this.#split ? 'split ' : ''}input`,
        expected,
      );
    }
  }

  /** Whether what is above and below the mean are channels of their own. */
  get isSplit(): boolean {
    return this.#split !== null;
  }

  train(set: ImageSet, chosen: ArrayLike<number>, at: { seed: number; epoch: number }): Tensor {
    return this.#filter(randomCrops(set, chosen, this.size[0], this.#augmentation, at));
  }

  test(set: ImageSet, chosen: ArrayLike<number>): Tensor {
    return this.#filter(centreCrops(set, chosen, this.size[0]));
  }

  #filter(images: Tensor): Tensor {
    if (this.#split) return this.#split.forward(images);
    const out = makeZeros(images.shape, images.data);
    for (let i = 0; i < out.data.length; i++) out.data[i] = images.data[i] + float32Epsilon;
    return out;
  }
}

/** Mean of every channel over all images, in [0, 1]. */
function channelMeans({ images, channels, height, width, count }: ImageSet): number[] {
  const pixels = height * width;
  const sums = new Array<number>(channels).fill(0);
  for (let plane = 0; plane < count * channels; plane++) {
    let sum = 0;
    for (let at = plane * pixels; at < (plane + 1) * pixels; at++) sum += images[at];
    sums[plane % channels] += sum;
  }
  return sums.map((sum) => sum / (count * pixels * 255));
}
