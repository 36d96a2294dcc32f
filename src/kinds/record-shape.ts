/** What a stored record of a kind must be: its parameters, its meta data, and the arrays that follow from both. */
import type { z as zod } from 'zod';
import { LocusError, type LocusErrorCode } from '../errors.js';
import {
  type ArrayData,
  type ArrayDataOf,
  type ArrayDtype,
  arrayTypeOf,
  dtypeOf,
} from '../formats/element-types.js';
import type { StoredArrays } from '../store/index.js';

export type Zod = typeof zod;

/** Tests of elements by what they demand. */
const elementTests = {
  'a finite number': Number.isFinite,
  'a number or an infinity': (value: number) => !Number.isNaN(value),
  'a finite number ≥ 0': (value: number) => value >= 0 && value < Infinity,
  'a finite number > 0': (value: number) => value > 0 && value < Infinity,
} as const satisfies Record<string, (value: number) => boolean>;

type ElementTest = keyof typeof elementTests;

/** What an array of a record must be. */
export interface ArrayShape<Dtype extends ArrayDtype = ArrayDtype> {
  readonly dtype: Dtype;
  /** Lengths of the dimensions; null: any. */
  readonly shape: readonly (number | null)[];
  /** Whether the array may be missing. Default: false. */
  readonly optional?: boolean;
  /** What every element must be. Default: a finite number. */
  readonly elements?: ElementTest;
}

export type ArrayShapes = Readonly<Record<string, ArrayShape | undefined>>;

/**
 * The shape of the records of a kind. Schemas are made with the `z` that they are given, for zod is only loaded where a record is.
 *
 * @typeParam P parameters as the kind reads them back
 * @typeParam M meta data
 * @typeParam A arrays; one that may be missing is an optional property
 */
export interface RecordShape<P = unknown, M = unknown, A extends ArrayShapes = ArrayShapes> {
  /** Of the published parameters; those that the kind does not read back are let pass. */
  parameters(z: Zod): zod.ZodType<P>;
  /** Of the meta data. */
  meta(z: Zod, parameters: P): zod.ZodType<M>;
  /** All arrays that a record may have. @param stored those that it has, not checked yet, where the others depend on some of them */
  arrays(parameters: P, meta: M, stored: StoredArrays): A;
}

/**
 * `make`, which is called once for each key: it takes longer to make a schema than to check a record with it.
 *
 * @param keyOf what of the arguments the schema depends on
 */
export function keepSchemas<Given extends readonly unknown[], S>(
  make: (z: Zod, ...given: Given) => S,
  keyOf: (...given: Given) => string = () => '',
): (z: Zod, ...given: Given) => S {
  const schemas = new Map<string, S>();
  return (z, ...given) => {
    const key = keyOf(...given);
    const schema = schemas.get(key) ?? make(z, ...given);
    schemas.set(key, schema);
    return schema;
  };
}

/** The arrays of a record that has been checked, typed by their shapes. */
export type CheckedArrays<A extends ArrayShapes> = {
  readonly [Name in keyof A]: NonNullable<A[Name]> extends ArrayShape<infer Dtype>
    ? { readonly shape: readonly number[]; readonly data: ArrayDataOf<Dtype> }
    : never;
};

/** Where a record is checked, and how its errors are coded. */
export interface CheckPlace {
  /** Names the record in errors, as `network "digits"`; empty: errors begin with the field. */
  readonly place: string;
  /** Default: `STORE_CORRUPT`. */
  readonly code?: LocusErrorCode;
}

/**
 * The arrays of a record, which are exactly those that the shapes ask for.
 *
 * @throws LocusError naming the array, the expectation and what it found
 */
export function checkArrays<A extends ArrayShapes>(
  shapes: A,
  arrays: StoredArrays,
  { place, code = 'STORE_CORRUPT' }: CheckPlace,
): CheckedArrays<A> {
  const broken = (name: string, problem: string) =>
    new LocusError(code, `${joinPlace(place, `array "${name}"`)}${problem}`);
  for (const [name, expected] of Object.entries(shapes)) {
    if (expected === undefined) continue;
    const array = arrays[name];
    if (array === undefined) {
      if (expected.optional) continue;
      throw broken(name, `: expected ${formatShape(expected)}, which is missing`);
    }
    const { data, shape } = array;
    const fits =
      data instanceof arrayTypeOf(expected.dtype) &&
      shape.length === expected.shape.length &&
      expected.shape.every((length, axis) => length === null || length === shape[axis]) &&
      shape.reduce((product, length) => product * length, 1) === data.length;
    if (!fits) {
      const got = formatShape({ dtype: dtypeOf(data, name), shape });
      throw broken(name, `: expected ${formatShape(expected)}, got ${got}`);
    }
    const { elements = 'a finite number' } = expected;
    const at = findInvalid(data, elements);
    if (at >= 0) throw broken(name, `[${at}]: expected ${elements}, got ${data[at]}`);
  }
  const known = Object.keys(shapes);
  for (const name of Object.keys(arrays)) {
    if (!known.includes(name))
      throw broken(name, `: expected no array of this name, only ${known.join(', ')}`);
  }
  // What the loop has checked is what the type says.
  return arrays as CheckedArrays<A>;
}

/** `network "digits", meta` */
export function joinPlace(place: string, field: string): string {
  return place === '' ? field : `${place}, ${field}`;
}

/** Index of the first element that fails the test, or −1; whole numbers of an integer array pass without being looked at. */
function findInvalid(data: ArrayData, elements: ElementTest): number {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return -1;
  if (elements === 'a finite number' && areFinite(data)) return -1;
  return data.findIndex((value) => !elementTests[elements](value));
}

/** What is not finite leaves NaN of itself; ten times as fast as asking for each element. */
function areFinite(data: Float32Array | Float64Array): boolean {
  let difference = 0;
  for (let i = 0; i < data.length; i++) difference += data[i] - data[i];
  return difference === 0;
}

/** `float32 25 × 3 × 3`; a length that may be any is `n`. */
function formatShape({ dtype, shape }: Pick<ArrayShape, 'dtype' | 'shape'>): string {
  return `${dtype} ${shape.length === 0 ? 'scalar' : shape.map((length) => length ?? 'n').join(' × ')}`;
}
