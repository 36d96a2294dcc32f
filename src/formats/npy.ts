/** Reads and writes arrays in NumPy's `.npy` format, so that they can be exchanged with other programs. */
import { invalidArgument } from '../errors.js';
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
import { ByteCursor } from './byte-cursor.js';
import { damaged, damagedAs } from './damaged.js';
import { type PythonLiteral, readPythonLiteral } from './python-literal.js';
import { product } from './tensor.js';
import { visitRowMajor } from './visit-row-major.js';

/**
 * The element types that are read, with the array that holds them. `b1` is a truth value, 0 or 1; `f2` becomes 32 bits wide. The
 * first type of an array is the one that it is written in.
 */
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
  f2: Float32Array,
} as const;

export type NpyDtype = keyof typeof arrayTypes;
export type NpyData<D extends NpyDtype = NpyDtype> = InstanceType<(typeof arrayTypes)[D]>;

/** An array in C order: the last index runs fastest. A scalar has the shape `[]`. */
export interface NpyArray<D extends NpyDtype = NpyDtype> {
  readonly shape: readonly number[];
  readonly dtype: D;
  readonly data: NpyData<D>;
}

/** Elements in memory of any kind, shared by threads too. */
type WritableData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

export interface WritableArray {
  readonly shape: readonly number[];
  readonly data: WritableData;
}

const writeSchema: Schema<WritableArray> = {
  shape: required(list(count({ least: 0 }))),
  data: required(custom('to be a typed array', (value) => ArrayBuffer.isView(value))),
};

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const headerFields: ReadonlySet<PythonLiteral> = new Set(['descr', 'fortran_order', 'shape']);
/** NumPy's own limit. */
export const maxDimensions = 64;
/** A header names one array; only those of records with thousands of fields are longer, and they are not read. */
export const longestHeader = 1 << 20;

/**
 * The array in the bytes of an `.npy` file (format 1.0 to 3.0, little-endian), copied out of them.
 * Fortran order is brought into C order.
 *
 * @param place names the file in errors
 * @param dtype the element type that the caller needs; any other is refused
 * @throws LocusError `DATA_CORRUPT`, with the field of the header that cannot be read, if the bytes are not exactly one such array
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
    throw damagedAs(place, `elements of type ${dtype}`, header.dtype);
  }
  const count = product(header.shape);
  const available = bytes.length - header.dataStart;
  const expected = count * bytesPerElement(header.dtype);
  // Compared before anything is allocated, so that a false shape costs nothing.
  if (expected !== available) {
    throw damaged(place, `${expected} bytes of data for shape (${header.shape.join(', ')})`, available);
  }
  // The copy starts at an aligned address; typed arrays are little-endian on every platform that WebAssembly runs on.
  const stored = decode(new Uint8Array(bytes.subarray(header.dataStart)), header.dtype);
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
  const lengthsFit = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!lengthsFit || shape.length > maxDimensions || product(shape) !== data.length) {
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
    throw damagedAs(place, 'a NumPy array file', `${bytes.length} bytes that start otherwise`);
  }
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) {
    throw damagedAs(place, 'format version 1.0, 2.0 or 3.0', `${major}.${minor}`);
  }
  const cursor = new ByteCursor(bytes, place);
  cursor.offset = 8;
  const length = major === 1 ? cursor.uint16() : cursor.uint32();
  if (cursor.offset + length > bytes.length) {
    throw damagedAs(place, 'a whole header', `${bytes.length} bytes in all`);
  }
  if (length > longestHeader) throw damaged(place, `a header of at most ${longestHeader} bytes`, length);
  const text = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(cursor.take(length));
  const fields = readFields(text, place);
  const unknown = [...fields.keys()].find((key) => !headerFields.has(key));
  if (unknown !== undefined)
    throw damaged(place, 'only descr, fortran_order and shape in the header', unknown);
  const fortranOrder = fields.get('fortran_order');
  if (typeof fortranOrder !== 'boolean') throw damaged(place, 'fortran_order True or False', fortranOrder);
  return {
    shape: readShape(fields.get('shape'), place),
    dtype: readDtype(fields.get('descr'), place),
    fortranOrder,
    dataStart: cursor.offset,
  };
}

function readFields(text: string, place: string): Map<PythonLiteral, PythonLiteral> {
  let cause: unknown;
  try {
    const fields = readPythonLiteral(text, place);
    if (fields instanceof Map) return fields;
  } catch (error) {
    cause = error;
  }
  throw damaged(place, 'a header with descr, fortran_order and shape', text.trim(), cause);
}

/** `descr` as `<f4`; `=` or nothing is the order of the machine that wrote the file, and those are little-endian. */
function readDtype(descr: PythonLiteral | undefined, place: string): NpyDtype {
  const [, order, name] = (typeof descr === 'string' && /^([<>=|]?)(.*)$/s.exec(descr)) || [];
  const dtype = name === '?' ? 'b1' : name;
  const known = dtype !== undefined && Object.hasOwn(arrayTypes, dtype) ? (dtype as NpyDtype) : undefined;
  const needsOrder = known !== undefined && bytesPerElement(known) > 1;
  if (known === undefined || (needsOrder && (order === '>' || order === '|'))) {
    const names = Object.keys(arrayTypes).join(', ');
    throw damaged(place, `descr of little-endian elements of type ${names}`, descr);
  }
  return known;
}

function readShape(shape: PythonLiteral | undefined, place: string): number[] {
  const items = shape instanceof Object && 'kind' in shape ? shape.items : undefined;
  if (items === undefined) throw damaged(place, 'shape as a tuple of whole numbers', shape);
  if (items.length > maxDimensions) {
    throw damaged(place, `shape of at most ${maxDimensions} dimensions`, items.length);
  }
  return items.map((length) => {
    if (!Number.isSafeInteger(length) || Number(length) < 0) {
      throw damaged(place, 'shape of whole numbers from 0 on', length);
    }
    return Number(length);
  });
}

function bytesPerElement(dtype: NpyDtype): number {
  return Number(dtype[1]);
}

/** The elements of bytes that start at an aligned address. */
function decode(bytes: Uint8Array<ArrayBuffer>, dtype: NpyDtype): NpyData {
  if (dtype === 'f2') return Float32Array.from(new Uint16Array(bytes.buffer), widenHalf);
  // For NumPy any other byte than 0 is true.
  if (dtype === 'b1') return bytes.map((byte) => Number(byte !== 0));
  return new arrayTypes[dtype](bytes.buffer);
}

/** The number that 16 bits stand for in IEEE 754: a sign, 5 bits of exponent, 10 of fraction. */
function widenHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

/** The same array with the last index running fastest instead of the first. */
function fromFortranOrder(stored: NpyData, shape: readonly number[]): NpyData {
  const ordered = stored.slice();
  const strides = shape.map((_, axis) => product(shape.slice(0, axis)));
  visitRowMajor(shape, strides, (to, from) => (ordered[to] = stored[from]));
  return ordered;
}
