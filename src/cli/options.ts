/** Options that several commands share, and the ways to read a value from its text. */
import { suggestName } from '../errors.js';
import type { CommandOption } from './command.js';
import { UsageError } from './usage-error.js';

interface Extras extends Pick<CommandOption, 'listing'> {
  readonly group?: string;
  readonly defaultDescription?: string;
  readonly alias?: string;
  /** The name that the option had in the version before. */
  readonly formerly?: string;
}

/** An option with a value that `parse` makes of its text; undefined where it is not given. */
export function valueOption<T>(
  describe: string,
  parse: (text: string) => T,
  extras: Extras = {},
): CommandOption<T | undefined> {
  return {
    describe,
    requiresArg: true,
    ...extras,
    coerce: (given) => {
      // yargs gives a list where an option stands twice.
      if (Array.isArray(given)) throw new UsageError(`expected one value, got ${given.join(' and ')}`);
      return given === undefined ? undefined : parse(given as string);
    },
  };
}

/** `--name value`: any text but none. */
export function textOption(describe: string, extras?: Extras): CommandOption<string | undefined> {
  return valueOption(describe, parseText, extras);
}

/** `--name 5`: a whole number, at least `least`. */
export function countOption(
  describe: string,
  least: number,
  extras?: Extras,
): CommandOption<number | undefined> {
  return valueOption(describe, (text) => parseCount(text, least), extras);
}

/** `--name -0.5` */
export function numberOption(describe: string, extras?: Extras): CommandOption<number | undefined> {
  return valueOption(describe, parseNumber, extras);
}

/** `--name value`, one of a few. */
export function choiceOption<const T extends string>(
  describe: string,
  choices: readonly T[],
  extras?: Extras,
): CommandOption<T | undefined> {
  return valueOption(`${describe}: ${choices.join(', ')}`, (text) => parseChoice(text, choices), extras);
}

/** `--name 1,2,3` */
export function listOption<T>(
  describe: string,
  parse: (text: string) => T,
  extras?: Extras,
): CommandOption<T[] | undefined> {
  return valueOption(describe, (text) => text.split(',').map((part) => parse(part.trim())), extras);
}

/** `--name value value …` */
export function textsOption(describe: string, extras: Extras = {}): CommandOption<string[] | undefined> {
  return {
    describe,
    array: true,
    requiresArg: true,
    ...extras,
    coerce: (given) => (given as unknown[] | undefined)?.map((text) => parseText(String(text))),
  };
}

/** `--name`, `--no-name`; undefined where neither is given. */
export function flagOption(describe: string, extras: Extras = {}): CommandOption<boolean | undefined> {
  return { describe, boolean: true, ...extras, coerce: (given) => given as boolean | undefined };
}

export function parseText(text: string): string {
  if (text === '') throw new UsageError('expected a value, got ""');
  return text;
}

export function parseNumber(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(value)) throw new UsageError(`expected a number, got "${text}"`);
  return value;
}

export function parseCount(text: string, least: number): number {
  const value = parseNumber(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`expected a whole number ≥ ${least}, got "${text}"`);
  }
  return value;
}

export function parseChoice<const T extends string>(text: string, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === text);
  if (chosen === undefined) {
    throw new UsageError(`expected ${choices.join(', ')}, got "${text}".${suggestName(text, choices)}`);
  }
  return chosen;
}

/** `from,to`: the images from `from` up to, but not including, `to`. */
export function parseInterval(text: string): readonly [from: number, to: number] {
  const ends = text.split(',');
  if (ends.length !== 2) throw new UsageError(`expected from,to (such as 0,1000), got "${text}"`);
  return [parseCount(ends[0], 0), parseCount(ends[1], 1)];
}

/** Group of the options that say where things lie and run. */
export const whereGroup = 'Where:';

const where = { group: whereGroup };

export const databaseOption = {
  db: textOption('database file', { ...where, defaultDescription: 'LOCUS_DB, or networks/networks.db' }),
  journal: choiceOption(
    'how the database keeps changes from now on; delete works without shared memory (sshfs, some NFS)',
    ['wal', 'delete'],
    { ...where, defaultDescription: 'as the file is; wal for a new one' },
  ),
} as const;

export const dataDirOption = {
  'data-dir': textOption('folder of the data files', {
    ...where,
    defaultDescription: 'LOCUS_DATA_DIR, or data',
  }),
} as const;

export const dataOptions = {
  dataset: textOption('data set', {
    ...where,
    listing: async () => (await import('../datasets/registry.js')).datasetNames.join(', '),
    defaultDescription: 'mnist if it is found, else mnist-10k',
    formerly: 'data',
  }),
  ...dataDirOption,
} as const;

export const engineOptions = {
  engine: textOption('engine: wasm, reference, gpu, gpu-webasm, or auto, which measures and tells', {
    ...where,
    defaultDescription: 'wasm',
  }),
  'gpu-batch': countOption('images that a GPU evaluates at a time; results do not depend on it', 1, {
    ...where,
    defaultDescription: 'as its memory suits',
    formerly: 'batch',
  }),
  threads: countOption('threads; results do not depend on it', 1, {
    ...where,
    defaultDescription: 'as many as the machine runs at once',
  }),
} as const;
