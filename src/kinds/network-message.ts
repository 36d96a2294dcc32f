/** A stored network as one message: what a server sends to a page.  Needs nothing of Node on either side. */
import { type ArrayDtype, arrayTypeOf, dtypeOf } from '../formats/element-types.js';
import { LocusError } from '../errors.js';
import type { NetworkRecord, ParameterValue, StoredArray } from '../store/index.js';

/** What of a record a message carries: one that the sender has checked. */
export type NetworkMessage = Pick<NetworkRecord, 'name' | 'parameters' | 'scores' | 'meta' | 'arrays'>;

interface Head extends Omit<NetworkMessage, 'arrays'> {
  readonly arrays: readonly {
    readonly name: string;
    readonly dtype: ArrayDtype;
    readonly shape: readonly number[];
    /** Number of elements. */
    readonly length: number;
  }[];
}

/*
 * A message, little-endian: "LCNM", u32 length of the head in bytes, the head as JSON, then the arrays in the order of the
 * head, each beginning at a multiple of 8 bytes.
 */
const magic = 0x4d4e434c;
const headOffset = 8;

export function packNetwork({
  name,
  parameters,
  scores,
  meta,
  arrays,
}: NetworkMessage): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(arrays);
  const head: Head = {
    name,
    parameters,
    scores,
    meta,
    arrays: entries.map(([name, { data, shape }]) => ({
      name,
      dtype: dtypeOf(data, `network message, array "${name}"`),
      shape,
      length: data.length,
    })),
  };
  const json = new TextEncoder().encode(JSON.stringify(head, spellInfinity));
  let size = align(headOffset + json.length);
  const places = entries.map(([, { data }]) => {
    const at = size;
    size = align(at + data.byteLength);
    return at;
  });
  const message = new Uint8Array(size);
  const view = new DataView(message.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, json.length, true);
  message.set(json, headOffset);
  entries.forEach(([, { data }], index) => {
    message.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), places[index]);
  });
  return message;
}

/**
 * The network in a message; its arrays are views of the message's memory.
 *
 * @throws LocusError `DATA_CORRUPT` where the bytes are no such message, or not all of it
 */
export function unpackNetwork(message: ArrayBuffer): NetworkMessage {
  const view = new DataView(message);
  if (message.byteLength < headOffset || view.getUint32(0, true) !== magic) {
    throw broken('the beginning "LCNM"');
  }
  const headEnd = headOffset + view.getUint32(4, true);
  if (headEnd > message.byteLength) throw broken(`a head of ${headEnd} bytes`);
  const json = new TextDecoder().decode(new Uint8Array(message, headOffset, headEnd - headOffset));
  const { arrays, parameters, ...rest } = JSON.parse(json) as Head;
  let at = align(headEnd);
  const read = arrays.map(({ name, dtype, shape, length }): [string, StoredArray] => {
    const ArrayType = arrayTypeOf(dtype);
    const end = at + length * ArrayType.BYTES_PER_ELEMENT;
    if (end > message.byteLength) throw broken(`${length} elements of ${name}`);
    const data = new ArrayType(message, at, length);
    at = align(end);
    return [name, { shape, data }];
  });
  const values = Object.entries(parameters).map(([name, value]) => [name, readInfinity(value)] as const);
  return { ...rest, parameters: Object.fromEntries(values), arrays: Object.fromEntries(read) };
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

/** JSON has no word for infinite bounds of weights; they are text, as in the database. */
function spellInfinity(_name: string, value: unknown): unknown {
  return value === Infinity || value === -Infinity ? String(value) : value;
}

function readInfinity(value: ParameterValue): ParameterValue {
  if (Array.isArray(value)) return value.map(readInfinity);
  if (value === 'Infinity') return Infinity;
  return value === '-Infinity' ? -Infinity : value;
}

function broken(expectation: string): LocusError {
  return new LocusError('DATA_CORRUPT', `network message: expected ${expectation}, which is not there`);
}
