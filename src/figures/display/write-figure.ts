/** Writes a figure to a file whose extension says what it becomes. */
import { extname } from 'node:path';
import { invalidArgument } from '../../errors.js';
import { prepareOutput, writeOutput } from '../../node/output-file.js';
import { filledText, readOptions } from '../../options.js';
import type { FigureParts } from './encode-figure.js';
import { figurePage } from './figure-page.js';
import { withPictureBrowser } from './picture-browser.js';
import {
  type BrowserOptions,
  type PictureFormat,
  pictureFormats,
  type PictureOptions,
  pictureSchema,
} from './picture-options.js';

export type WriteOptions = PictureOptions & BrowserOptions;

const place = 'figure.write';

/**
 * Makes ready for a figure that is to be written: its extension says a format, and there is a folder.
 *
 * @throws LocusError `INVALID_ARGUMENT`
 */
export function prepareFigure(path: string): void {
  readFormat(path);
  prepareOutput(place, path);
}

export async function writeFigure(figure: FigureParts, path: string, given: WriteOptions): Promise<string> {
  const options = readOptions(place, pictureSchema, given);
  const format = readFormat(path);
  prepareOutput(place, path);
  const content =
    format === 'html'
      ? figurePage([figure])
      : await withPictureBrowser(options, async (browser) => browser.render(figure, format, options));
  return writeOutput(place, path, content);
}

function readFormat(path: string): 'html' | PictureFormat {
  filledText(place, 'path', path);
  const extension = extname(path).slice(1).toLowerCase();
  const format = (['html', ...pictureFormats] as const).find((known) => known === extension);
  if (format === undefined) {
    throw invalidArgument(place, 'a path that ends in .html, .png, .svg or .pdf', path);
  }
  return format;
}
