/**
 * Options as JSON, and arrays beside it. What JSON has no word for is an object with a name that begins with `$`: `{ $number: 'infinity' }`,
 * `{ $array: name }`, a part of a network `{ $class: name, options }` or `{ $definition: name, options }`.
 */
import type { ArrayData } from '../../../formats/element-types.js';
import { invalidArgument, LocusError } from '../../../errors.js';
import { isObject } from '../../../options.js';
import { type DefinedClass, findClassName, findDefinedClass, type Part } from './parts.js';

/** A value that JSON holds as it is. */
export type PlainValue = null | boolean | number | string | readonly PlainValue[] | PlainObject;

export interface PlainObject {
  readonly [name: string]: PlainValue;
}

/** A part of a network: its class by name, or its definition, and its options. */
export type DescribedPart =
  | { readonly $class: string; readonly options: PlainObject }
  | { readonly $definition: string; readonly options: PlainObject };

export interface DescribedDefinition extends PlainObject {
  readonly kind: DefinedClass['definitionKind'];
  readonly definition: PlainObject;
}

/** Lists of more numbers than this are arrays beside the JSON. */
const mostInline = 16;

/** How numbers are spelled that JSON would lose. */
export const spelledNumbers: readonly (readonly [spelling: string, value: number])[] = [
  ['infinity', Infinity],
  ['-infinity', -Infinity],
  ['-0', -0],
];

const arrayClasses = [
  Float32Array,
  Float64Array,
  Int32Array,
  Uint32Array,
  Uint16Array,
  Uint8Array,
  Int8Array,
] as const;

/** Collects arrays and definitions while options become JSON. */
export class ValueWriter {
  readonly arrays: Record<string, ArrayData> = {};
  readonly definitions: Record<string, DescribedDefinition> = {};
  readonly #known = new Map<DefinedClass['definition'], string>();
  readonly #place: string;

  /** @param place names the whole in errors */
  constructor(place: string) {
    this.#place = place;
  }

  /**
   * A part of a network.
   *
   * @param path of the part in the whole
   * @throws LocusError `INVALID_ARGUMENT` naming the class that no description can hold
   */
  writePart(part: object, path: string): DescribedPart {
    const { options } = part as Partial<Part>;
    const name = findClassName(part);
    const defined = name === undefined ? findDefinedClass(part) : undefined;
    if (options === undefined || (name === undefined && defined === undefined)) {
      const expectation =
        'a class that descriptions know (registerPart) and that keeps its options, or one of equations';
      throw invalidArgument(`${this.#place}, ${path}`, expectation, part.constructor.name);
    }
    const described = this.#writeObject(options, path);
    return name === undefined
      ? { $definition: this.#define(defined as DefinedClass), options: described }
      : { $class: name, options: described };
  }

  #define({ definition, definitionKind: kind }: DefinedClass): string {
    const known = this.#known.get(definition);
    if (known !== undefined) return known;
    let name = definition.name;
    for (let i = 2; Object.hasOwn(this.definitions, name); i++) name = `${definition.name} ${i}`;
    this.#known.set(definition, name);
    const described = this.#writeObject(definition, `definitions.${name}`);
    this.definitions[name] = { kind, definition: described };
    return name;
  }

  #writeObject(value: object, path: string): PlainObject {
    const fields = Object.entries(value).flatMap(([name, field]: [string, unknown]) => {
      if (field === undefined) return [];
      if (name.startsWith('$'))
        throw invalidArgument(`${this.#place}, ${path}`, 'names that do not begin with $', name);
      return [[name, this.#write(field, `${path}.${name}`)] as const];
    });
    return Object.fromEntries(fields);
  }

  #write(value: unknown, path: string): PlainValue {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return this.#writeNumber(value, path);
    if (Array.isArray(value)) {
      const list: readonly unknown[] = value;
      return list.length > mostInline && list.every((each) => typeof each === 'number')
        ? { $array: this.#keep(Float64Array.from(list), path), as: 'list' }
        : list.map((each, i) => this.#write(each, `${path}[${i}]`));
    }
    if (ArrayBuffer.isView(value)) return this.#writeArray(value, path);
    if (typeof value !== 'object') {
      throw invalidArgument(`${this.#place}, ${path}`, 'a value that JSON can hold', value);
    }
    if (isPlain(value)) return this.#writeObject(value, path);
    return this.writePart(value, path);
  }

  #writeNumber(value: number, path: string): PlainValue {
    if (Number.isNaN(value)) throw invalidArgument(`${this.#place}, ${path}`, 'a number', value);
    const [spelling] = spelledNumbers.find(([, number]) => Object.is(number, value)) ?? [];
    return spelling === undefined ? value : { $number: spelling };
  }

  #writeArray(value: ArrayBufferView, path: string): PlainValue {
    if (arrayClasses.some((type) => value.constructor === type)) {
      return { $array: this.#keep((value as ArrayData).slice(), path) };
    }
    const { length } = value as ArrayBufferView & Partial<ArrayLike<unknown>>;
    const isOfNumbers =
      length !== undefined && typeof (value as unknown as ArrayLike<unknown>)[0] !== 'bigint';
    if (!isOfNumbers) {
      throw invalidArgument(`${this.#place}, ${path}`, 'an array of numbers', value.constructor.name);
    }
    return { $array: this.#keep(Float64Array.from(value as unknown as ArrayLike<number>), path), as: 'list' };
  }

  /** The name that an array has beside the JSON. */
  #keep(data: ArrayData, path: string): string {
    let name = `options.${path}`;
    // Names of layers and connections are any text, so two paths may read the same.
    while (Object.hasOwn(this.arrays, name)) name += '+';
    this.arrays[name] = data;
    return name;
  }
}

/** What a reader of values needs beside the JSON. */
export interface ValueSource {
  readonly arrays: Readonly<Record<string, ArrayData>>;
  /** Makes a part. */
  make(part: DescribedPart, path: string): object;
}

/** The deepest options of a network are a few levels deep. */
const mostLevels = 32;

/**
 * Options as they were given.
 *
 * @throws LocusError `INVALID_ARGUMENT` naming the path of what is no such JSON
 */
export function readValue(value: unknown, path: string, source: ValueSource, level = 0): unknown {
  if (level > mostLevels) throw invalidArgument(path, `at most ${mostLevels} levels`, 'more');
  if (value === null || ['string', 'boolean', 'number'].includes(typeof value)) return value;
  const inner = (each: unknown, at: string) => readValue(each, at, source, level + 1);
  if (Array.isArray(value)) return value.map((each, i) => inner(each, `${path}[${i}]`));
  if (!isObject(value)) throw invalidArgument(path, 'a value of JSON', value);
  const given = value as Readonly<Record<string, unknown>>;
  const tag = Object.keys(given).find((name) => name.startsWith('$'));
  if (tag === undefined) {
    return Object.fromEntries(
      Object.entries(given).map(([name, each]) => [name, inner(each, `${path}.${name}`)]),
    );
  }
  switch (tag) {
    case '$number':
      return readNumber(given, path);
    case '$array':
      return readArray(given, path, source);
    case '$class':
    case '$definition':
      return source.make(given as DescribedPart, path);
    default:
      throw invalidArgument(path, 'one of $number, $array, $class, $definition', tag);
  }
}

function readNumber(given: Readonly<Record<string, unknown>>, path: string): number {
  const known = spelledNumbers.find(([spelling]) => spelling === given.$number);
  if (!known) {
    const spellings = spelledNumbers.map(([spelling]) => spelling).join(', ');
    throw invalidArgument(`${path}.$number`, `one of ${spellings}`, given.$number);
  }
  return known[1];
}

function readArray(
  { $array: name, as }: Readonly<Record<string, unknown>>,
  path: string,
  { arrays }: ValueSource,
): ArrayData | number[] {
  if (typeof name !== 'string' || !Object.hasOwn(arrays, name)) {
    throw new LocusError(
      'INVALID_ARGUMENT',
      `${path}.$array: expected an array of that name beside the JSON, got ${JSON.stringify(name)}`,
    );
  }
  if (as !== undefined && as !== 'list') throw invalidArgument(`${path}.as`, '"list"', as);
  const data = arrays[name];
  return as === 'list' ? Array.from(data) : data;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
