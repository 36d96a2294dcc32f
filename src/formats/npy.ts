/** Reads and writes arrays in NumPy's `.npy` format, so that they can be exchanged with other programs. */
import { invalidArgument, LocusError } from '../errors.js';
import {
  count,
  custom,
  filledText,
  instance,
  list,
  oneOf,
  readOptions,
  required,
  type Schema,
} from '../options.js';
import { visitRowMajor } from './visit-row-major.js';

/** The element types that are read and written, with the array that holds them. `b1` is a truth value, 0 or 1. */
const arrayTypes = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  b1: Uint8Array,
} as const;

export type NpyDtype = keyof typeof arrayTypes;
export type NpyData<D extends NpyDtype = NpyDtype> = InstanceType<(typeof arrayTypes)[D]>;

/** An array in C order: the last index runs fastest. A scalar has the shape `[]`. */
export interface NpyArray<D extends NpyDtype = NpyDtype> {
  readonly shape: readonly number[];
  readonly dtype: D;
  readonly data: NpyData<D>;
}

interface WritableArray {
  readonly shape: readonly number[];
  readonly data: NpyData;
}

const writeSchema: Schema<WritableArray> = {
  shape: required(list(count({ least: 0 }))),
  data: required(custom('to be a typed array', (value) => ArrayBuffer.isView(value))),
};

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy's own limit. */
const maxDimensions = 64;
const headerPattern =
  /^\{\s*'descr':\s*'([^']*)',\s*'fortran_order':\s*(True|False),\s*'shape':\s*\(([\d,\s]*)\),?\s*\}\s*$/;

/**
 * The array in the bytes of an `.npy` file (format 1.0 or 2.0, little-endian), copied out of them.
 * Fortran order is brought into C order.
 *
 * @param place names the file in errors
 * @param dtype the element type that the caller needs; any other is refused
 * @throws LocusError `DATA_CORRUPT` if the bytes are no such array, or not exactly one
 */
export function readNpy<D extends NpyDtype = NpyDtype>(
  bytes: Uint8Array,
  place: string,
  dtype?: D,
): NpyArray<D> {
  instance(Uint8Array)('readNpy', 'bytes', bytes);
  filledText('readNpy', 'place', place);
  if (dtype !== undefined) oneOf(Object.keys(arrayTypes))('readNpy', 'dtype', dtype);
  const header = readHeader(bytes, place);
  if (dtype !== undefined && header.dtype !== dtype) {
    throw corrupt(place, `elements of type ${dtype}`, header.dtype);
  }
  const arrayType = arrayTypes[header.dtype];
  const count = header.shape.reduce((product, length) => product * length, 1);
  const available = bytes.length - header.dataStart;
  // Compared before anything is allocated, so that a false shape costs nothing.
  if (count * arrayType.BYTES_PER_ELEMENT !== available) {
    const expected = `${count * arrayType.BYTES_PER_ELEMENT} bytes of data for shape (${header.shape.join(', ')})`;
    throw corrupt(place, expected, available);
  }
  // The copy starts at an aligned address; typed arrays are little-endian on every platform that WebAssembly runs on.
  const copy = new Uint8Array(available);
  copy.set(bytes.subarray(header.dataStart));
  const stored = new arrayType(copy.buffer);
  const data = header.fortranOrder ? fromFortranOrder(stored, header.shape) : stored;
  return { shape: header.shape, dtype: header.dtype as D, data: data as NpyData<D> };
}

/**
 * The bytes of an `.npy` file (format 1.0, C order) for an array of `shape`; the element type follows from the kind of `data`.
 *
 * @throws LocusError `INVALID_ARGUMENT` if shape and number of elements disagree
 */
export function writeNpy(array: WritableArray): Uint8Array {
  const { shape, data } = readOptions('writeNpy', writeSchema, array);
  const dtype = (Object.keys(arrayTypes) as NpyDtype[]).find((name) => data.constructor === arrayTypes[name]);
  if (dtype === undefined) throw invalidArgument('writeNpy', 'a typed array of a known kind', data);
  const count = shape.reduce((product, length) => product * length, 1);
  const lengthsFit = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!lengthsFit || shape.length > maxDimensions || count !== data.length) {
    throw invalidArgument('writeNpy', `a shape of ${data.length} elements`, shape);
  }
  const order = data.BYTES_PER_ELEMENT === 1 ? '|' : '<';
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${order}${dtype}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  // NumPy pads the header with blanks so that the data start at a multiple of 64.
  const preamble = magic.length + 4;
  const dataStart = Math.ceil((preamble + dictionary.length + 1) / 64) * 64;
  const header = `${dictionary.padEnd(dataStart - preamble - 1)}\n`;
  const bytes = new Uint8Array(dataStart + data.byteLength);
  bytes.set([...magic, 1, 0, header.length & 0xff, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), preamble);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), dataStart);
  return bytes;
}

interface NpyHeader {
  shape: number[];
  dtype: NpyDtype;
  fortranOrder: boolean;
  dataStart: number;
}

function readHeader(bytes: Uint8Array, place: string): NpyHeader {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw corrupt(place, 'a NumPy array file', `${bytes.length} bytes that start otherwise`);
  }
  const major = bytes[6];
  if (major !== 1 && major !== 2) throw corrupt(place, 'format version 1.0 or 2.0', `${major}.${bytes[7]}`);
  const headerStart = major === 1 ? 10 : 12;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart =
    bytes.length < headerStart
      ? Infinity
      : headerStart + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataStart > bytes.length) throw corrupt(place, 'a whole header', `${bytes.length} bytes in all`);
  const text = new TextDecoder('latin1').decode(bytes.subarray(headerStart, dataStart));
  const [, descr, fortran, dimensions] = headerPattern.exec(text) ?? [];
  if (dimensions === undefined) {
    throw corrupt(place, 'a header with descr, fortran_order and shape', JSON.stringify(text.slice(0, 120)));
  }
  return {
    shape: readShape(dimensions, place),
    dtype: readDtype(descr, place),
    fortranOrder: fortran === 'True',
    dataStart,
  };
}

function readDtype(descr: string, place: string): NpyDtype {
  const name = descr.slice(1);
  const known = Object.hasOwn(arrayTypes, name) ? (name as NpyDtype) : undefined;
  const singleByte = known !== undefined && arrayTypes[known].BYTES_PER_ELEMENT === 1;
  if (known === undefined || !(descr[0] === '<' || (singleByte && descr[0] === '|'))) {
    const names = Object.keys(arrayTypes).join(', ');
    throw corrupt(place, `little-endian elements of type ${names}`, JSON.stringify(descr));
  }
  return known;
}

function readShape(text: string, place: string): number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  if (parts.some((part) => !/^\d{1,15}$/.test(part))) throw corrupt(place, 'a shape', `(${text})`);
  return parts.map(Number);
}

/** The same array with the last index running fastest instead of the first. */
function fromFortranOrder(stored: NpyData, shape: readonly number[]): NpyData {
  const ordered = stored.slice();
  const strides = shape.map((_, axis) =>
    shape.slice(0, axis).reduce((product, length) => product * length, 1),
  );
  visitRowMajor(shape, strides, (to, from) => ordered.set(stored.subarray(from, from + 1) as never, to));
  return ordered;
}

function corrupt(place: string, expected: string, got: unknown): LocusError {
  return new LocusError('DATA_CORRUPT', `${place}: expected ${expected}, got ${String(got)}`);
}
