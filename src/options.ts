/** Reads options: an unknown name and a wrong value are errors that name place, option, expectation and value. */
import { invalidArgument, unknownName } from './errors.js';
import { warnOnce } from './warn.js';

/** Returns the value of an option, or throws an error that names the option and what it should be. */
export interface Field<Value> {
  (place: string, name: string, value: unknown): Value;
  readonly isRequired?: true;
  /** The present name of an option whose former name this field stands under. */
  readonly presentName?: string;
}

/** A field for every option; those without a default are `required`. */
export type Schema<Options> = {
  readonly [Name in keyof Options]-?: undefined extends Options[Name]
    ? Field<Options[Name]>
    : Field<Options[Name]> & { readonly isRequired: true };
};

/**
 * The given options under their present names, without those that are `undefined`: they have their defaults.
 *
 * @param place names the class or function in errors and notes
 * @throws LocusError `UNKNOWN_NAME` with a suggestion for an option that `schema` lacks, `INVALID_ARGUMENT` for a wrong value, or
 *   for an option under its present and its former name at once
 */
export function readOptions<Options extends object>(
  place: string,
  schema: Schema<Options>,
  given: unknown,
): Options {
  const options: Record<string, unknown> = {};
  const asGiven = given === undefined ? {} : plainObject(place, 'options', given);
  for (const name of Object.keys(asGiven)) {
    if (!Object.hasOwn(schema, name)) throw unknownName(place, 'option', name, listOptions(schema));
  }
  const values = replaceFormerNames(place, schema, asGiven);
  for (const [name, field] of Object.entries<Field<unknown>>(schema)) {
    const value = values[name];
    if (value !== undefined || field.isRequired) options[name] = field(place, name, value);
  }
  return options as Options;
}

/** The present names of all options. */
export function listOptions<Options extends object>(schema: Schema<Options>): string[] {
  return Object.entries<Field<unknown>>(schema)
    .filter(([, { presentName }]) => presentName === undefined)
    .map(([name]) => name);
}

function replaceFormerNames<Options extends object>(
  place: string,
  schema: Schema<Options>,
  asGiven: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const values = { ...asGiven };
  for (const [name, field] of Object.entries<Field<unknown>>(schema)) {
    if (field.presentName === undefined || values[name] === undefined) continue;
    if (values[field.presentName] !== undefined) {
      const expectation = `${field.presentName} or its former name ${name}, not both`;
      throw invalidArgument(place, expectation, asGiven);
    }
    values[field.presentName] = field(place, name, values[name]);
    delete values[name];
    noteFormerName(place, name, field.presentName);
  }
  return values;
}

/** Notes, once for every place, that a caller used a former name. */
export function noteFormerName(place: string, former: string, present: string): void {
  const note = `${place}: ${describeRenaming(former, present)}`;
  warnOnce(note, { type: 'DeprecationWarning', code: 'LOCUS_RENAMED' });
}

export function describeRenaming(former: string, present: string): string {
  return `${former} is now called ${present}; the former name goes with the next version.`;
}

/** The options that `schema` knows, for a function that takes some of another's. */
export function pickOptions<Options extends object>(schema: Schema<Options>, given: Options): Options {
  const known = Object.entries(given).filter(([name]) => Object.hasOwn(schema, name));
  return Object.fromEntries(known) as Options;
}

/** An option without a default. */
export function required<Value>(field: Field<Value>): Field<Value> & { readonly isRequired: true } {
  const own: Field<Value> = (place, name, value) => field(place, name, value);
  return Object.assign(own, { isRequired: true } as const);
}

/**
 * The former name of the option `present`: it works for one more version, with a note.
 *
 * @param field that of the option under its present name
 */
export function renamed<Value>(present: string, field: Field<Value>): Field<Value> {
  const former: Field<Value> = (place, name, value) => field(place, name, value);
  return Object.assign(former, { presentName: present });
}

/** @param expectation what follows the option's name: `to be a learning rule` */
export function custom<Value>(expectation: string, accepts: (value: unknown) => boolean): Field<Value> {
  return (place, name, value) => {
    if (!accepts(value)) throw invalidArgument(place, `${name} ${expectation}`, value);
    return value as Value;
  };
}

export interface NumberBounds {
  /** Smallest value, or the value that it lies above. */
  readonly least?: number;
  readonly above?: number;
  /** Largest value, or the value that it lies below. */
  readonly most?: number;
  readonly below?: number;
  readonly unit?: string;
  /** Whether ±Infinity is a value, as for a time constant without decay. */
  readonly infinite?: boolean;
}

/** A number that float32 can hold. */
export function number(bounds: NumberBounds = {}): Field<number> {
  const { least = -Infinity, above = -Infinity, most = Infinity, below = Infinity, infinite } = bounds;
  const isIn = (value: number) =>
    value >= least &&
    (value > above || above === -Infinity) &&
    value <= most &&
    (value < below || below === Infinity);
  return (place, name, value) => {
    if (typeof value !== 'number' || !isIn(value) || !(infinite || Number.isFinite(value))) {
      throw invalidArgument(place, describeNumber(name, bounds), value);
    }
    if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
      throw invalidArgument(place, `${name} from −3.4e38 to 3.4e38 (float32)`, value);
    }
    return value;
  };
}

function describeNumber(name: string, bounds: NumberBounds): string {
  const { least, above, most, below, unit, infinite } = bounds;
  const lower = least ?? above;
  const upper = most ?? below;
  if (lower === undefined && upper === undefined) {
    const inUnit = unit ? ` [${unit}]` : '';
    return infinite ? `${name} to be a number${inUnit}` : `a finite ${name}${inUnit}`;
  }
  const inUnit = unit ? ` ${unit}` : '';
  if (lower !== undefined && upper !== undefined) {
    const open = least === undefined ? '(' : '[';
    return `${name} in ${open}${lower}, ${upper}${most === undefined ? ')' : ']'}${inUnit}`;
  }
  const finite = infinite ? '' : 'a finite ';
  return lower === undefined
    ? `${finite}${name} ${most === undefined ? '<' : '≤'} ${upper}${inUnit}`
    : `${finite}${name} ${least === undefined ? '>' : '≥'} ${lower}${inUnit}`;
}

/** A whole number; `unit` is what it counts: `images`. */
export function count({
  least = 1,
  most,
  unit,
}: {
  readonly least?: number;
  readonly most?: number;
  readonly unit?: string;
} = {}): Field<number> {
  const range = most === undefined ? `≥ ${least}` : `from ${least} to ${most}`;
  return custom(
    `to be a whole number ${unit ? `of ${unit} ` : ''}${range}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= (most ?? Infinity),
  );
}

/** Threads that share work; each takes memory and a start, so there is a limit. */
export const mostThreads = 256;
export const threadCount = count({ most: mostThreads });

export const flag: Field<boolean> = custom('to be true or false', (value) => typeof value === 'boolean');

export const text: Field<string> = custom('to be text', (value) => typeof value === 'string');

/** A name or path, which is not empty. */
export const filledText: Field<string> = custom(
  'to be text that is not empty',
  (value) => typeof value === 'string' && value !== '',
);

/** One of several names. */
export function oneOf<const Value extends string>(known: readonly Value[]): Field<Value> {
  return (place, name, value) => {
    if (!(known as readonly unknown[]).includes(value)) throw unknownName(place, name, value, known);
    return value as Value;
  };
}

export function nullable<Value>(field: Field<Value>): Field<Value | null> {
  return (place, name, value) => (value === null ? null : field(place, name, value));
}

export function callback<Value>(): Field<Value> {
  return custom('to be a function', (value) => typeof value === 'function');
}

export const abortSignal: Field<AbortSignal> = custom(
  'to be an AbortSignal',
  (value) => value instanceof AbortSignal,
);

/** An instance of a class. */
export function instance<Value>(type: abstract new (...args: never[]) => Value): Field<Value> {
  return custom(`to be an instance of ${type.name}`, (value) => value instanceof type);
}

/** A list whose elements fit `element`. */
export function list<Value>(
  element: Field<Value>,
  { least = 0, length }: { readonly least?: number; readonly length?: number } = {},
): Field<readonly Value[]> {
  const size = length === undefined ? (least > 0 ? ` of at least ${least}` : '') : ` of ${length}`;
  return (place, name, value) => {
    if (!Array.isArray(value) || value.length < least || (length !== undefined && value.length !== length)) {
      throw invalidArgument(place, `${name} to be a list${size}`, value);
    }
    return value.map((each: unknown, i) => element(place, `${name}[${i}]`, each));
  };
}

/** Two numbers. */
export function pair(bounds: NumberBounds = {}): Field<readonly [number, number]> {
  return list(number(bounds), { length: 2 }) as Field<readonly [number, number]>;
}

/** A list of numbers or a typed array. */
export const numbers: Field<ArrayLike<number>> = custom(
  'to be a list of numbers or a typed array',
  (value) =>
    Array.isArray(value)
      ? value.every((each) => typeof each === 'number')
      : isTypedArray(value) && typeof value[0] !== 'bigint',
);

/** A result of another call, which has these fields at least. */
export function objectWith<Value extends object>(...names: readonly (keyof Value & string)[]): Field<Value> {
  return custom(`to be an object with ${names.join(', ')}`, (value) => {
    const given = Object(value ?? {}) as Partial<Value>;
    return names.every((name) => given[name] !== undefined);
  });
}

/** A list of objects, whatever is in them. */
export const objects: Field<readonly object[]> = custom(
  'to be a list of objects',
  (value) => Array.isArray(value) && value.every(isObject),
);

/** An object with string names whose values fit `entry`. */
export function record<Value>(entry: Field<Value>): Field<Readonly<Record<string, Value>>> {
  return (place, name, value) =>
    Object.fromEntries(
      Object.entries(plainObject(place, name, value)).map(([key, each]) => [
        key,
        entry(place, `${name}.${key}`, each),
      ]),
    );
}

/** An object of options within options; errors name it behind the place: `NnmfTraining, rates`. */
export function nested<Options extends object>(schema: Schema<Options>): Field<Options> {
  return (place, name, value) => readOptions(`${place}, ${name}`, schema, plainObject(place, name, value));
}

/** Whether a value is an object with names: no list, array, function or null. */
export function isObject(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function plainObject(place: string, name: string, value: unknown): Record<string, unknown> {
  if (!isObject(value)) {
    throw invalidArgument(place, `${name} as an object`, value);
  }
  return value as Record<string, unknown>;
}

function isTypedArray(value: unknown): value is ArrayLike<unknown> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
