/** JSON that loses nothing: what would be changed silently is refused. */
import { invalidArgument, LocusError } from '../errors.js';

/**
 * The JSON of a value made of plain objects, arrays, text, finite numbers, truth values and null.
 * Object fields that are undefined are left out.
 *
 * @param place names the value in errors
 * @throws LocusError `INVALID_ARGUMENT` naming the field, for example `meta.history[3]: expected a finite number, got NaN`
 */
export function toPlainJson(value: unknown, place: string): string {
  check(value, place);
  return JSON.stringify(value);
}

/** @throws LocusError `STORE_CORRUPT` if the text in the database is no JSON any more */
export function readJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LocusError('STORE_CORRUPT', `${place}: expected JSON, got ${(cause as Error).message}`, {
      cause,
    });
  }
}

function check(value: unknown, place: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalidArgument(place, 'a finite number', value);
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) check(value[i], `${place}[${i}]`);
  } else if (isPlainObject(value)) {
    for (const [name, field] of Object.entries(value)) {
      if (field !== undefined) check(field, `${place}.${name}`);
    }
  } else {
    const kind = value === undefined ? value : Object(value).constructor.name;
    throw invalidArgument(place, 'a value that JSON can hold', kind);
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
