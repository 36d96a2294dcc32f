/** Decodes a picture to the grey levels that a person sees: upright, 8 bits, transparent parts over a ground. */
import { readFile } from 'node:fs/promises';
import { LocusError } from '../errors.js';
import { corruptData } from './data-error.js';

/** Grey levels of one picture, rows from the top. */
export interface GreyPicture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** The level that transparent parts were laid over: 0, or 255 where all would be one level over 0; null: it has none. */
  readonly ground: 0 | 255 | null;
}

/** Channels as they were decoded, all from 0 to `white`. */
interface Decoded {
  readonly data: Uint8Array | Uint16Array;
  readonly channels: number;
  readonly white: number;
  readonly isCmyk: boolean;
}

/** The beginning of every PNG, and its last chunk, which is empty: a name and a checksum. */
const pngStart = [0x89, 0x50, 0x4e, 0x47];
const pngEnd = Buffer.of(0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82);

/** Deflate packs a byte at most 1032 times as densely, and a byte holds at most 8 pixels. */
const mostPixelsPerByte = 1032 * 8;
const smallPicture = 2 ** 20;

/** Cameras take pictures of 100 megapixels. */
export const mostPixels = 2 ** 27;

/**
 * A PNG or JPEG, or another format that sharp decodes: grey, colours, palettes, CMYK, 8 or 16 bits, turned as its EXIF orientation
 * says. Grey is 0.299 R + 0.587 G + 0.114 B; ink of CMYK reflects (255 − c)(255 − k) / 255.
 *
 * @param file path or content
 * @param place names the picture in errors
 * @throws LocusError `DATA_CORRUPT` for a file that is not a whole picture
 */
export async function decodePicture(file: string | Uint8Array, place: string): Promise<GreyPicture> {
  // Loaded here, as the decoder takes a while to start and most runs never need it.
  const { default: sharp } = await import('sharp');
  try {
    const bytes = typeof file === 'string' ? await readFile(file) : file;
    checkEnd(bytes, place);
    const picture = sharp(bytes, { limitInputPixels: mostPixels });
    const { space, depth, width: claimedWidth, height: claimedHeight } = await picture.metadata();
    checkSize(claimedWidth, claimedHeight, bytes.length, place);
    const isDeep = depth === 'ushort';
    const isCmyk = space === 'cmyk';
    const colours = isCmyk ? 'cmyk' : isDeep ? 'rgb16' : 'srgb';
    // Decoded in these colours, so that no profile of inks comes between.
    const { data, info } = await (isCmyk || isDeep ? picture.pipelineColourspace(colours) : picture)
      .autoOrient()
      .toColourspace(colours)
      .raw({ depth: isDeep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const decoded: Decoded = {
      data: isDeep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data,
      channels,
      white: isDeep ? 65_535 : 255,
      isCmyk,
    };
    return { ...layOverGround(decoded, width * height), width, height };
  } catch (error) {
    if (error instanceof LocusError) throw error;
    const got = `a file that cannot be decoded (${(error as Error).message.trim()})`;
    throw corruptData(place, 'a PNG or JPEG picture', got, error);
  }
}

/** Throws unless a PNG has its last chunk: without it the decoder fills in what is missing, and says nothing. */
function checkEnd(bytes: Uint8Array, place: string): void {
  const isPng = pngStart.every((byte, i) => bytes[i] === byte);
  if (isPng && !Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(pngEnd)) {
    throw corruptData(place, 'a PNG or JPEG picture', `a PNG that is cut off after ${bytes.length} bytes`);
  }
}

/** Throws for a size that so few bytes cannot hold, before memory is taken for it. */
function checkSize(width: number, height: number, bytes: number, place: string): void {
  if (width * height <= smallPicture + mostPixelsPerByte * bytes) return;
  throw corruptData(place, 'a PNG or JPEG picture', `${bytes} bytes for ${width} × ${height} pixels`);
}

/** Over black, as screens show light; where ink cannot be told from black, over white. */
function layOverGround(decoded: Decoded, count: number): Pick<GreyPicture, 'pixels' | 'ground'> {
  const overBlack = greyOver(decoded, count, 0);
  if (decoded.isCmyk || decoded.channels !== 4 || isOpaque(decoded))
    return { pixels: overBlack, ground: null };
  if (overBlack.some((level) => level !== overBlack[0])) return { pixels: overBlack, ground: 0 };
  return { pixels: greyOver(decoded, count, 255), ground: 255 };
}

function isOpaque({ data, channels, white }: Decoded): boolean {
  for (let at = channels - 1; at < data.length; at += channels) if (data[at] !== white) return false;
  return true;
}

function greyOver({ data, channels, white, isCmyk }: Decoded, count: number, ground: number): Uint8Array {
  const pixels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * channels;
    const light = (0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]) / white;
    const last = channels === 4 ? data[at + 3] / white : 1;
    // The fourth channel is the opacity, or the black ink.
    const level = isCmyk ? (1 - light) * (1 - last) * 255 : light * last * 255 + ground * (1 - last);
    pixels[i] = Math.round(level);
  }
  return pixels;
}
