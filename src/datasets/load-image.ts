/** Reads a picture of one's own as the simulator wants it: square, grey, bright strokes on dark ground. */
import { stat } from 'node:fs/promises';
import { invalidArgument, LocusError } from '../errors.js';
import { filledText } from '../options.js';

/** Grey levels of one picture, rows from the top. */
interface GreyImage {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** No network looks at more pixels across. */
const largestSize = 4096;

/**
 * A PNG or JPEG (or another format that sharp decodes) as `size × size` grey bytes, row-major. Transparent parts count as
 * white; a picture whose border is bright is inverted, so that strokes are bright; one that is not square keeps its
 * proportions and is padded with the level of its border. Errors: `INVALID_ARGUMENT`, `DATA_MISSING`, `DATA_CORRUPT`.
 */
export async function loadImage(path: string, size: number): Promise<Uint8Array> {
  if (!Number.isInteger(size) || size < 1 || size > largestSize) {
    throw invalidArgument('loadImage', `a whole size from 1 to ${largestSize}`, size);
  }
  filledText('loadImage', 'path', path);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile())
    throw new LocusError('DATA_MISSING', `loadImage: expected a picture at ${path}, found none`);
  // Loaded here, as the decoder takes a while to start and most runs never need it.
  const { default: sharp } = await import('sharp');
  try {
    const decoded = await sharp(path)
      .autoOrient()
      .flatten({ background: '#fff' })
      .greyscale()
      .toColourspace('b-w')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = decoded.info;
    const image = { pixels: new Uint8Array(decoded.data), width, height };
    const border = borderLevel(image);
    const inverted = border > 127.5;
    if (inverted) image.pixels.forEach((level, i) => (image.pixels[i] = 255 - level));
    const ground = Math.round(inverted ? 255 - border : border);
    const resized = await sharp(image.pixels, { raw: { width, height, channels: 1 } })
      .resize(size, size, { fit: 'contain', background: { r: ground, g: ground, b: ground } })
      .toColourspace('b-w')
      .raw({ depth: 'uchar' })
      .toBuffer();
    return new Uint8Array(resized);
  } catch (error) {
    throw new LocusError(
      'DATA_CORRUPT',
      `${path}: expected a PNG or JPEG picture, got a file that cannot be decoded (${(error as Error).message})`,
      { cause: error },
    );
  }
}

/** Mean grey level of the outermost pixels. */
function borderLevel({ pixels, width, height }: GreyImage): number {
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
