/** Reads a picture for a network: square, grey, bright strokes on dark ground. */
import { stat } from 'node:fs/promises';
import { invalidArgument, LocusError } from '../errors.js';
import { filledText, flag, readOptions, type Schema } from '../options.js';
import { decodePicture, type GreyPicture } from './decode-picture.js';

export interface ImageOptions {
  /** Whether dark and light are exchanged. Default: where the border of the picture is light. */
  readonly invert?: boolean;
}

export const imageSchema: Schema<ImageOptions> = { invert: flag };

export interface PreparedImage {
  /** size × size grey levels, row-major. */
  readonly pixels: Uint8Array;
  /** Whether dark and light were exchanged, as asked for or guessed. */
  readonly inverted: boolean;
}

/** No network looks at more pixels across. */
export const largestSize = 4096;

/**
 * A PNG or JPEG (or another format that sharp decodes) as `size × size` grey bytes, row-major. Transparent parts are laid over
 * black, or over white where black would leave one level only; a picture whose border is light is inverted unless `invert` says
 * otherwise; one that is not square keeps its proportions and is padded with the level of its border.
 *
 * @throws LocusError `INVALID_ARGUMENT`, `UNKNOWN_NAME`, `DATA_MISSING` or `DATA_CORRUPT`
 */
export async function loadImage(path: string, size: number, given: ImageOptions = {}): Promise<Uint8Array> {
  const options = readOptions('loadImage', imageSchema, given);
  return (await prepareImage(path, size, options)).pixels;
}

/** The same, with what was guessed. */
export async function prepareImage(
  path: string,
  size: number,
  { invert }: ImageOptions,
): Promise<PreparedImage> {
  if (!Number.isInteger(size) || size < 1 || size > largestSize) {
    throw invalidArgument('loadImage', `a whole size from 1 to ${largestSize}`, size);
  }
  filledText('loadImage', 'path', path);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile())
    throw new LocusError('DATA_MISSING', `loadImage: expected a picture at ${path}, found none`);
  const picture = await decodePicture(path, path);
  const border = borderLevel(picture);
  const inverted = invert ?? border > 127.5;
  const pixels = inverted ? picture.pixels.map((level) => 255 - level) : picture.pixels;
  const ground = Math.round(inverted ? 255 - border : border);
  return { pixels: await resize({ ...picture, pixels }, size, ground), inverted };
}

async function resize(
  { pixels, width, height }: GreyPicture,
  size: number,
  ground: number,
): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const resized = await sharp(pixels, { raw: { width, height, channels: 1 } })
    .resize(size, size, { fit: 'contain', background: { r: ground, g: ground, b: ground } })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer();
  return new Uint8Array(resized);
}

/** Mean grey level of the outermost pixels. */
function borderLevel({ pixels, width, height }: GreyPicture): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < height; row++) {
    const step = row === 0 || row === height - 1 ? 1 : Math.max(1, width - 1);
    for (let column = 0; column < width; column += step) {
      sum += pixels[row * width + column];
      count++;
    }
  }
  return sum / count;
}
