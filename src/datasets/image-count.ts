/** The option that says how many images a call takes, under its present and its former name. */
import { count, renamed, type Schema } from '../options.js';

export interface ImageCount {
  readonly images?: number;
  /** @deprecated Former name of `images`. */
  readonly nIter?: number;
}

const images = count();

export const imageCountFields: Schema<ImageCount> = { images, nIter: renamed('images', images) };
