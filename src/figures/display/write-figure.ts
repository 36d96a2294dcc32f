/** Writes a figure to a file whose extension says what it becomes. */
import { writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { invalidArgument } from '../../errors.js';
import { filledText, readOptions } from '../../options.js';
import type { FigureParts } from './encode-figure.js';
import { figurePage } from './figure-page.js';
import {
  type BrowserOptions,
  type PictureFormat,
  pictureFormats,
  type PictureOptions,
  pictureSchema,
  withPictureBrowser,
} from './picture-browser.js';

export type WriteOptions = PictureOptions & BrowserOptions;

export async function writeFigure(figure: FigureParts, path: string, given: WriteOptions): Promise<string> {
  const options = readOptions('figure.write', pictureSchema, given);
  filledText('figure.write', 'path', path);
  const extension = extname(path).slice(1).toLowerCase();
  const absolute = resolve(path);
  if (extension === 'html') {
    await writeFile(absolute, figurePage([figure]));
    return absolute;
  }
  if (!(pictureFormats as readonly string[]).includes(extension)) {
    throw invalidArgument('figure.write', 'a path that ends in .html, .png, .svg or .pdf', path);
  }
  const picture = await withPictureBrowser(options, async (browser) =>
    browser.render(figure, extension as PictureFormat, options),
  );
  await writeFile(absolute, picture);
  return absolute;
}
