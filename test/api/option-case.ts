/** What the test of options knows of a class or function, and the wrong values that it gives to every option. */

/** A way to call something that takes options. */
export interface OptionCase {
  /** Calls it with an object of options. */
  readonly call: (options: never) => unknown;
  /** Valid values of all of its options. */
  readonly valid: Readonly<Record<string, unknown>>;
  /** Wrong values, by the option that they are valid for. */
  readonly allowed?: Readonly<Record<string, readonly WrongName[]>>;
  /** The present name of every option that it takes under a former one too, by the former. */
  readonly former?: Readonly<Record<string, string>>;
  /** What errors call an option; "option" if left out. */
  readonly noun?: string;
  /** Whether a valid call would train, download or need what is not there: then it is not made. */
  readonly works?: boolean;
}

/** Values that fit few options, by name. */
export const wrongValues = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  negative: -1.5,
  huge: 1e300,
  number: '3',
  text: 'no such thing',
  empty: '',
  null: null,
  true: true,
  nothing: [],
  list: ['a', {}],
  object: {},
  function: () => 1,
  bigint: 3n,
  symbol: Symbol('wrong'),
  date: new Date(0),
} as const;

export type WrongName = keyof typeof wrongValues;

/** Former names of options that several calls take. */
export const formerImages = { nIter: 'images' } as const;
export const formerReadout = { ...formerImages, lc: 'linear' } as const;
export const formerDatabase = { path: 'database' } as const;
export const formerBatch = { batch: 'gpuBatch' } as const;

/** Wrong values that fit an option of a kind. */
export const texts: readonly WrongName[] = ['number', 'text', 'empty'];
export const names: readonly WrongName[] = ['number', 'text'];
export const flags: readonly WrongName[] = ['true'];
export const functions: readonly WrongName[] = ['function'];
export const signed: readonly WrongName[] = ['negative'];
export const endless: readonly WrongName[] = ['Infinity'];
