/** The IDX format of MNIST and its kin, read from bytes. */
import { corruptData, describeBytes } from './data-error.js';

/** Unsigned bytes in three dimensions: images. */
const imageMagic = 0x0803;
/** The third byte of a file of labels, with the number that the type stands for at an offset. */
const integerTypes = new Map<number, { bytes: number; read: (view: DataView, offset: number) => number }>([
  [0x08, { bytes: 1, read: (view, offset) => view.getUint8(offset) }],
  [0x09, { bytes: 1, read: (view, offset) => view.getInt8(offset) }],
  [0x0b, { bytes: 2, read: (view, offset) => view.getInt16(offset) }],
  [0x0c, { bytes: 4, read: (view, offset) => view.getInt32(offset) }],
]);

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
  const expectation = 'an IDX file of images (magic 0x00000803)';
  if (bytes.length < 4 || readUint32(bytes, 0) !== imageMagic) {
    throw corruptData(path, expectation, describeBytes(bytes));
  }
  if (bytes.length < imageHeaderBytes) throw corruptData(path, expectation, describeCut(bytes));
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

/** All labels of a file, integers of 8 to 32 bits. `path` is named in errors (`DATA_CORRUPT`). */
export function parseIdxLabels(bytes: Uint8Array, path: string): Int32Array {
  const type = integerTypes.get(bytes[2]);
  const isLabels = bytes[0] === 0 && bytes[1] === 0 && bytes[3] === 1 && type !== undefined;
  if (!isLabels)
    throw corruptData(path, 'an IDX file of labels (one dimension of integers)', describeBytes(bytes));
  if (bytes.length < labelHeaderBytes) throw corruptData(path, 'an IDX file of labels', describeCut(bytes));
  const count = readUint32(bytes, 4);
  checkLength(bytes, labelHeaderBytes + count * type.bytes, `${count} labels`, path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: count }, (_, i) => type.read(view, labelHeaderBytes + i * type.bytes));
}

function describeCut(bytes: Uint8Array): string {
  return `a file cut off after ${bytes.length} bytes`;
}

function checkLength(bytes: Uint8Array, expected: number, content: string, path: string): void {
  if (bytes.length === expected) return;
  const kind = bytes.length < expected ? 'truncated' : 'with something behind them';
  throw corruptData(path, `${expected} bytes for ${content}`, `${bytes.length} (${kind})`);
}

function readUint32(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset);
}
