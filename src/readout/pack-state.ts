/** Learned state as plain JSON and back, to the bit: typed arrays as lists, −∞ as null, maps as lists of entries. */
import { invalidArgument } from '../errors.js';

const arrays = { float32: Float32Array, int16: Int16Array } as const;

export type Packed =
  | string
  | number
  | boolean
  | readonly Packed[]
  | { readonly [name: string]: Packed | null };

/** @throws LocusError for what is no learned state */
export function packState(value: unknown): Packed {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  for (const [type, TypedArray] of Object.entries(arrays)) {
    if (!(value instanceof TypedArray)) continue;
    // A float32 number is the one nearest to its decimal digits, so nothing is lost.
    return { [type]: Array.from(value, (each) => (each === -Infinity ? null : each)) as Packed };
  }
  if (value instanceof Map)
    return { entries: [...value].map(([key, each]) => [String(key), packState(each)]) };
  if (typeof value !== 'object' || value === null) throw invalidArgument('readout', 'learned state', value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, packState(each)]));
}

/** @throws LocusError for what `packState` did not make */
export function unpackState(packed: unknown): unknown {
  if (typeof packed !== 'object') return packed;
  if (packed === null || Array.isArray(packed)) throw invalidArgument('readout', 'packed state', packed);
  const fields = Object.entries(packed as Record<string, unknown>);
  const [[name, list] = ['', null]] = fields;
  if (fields.length === 1 && Object.hasOwn(arrays, name)) {
    return arrays[name as keyof typeof arrays].from(numbersOf(list));
  }
  if (fields.length === 1 && name === 'entries') return new Map(entriesOf(list));
  return Object.fromEntries(fields.map(([field, each]) => [field, unpackState(each)]));
}

function numbersOf(list: unknown): number[] {
  if (!Array.isArray(list)) throw invalidArgument('readout', 'a list of numbers', list);
  return list.map((each: unknown) => {
    if (each === null) return -Infinity;
    if (typeof each !== 'number') throw invalidArgument('readout', 'a list of numbers', each);
    return each;
  });
}

function entriesOf(list: unknown): [string, unknown][] {
  if (!Array.isArray(list)) throw invalidArgument('readout', 'a list of entries', list);
  return list.map((entry: unknown) => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string') {
      throw invalidArgument('readout', 'an entry: a name and its state', entry);
    }
    return [entry[0], unpackState(entry[1])];
  });
}
