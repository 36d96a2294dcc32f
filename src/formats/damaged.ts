/** The wording of every complaint about a file that is being imported. */
import { LocusError } from '../errors.js';

/** A file that is not what it should be: names the place, what was expected there and the value that was found. */
export function damaged(place: string, expectation: string, found: unknown, cause?: unknown): LocusError {
  return damagedAs(place, expectation, brief(found), cause);
}

/** The same, with words for what was found. */
export function damagedAs(place: string, expectation: string, found: string, cause?: unknown): LocusError {
  return new LocusError('DATA_CORRUPT', `${place}: expected ${expectation}, got ${found}`, { cause });
}

/** A file that asks for something which is not on the closed list of what an import may build. */
export function foreign(place: string, name: string): LocusError {
  return new LocusError(
    'FOREIGN_CONTENT',
    `${place}: ${brief(name)} is not part of a saved network; nothing of the file was executed`,
  );
}

/** At most a line of a value that came from a file and can be anything. */
function brief(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value === 'bigint') return 'an integer beyond 2^53';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Map) return `a dictionary of ${value.size}`;
  return typeof value === 'object' && 'kind' in value ? `a ${String(value.kind)}` : 'an object';
}
