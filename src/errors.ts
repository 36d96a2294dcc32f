/** The one error class that callers can act on, and the wording every message shares. */
import { distance } from 'fastest-levenshtein';

/** What went wrong, for programs; the message says it for people. */
export type LocusErrorCode =
  | 'INVALID_ARGUMENT'
  | 'UNKNOWN_NAME'
  | 'DATA_MISSING'
  | 'DATA_CORRUPT'
  | 'FOREIGN_CONTENT'
  | 'NOT_CALIBRATED'
  | 'STORE_CORRUPT'
  | 'STORE_VERSION'
  | 'STORE_UNAVAILABLE'
  | 'NOT_FOUND'
  | 'NAME_TAKEN'
  | 'ENGINE_UNAVAILABLE'
  | 'DEVICE_LOST'
  | 'DEVICE_MEMORY'
  | 'INTERRUPTED'
  | 'BUSY'
  | 'DISPOSED'
  | 'NETWORK_UNREACHABLE'
  | 'BROWSER_UNAVAILABLE';

/** An error of Locus that a caller can recognise by its `code`. */
export class LocusError extends Error {
  override readonly name = 'LocusError';

  constructor(
    readonly code: LocusErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A wrong value: names the place, what was expected and what came, as `LC_SNN: expected stride ≥ 1, got 0`. */
export function invalidArgument(place: string, expectation: string, got: unknown): LocusError {
  return new LocusError('INVALID_ARGUMENT', `${place}: expected ${expectation}, got ${show(got)}`);
}

/** An unknown name among known ones, with the nearest of them as a suggestion; a wrong value if it is not text. */
export function unknownName(
  place: string,
  what: string,
  name: unknown,
  known: readonly string[],
): LocusError {
  if (typeof name !== 'string') {
    return invalidArgument(place, `${what} to be one of ${known.join(', ')}`, name);
  }
  return new LocusError(
    'UNKNOWN_NAME',
    `${place}: unknown ${what} "${name}".${suggestName(name, known)} Known: ${known.join(', ')}.`,
  );
}

/** ` Did you mean "kernelSize"?`, or nothing where no known name is near. */
export function suggestName(name: string, known: readonly string[]): string {
  const fold = (text: string) => text.toLowerCase().replaceAll(/[-_\s]/g, '');
  const wanted = fold(name);
  const nearest = findNearest(known, (candidate) => distance(wanted, fold(candidate)));
  if (nearest && nearest.d <= Math.max(2, name.length / 3)) return ` Did you mean "${nearest.candidate}"?`;
  // A name that goes on behind a known one: `threshold`, `thresh`.
  const beginnings = known.filter((candidate) => candidate.length > 3);
  const begun = findNearest(beginnings, (candidate) =>
    distance(wanted.slice(0, fold(candidate).length), fold(candidate)),
  );
  return begun && begun.d <= begun.candidate.length / 3 ? ` Did you mean "${begun.candidate}"?` : '';
}

function findNearest(
  known: readonly string[],
  measure: (candidate: string) => number,
): { candidate: string; d: number } | undefined {
  return known
    .map((candidate) => ({ candidate, d: measure(candidate) }))
    .sort((a, b) => a.d - b.d)
    .at(0);
}

/** A value on one line, at most 80 characters of it. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${(value as Uint8Array).length})`;
  const text = showObject(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function showObject(value: unknown): string {
  try {
    const text = JSON.stringify(value, (_, part: unknown) =>
      typeof part === 'bigint' || (typeof part === 'number' && !Number.isFinite(part)) ? String(part) : part,
    ) as string | undefined;
    return text ?? Object.prototype.toString.call(value);
  } catch {
    // An object that contains itself.
    return Object.prototype.toString.call(value);
  }
}
