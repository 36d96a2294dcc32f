/** The IDX format of MNIST and its kin, read from bytes. */
import { corruptData, describeBytes } from './data-error.js';

/** Unsigned bytes in three dimensions: images. */
const imageMagic = 0x0803;
/** Unsigned bytes in one dimension: labels. */
const labelMagic = 0x0801;

export const imageHeaderBytes = 16;
export const labelHeaderBytes = 8;

export interface IdxImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** [image, row, column]: a view of the file's bytes. */
  readonly images: Uint8Array;
}

/** Number and size of the images of a file, from its first 16 bytes. `path` is named in errors (`DATA_CORRUPT`). */
export function parseIdxImageHeader(bytes: Uint8Array, path: string): Omit<IdxImages, 'images'> {
  checkMagic(bytes, imageMagic, imageHeaderBytes, 'an IDX file of images (magic 0x00000803)', path);
  const [count, height, width] = [4, 8, 12].map((offset) => readUint32(bytes, offset));
  if (count === 0 || height === 0 || width === 0) {
    throw corruptData(
      path,
      'at least one image of at least one pixel',
      `${count} images of ${height} × ${width}`,
    );
  }
  return { count, height, width };
}

/** All images of a file. `path` is named in errors (`DATA_CORRUPT`). */
export function parseIdxImages(bytes: Uint8Array, path: string): IdxImages {
  const { count, height, width } = parseIdxImageHeader(bytes, path);
  checkLength(
    bytes,
    imageHeaderBytes + count * height * width,
    `${count} images of ${height} × ${width}`,
    path,
  );
  return { count, height, width, images: bytes.subarray(imageHeaderBytes) };
}

/** All labels of a file, each below `nClasses`: a view of the file's bytes. `path` is named in errors (`DATA_CORRUPT`). */
export function parseIdxLabels(bytes: Uint8Array, path: string, nClasses: number): Uint8Array {
  checkMagic(bytes, labelMagic, labelHeaderBytes, 'an IDX file of labels (magic 0x00000801)', path);
  const count = readUint32(bytes, 4);
  checkLength(bytes, labelHeaderBytes + count, `${count} labels`, path);
  const labels = bytes.subarray(labelHeaderBytes);
  const wrong = labels.findIndex((label) => label >= nClasses);
  if (wrong >= 0)
    throw corruptData(path, `labels from 0 to ${nClasses - 1}`, `label ${labels[wrong]} of image ${wrong}`);
  return labels;
}

function checkMagic(
  bytes: Uint8Array,
  magic: number,
  headerBytes: number,
  expectation: string,
  path: string,
): void {
  if (bytes.length >= 4 && readUint32(bytes, 0) === magic) {
    if (bytes.length < headerBytes)
      throw corruptData(path, expectation, `a file cut off after ${bytes.length} bytes`);
    return;
  }
  throw corruptData(path, expectation, describeBytes(bytes));
}

function checkLength(bytes: Uint8Array, expected: number, content: string, path: string): void {
  if (bytes.length === expected) return;
  const kind = bytes.length < expected ? 'truncated' : 'with something behind them';
  throw corruptData(path, `${expected} bytes for ${content}`, `${bytes.length} (${kind})`);
}

function readUint32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset);
}
