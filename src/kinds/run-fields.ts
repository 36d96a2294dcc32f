/** Options that the trainings of several kinds share, as their `begin` reads them. */
import { seedField } from '../core/random/stream.js';
import { count, filledText, threadCount } from '../options.js';

/** Where a training runs, and on which data. */
export const whereFields = {
  dataset: filledText,
  dataDir: filledText,
  database: filledText,
  threads: threadCount,
};

const images = count({ unit: 'images' });

/** How much it takes, from which seed. */
export const setFields = { train: images, test: images, seed: seedField };
