/** Which pictures there are of a figure, and how one is made: without a word of the package that drives the browser. */
import { filledText, number, type Schema } from '../../options.js';

export const pictureFormats = ['png', 'svg', 'pdf'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

export interface PictureOptions {
  /** Pixels per CSS pixel of a PNG, up to 16 (default 2). */
  scale?: number;
}

export interface BrowserOptions {
  /** Path of a Chromium; found if left out. */
  chromium?: string;
}

export const browserSchema: Schema<BrowserOptions> = { chromium: filledText };

export const largestScale = 16;

export const pictureSchema: Schema<PictureOptions & BrowserOptions> = {
  ...browserSchema,
  scale: number({ above: 0, most: largestScale }),
};
