/** Augmentation of training images, every draw a function of (seed, epoch, image): crop, flip, colour jitter. */
import { type ImageSet, imageSetField } from '../datasets/image-set.js';
import { invalidArgument } from '../errors.js';
import { nested, number, readOptions, required, type Schema } from '../options.js';
import { itemField, RandomStream, seedField } from '../core/random/stream.js';
import { makeTensor, type Tensor } from './tensor.js';

export interface Augmentation {
  /** Probability of a horizontal flip. */
  readonly flip: number;
  /** Factors are uniform in [1 − x, 1 + x], and not below 0. */
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  /** Shift of the hue, uniform in [−x, x] turns, x ≤ 0.5. */
  readonly hue: number;
}

const factor = number({ least: 0 });

const augmentationSchema: Schema<Augmentation> = {
  flip: required(number({ least: 0, most: 1 })),
  brightness: required(factor),
  contrast: required(factor),
  saturation: required(factor),
  hue: required(number({ least: 0, most: 0.5, unit: 'turns' })),
};

export const augmentationField = nested(augmentationSchema);

const drawSchema: Schema<{ seed: number; epoch: number }> = {
  seed: required(seedField),
  epoch: required(itemField),
};

export const noJitter: Augmentation = { flip: 0, brightness: 0, contrast: 0, saturation: 0, hue: 0 };

/** What the reference program does to CIFAR-10. */
export const colourJitter: Augmentation = {
  flip: 0.5,
  brightness: 0.5,
  contrast: 0.1,
  saturation: 0.1,
  hue: 0.15,
};

/** The largest value of a pixel, which inputs are divided by. */
const largestPixel = 255;

/** Central crops of the chosen images, in [0, 1]: [image, channel, size, size]. Errors: `INVALID_ARGUMENT`. */
export function centreCrops(set: ImageSet, chosen: ArrayLike<number>, size: number): Tensor {
  return cropImages(set, chosen, size, () => ({
    top: (set.height - size) >> 1,
    left: (set.width - size) >> 1,
    flip: false,
  }));
}

/** Random crops of the chosen images, flipped and jittered, in [0, 1]: [image, channel, size, size]. Errors: `INVALID_ARGUMENT`. */
export function randomCrops(
  set: ImageSet,
  chosen: ArrayLike<number>,
  size: number,
  augmentation: Augmentation,
  draw: { readonly seed: number; readonly epoch: number },
): Tensor {
  const { seed, epoch } = readOptions('randomCrops', drawSchema, draw);
  augmentationField('randomCrops', 'augmentation', augmentation);
  checkSize(set, size);
  const streams = Array.from(chosen, (image) => new RandomStream(seed, 'augmentation', epoch, image));
  const batch = cropImages(set, chosen, size, (at) => ({
    top: streams[at].nextBelow(set.height - size + 1),
    left: streams[at].nextBelow(set.width - size + 1),
    flip: streams[at].nextFloat() < augmentation.flip,
  }));
  const length = set.channels * size * size;
  streams.forEach((stream, at) => {
    jitter(
      batch.data.subarray(at * length, (at + 1) * length) as Float32Array,
      set.channels,
      augmentation,
      stream,
    );
  });
  return batch;
}

function checkSize(set: ImageSet, size: number): void {
  imageSetField('crop', 'set', set);
  const largest = Math.min(set.height, set.width);
  if (!Number.isSafeInteger(size) || size < 1 || size > largest)
    throw invalidArgument('crop', `a whole size from 1 to ${largest} (${set.name})`, size);
}

function cropImages(
  set: ImageSet,
  chosen: ArrayLike<number>,
  size: number,
  place: (at: number) => { top: number; left: number; flip: boolean },
): Tensor {
  checkSize(set, size);
  const { channels, height, width, images } = set;
  const data = new Float32Array(chosen.length * channels * size * size);
  let to = 0;
  for (let at = 0; at < chosen.length; at++) {
    const { top, left, flip } = place(at);
    for (let channel = 0; channel < channels; channel++) {
      for (let row = 0; row < size; row++) {
        const from = ((chosen[at] * channels + channel) * height + top + row) * width + left;
        for (let column = 0; column < size; column++) {
          data[to++] = images[from + (flip ? size - 1 - column : column)] / largestPixel;
        }
      }
    }
  }
  return makeTensor([chosen.length, channels, size, size], data);
}

/** Jitters an image [channel, pixel] in place, the four changes in random order. */
export function jitter(
  image: Float32Array,
  channels: number,
  { brightness, contrast, saturation, hue }: Augmentation,
  stream: RandomStream,
): void {
  const factor = (range: number) => {
    const low = Math.max(0, 1 - range);
    return low + (1 + range - low) * stream.nextFloat();
  };
  const amounts = [
    factor(brightness),
    factor(contrast),
    factor(saturation),
    (2 * stream.nextFloat() - 1) * hue,
  ];
  const order = stream.shuffle([0, 1, 2, 3]);
  const isColour = channels === 3;
  for (const change of order) {
    const amount = amounts[change];
    if (change === 0 && brightness > 0) blend(image, amount, () => 0);
    else if (change === 1 && contrast > 0) {
      const grey = greyOf(image, channels);
      const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
      blend(image, amount, () => mean);
    } else if (change === 2 && saturation > 0 && isColour) {
      const grey = greyOf(image, channels);
      blend(image, amount, (i) => grey[i % grey.length]);
    } else if (change === 3 && hue > 0 && isColour) shiftHue(image, amount);
  }
}

/** image · amount + other · (1 − amount), held in [0, 1]. */
function blend(image: Float32Array, amount: number, other: (i: number) => number): void {
  for (let i = 0; i < image.length; i++) {
    image[i] = Math.max(0, Math.min(1, amount * image[i] + (1 - amount) * other(i)));
  }
}

/** Luma of ITU-R BT.601, as torchvision rounds its weights. */
function greyOf(image: Float32Array, channels: number): Float32Array {
  if (channels !== 3) return image.slice();
  const n = image.length / 3;
  return Float32Array.from(
    { length: n },
    (_, i) => 0.2989 * image[i] + 0.587 * image[n + i] + 0.114 * image[2 * n + i],
  );
}

/** Turns the hue of every pixel by `amount` turns, through HSV. */
function shiftHue(image: Float32Array, amount: number): void {
  const n = image.length / 3;
  for (let i = 0; i < n; i++) {
    const [r, g, b] = [image[i], image[n + i], image[2 * n + i]];
    const value = Math.max(r, g, b);
    const chroma = value - Math.min(r, g, b);
    if (chroma === 0) continue;
    let hue: number;
    if (value === r) hue = (g - b) / chroma;
    else if (value === g) hue = 2 + (b - r) / chroma;
    else hue = 4 + (r - g) / chroma;
    const turned = (((hue / 6 + amount) % 1) + 1) % 1;
    // Each colour is the value less a share of the chroma that depends on the distance of its own hue.
    [5, 3, 1].forEach((offset, channel) => {
      const k = (offset + turned * 6) % 6;
      image[channel * n + i] = value - chroma * Math.max(0, Math.min(k, 4 - k, 1));
    });
  }
}
