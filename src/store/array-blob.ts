/** Typed arrays as compressed, checksummed blobs: any damage is noticed, every bit comes back. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import {
  type ArrayData,
  type ArrayDtype,
  arrayTypeOf,
  dtypeOf,
  elementTypes,
} from '../formats/element-types.js';
import { invalidArgument, LocusError } from '../errors.js';

/** An array in C order: the last index runs fastest.  A scalar has the shape `[]`. */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly data: ArrayData;
}

/** What the beginning of a blob says about the array in it. */
export interface ArrayDescription {
  readonly dtype: ArrayDtype;
  readonly shape: readonly number[];
}

/*
 * A blob, little-endian: "LCAR", u8 format version, u8 element type, u8 codec, u8 number of dimensions,
 * u32 CRC-32 of every other byte, u32 length of each dimension, then the compressed data.
 */
const magic = [0x4c, 0x43, 0x41, 0x52];
const formatVersion = 1;
/** Bytes regrouped by significance (exponents compress well, low mantissa bits do not), then a zlib stream. */
const shuffledZlib = 1;
const checksumOffset = 8;
const shapeOffset = 12;
export const maxDimensions = 16;

/** Of what is inflated at once [bytes]: the least that zlib takes, and enough for an array to come in few pieces. */
const leastChunk = 64;
const mostChunk = 65_536;

/** The length of the longest beginning that `describeArray` may need. */
export const maxBlobHeaderLength = shapeOffset + 4 * maxDimensions;

/**
 * The blob of an array.
 *
 * @param place names the array in errors
 * @param level of compression, 1 (fast) to 9 (small)
 * @throws LocusError `INVALID_ARGUMENT` if shape and number of elements disagree, or the element type is none of the known
 */
export function encodeArray(array: StoredArray, place: string, level = 6): Uint8Array {
  const { shape, data } = array;
  const type = elementTypes.findIndex(([dtype]) => dtype === dtypeOf(data, place));
  checkShape(array, place);
  const payload = deflateSync(shuffle(bytesOf(data), data.BYTES_PER_ELEMENT), { level });
  const blob = new Uint8Array(shapeOffset + 4 * shape.length + payload.length);
  blob.set([...magic, formatVersion, type, shuffledZlib, shape.length]);
  const view = new DataView(blob.buffer);
  shape.forEach((length, axis) => view.setUint32(shapeOffset + 4 * axis, length, true));
  blob.set(payload, shapeOffset + 4 * shape.length);
  view.setUint32(checksumOffset, checksum(blob), true);
  return blob;
}

/**
 * The array in a blob, in memory of its own.
 *
 * @param place names the array in errors
 * @throws LocusError `STORE_CORRUPT` if a single byte of the blob is not as it was written
 */
export function decodeArray(blob: Uint8Array, place: string): StoredArray {
  const { dtype, shape } = describeArray(blob, place);
  const stored = readUint32(blob, checksumOffset);
  const computed = checksum(blob);
  if (stored !== computed) throw corrupt(place, `checksum ${hex(stored)}`, hex(computed));
  const arrayType = arrayTypeOf(dtype);
  const expected = elementCount(shape) * arrayType.BYTES_PER_ELEMENT;
  const shuffled = inflate(blob.subarray(shapeOffset + 4 * shape.length), expected, place);
  if (shuffled.length !== expected) throw corrupt(place, `${expected} bytes of data`, shuffled.length);
  return { shape, data: new arrayType(unshuffle(shuffled, arrayType.BYTES_PER_ELEMENT)) };
}

/** Element type and shape by the beginning of a blob; only `decodeArray` verifies the checksum. */
export function describeArray(head: Uint8Array, place: string): ArrayDescription {
  if (head.length < shapeOffset) throw corrupt(place, `at least ${shapeOffset} bytes`, head.length);
  if (magic.some((byte, i) => head[i] !== byte)) {
    throw corrupt(place, 'the beginning "LCAR"', [...head.subarray(0, 4)].map((byte) => hex(byte)).join(' '));
  }
  // By index: destructuring would iterate, which takes longer than all the rest of the header.
  const version = head[4];
  const type = head[5];
  const codec = head[6];
  const dimensions = head[7];
  if (version !== formatVersion) throw corrupt(place, `format version ${formatVersion}`, version);
  if (type >= elementTypes.length) throw corrupt(place, 'a known element type', type);
  if (codec !== shuffledZlib) throw corrupt(place, 'a known codec', codec);
  if (dimensions > maxDimensions || head.length < shapeOffset + 4 * dimensions) {
    throw corrupt(place, 'a whole header', `${head.length} bytes for ${dimensions} dimensions`);
  }
  const shape: number[] = [];
  for (let axis = 0; axis < dimensions; axis += 1) shape.push(readUint32(head, shapeOffset + 4 * axis));
  return { dtype: elementTypes[type][0], shape };
}

/** @throws LocusError `INVALID_ARGUMENT` unless the array has exactly the elements that its shape asks for */
export function checkShape({ shape, data }: StoredArray, place: string): void {
  const lengthsFit = shape.every((length) => Number.isInteger(length) && length >= 0 && length < 2 ** 32);
  if (!lengthsFit || shape.length > maxDimensions || elementCount(shape) !== data.length) {
    throw invalidArgument(place, `a shape of ${data.length} elements`, shape);
  }
}

/** The memory of an array as bytes. */
export function bytesOf(data: ArrayData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function checksum(blob: Uint8Array): number {
  const before = crc32(blob.subarray(0, checksumOffset));
  return crc32(blob.subarray(shapeOffset), before);
}

/** All first bytes, then all second bytes, …: a copy. */
function shuffle(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  const shuffled = new Uint8Array(bytes.length);
  for (let plane = 0; plane < width; plane += 1) {
    for (let i = plane * count, from = plane; from < bytes.length; i += 1, from += width) {
      shuffled[i] = bytes[from];
    }
  }
  return shuffled;
}

function unshuffle(shuffled: Uint8Array, width: number): ArrayBuffer {
  const count = shuffled.length / width;
  if (width === 4) return unshuffleWords(shuffled, count);
  const bytes = new Uint8Array(shuffled.length);
  for (let plane = 0; plane < width; plane += 1) {
    for (let i = plane * count, to = plane; to < bytes.length; i += 1, to += width) {
      bytes[to] = shuffled[i];
    }
  }
  return bytes.buffer;
}

/** What nearly all arrays are made of, two to four times as fast. */
function unshuffleWords(shuffled: Uint8Array, count: number): ArrayBuffer {
  const words = new Uint32Array(count);
  for (let i = 0; i < count; i += 1) {
    words[i] =
      shuffled[i] |
      (shuffled[i + count] << 8) |
      (shuffled[i + 2 * count] << 16) |
      (shuffled[i + 3 * count] << 24);
  }
  return words.buffer;
}

function inflate(payload: Uint8Array, expected: number, place: string): Uint8Array {
  // One byte more than a small array needs: a buffer that is full would be followed by another one.
  const chunkSize = Math.min(Math.max(expected + 1, leastChunk), mostChunk);
  try {
    return inflateSync(payload, { maxOutputLength: Math.max(expected, 1), chunkSize });
  } catch (cause) {
    throw corrupt(place, `a compressed stream of ${expected} bytes`, (cause as Error).message, cause);
  }
}

/** Little-endian; faster than a view of its own for each blob. */
function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function corrupt(place: string, expected: string, got: number | string, cause?: unknown): LocusError {
  return new LocusError('STORE_CORRUPT', `${place}: expected ${expected}, got ${got}`, { cause });
}
