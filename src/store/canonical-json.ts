/** The one spelling of a network's parameters, and the name that follows from it. */
import { hash } from 'node:crypto';
import { invalidArgument, LocusError } from '../errors.js';

/** A published parameter: a number (infinities allowed, NaN not), text, truth value, null, or a list of these. */
export type ParameterValue = number | string | boolean | null | readonly ParameterValue[];

/** Parameters by published name: `{ network_type: 'LC_SNN', n_filters: 25, c_w: -100, c_w_min: -Infinity, … }`. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

const namePattern = /^[A-Za-z]\w*$/;
const unpairedSurrogate = /\p{Surrogate}/u;

/**
 * The canonical JSON of `parameters`: keys sorted, no spaces, every number in its shortest spelling that reads back to the same
 * number, −0 as 0, infinities as `"Infinity"` and `"-Infinity"`.  Different parameters have different spellings.
 *
 * @throws LocusError `INVALID_ARGUMENT` for a value that has no spelling (NaN, undefined, an object, text "Infinity")
 */
export function canonicalJson(parameters: Parameters): string {
  const fields = Object.keys(parameters)
    .sort()
    .map((name) => {
      if (!namePattern.test(name)) {
        throw invalidArgument('parameters', 'names of letters, digits and underscores', name);
      }
      return `${JSON.stringify(name)}:${spell(parameters[name], name)}`;
    });
  return `{${fields.join(',')}}`;
}

/**
 * Reads canonical JSON back.
 *
 * @throws SyntaxError if the text is not the JSON of an object
 */
export function parseParameters(json: string): Parameters {
  const parameters: unknown = JSON.parse(json);
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    throw new SyntaxError('expected the JSON of an object');
  }
  const values = parameters as Record<string, ParameterValue>;
  for (const name of Object.keys(values)) values[name] = readInfinities(values[name]);
  return values;
}

/** Faster than a reviver of `JSON.parse`, which is called for every value. */
function readInfinities(value: ParameterValue): ParameterValue {
  if (value === 'Infinity') return Infinity;
  if (value === '-Infinity') return -Infinity;
  return Array.isArray(value) ? value.map(readInfinities) : value;
}

/**
 * Reads the canonical JSON in a database.
 *
 * @param place names it in errors
 * @throws LocusError `STORE_CORRUPT` if another program left something else there
 */
export function readParameters(json: string, place: string): Parameters {
  try {
    return parseParameters(json);
  } catch (cause) {
    throw new LocusError('STORE_CORRUPT', `${place}: ${(cause as Error).message}`, { cause });
  }
}

/** A parameter as a column holds it: truth values as 1 and 0, lists as canonical JSON, infinities as they are. */
export function toColumn(value: ParameterValue | undefined): number | string | null {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'object' && value !== null ? spell(value, 'list') : (value ?? null);
}

/** The name of a network with these parameters: the SHA-224 of their canonical JSON, 56 hexadecimal digits. */
export function networkName(parameters: Parameters): string {
  return sha224(canonicalJson(parameters));
}

/** SHA-224 of a text in UTF-8, in hexadecimal. */
export function sha224(text: string): string {
  return hash('sha224', text);
}

function spell(value: ParameterValue, name: string): string {
  if (Array.isArray(value)) return `[${value.map((item: ParameterValue) => spell(item, name)).join(',')}]`;
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && !Number.isNaN(value)) {
    return Number.isFinite(value) ? JSON.stringify(value) : `"${value}"`;
  }
  // The spelling of an infinity must not be taken for text, nor text that UTF-8 cannot hold be changed silently.
  if (typeof value === 'string' && !/^-?Infinity$/.test(value) && !unpairedSurrogate.test(value)) {
    return JSON.stringify(value);
  }
  throw invalidArgument(`parameter ${name}`, 'a number, text, true, false, null or a list of these', value);
}
