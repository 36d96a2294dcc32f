/** In what two stored networks differ: parameters, history, arrays, scores. */
import { readOptions } from '../options.js';
import {
  type DatabaseOptions,
  databaseSchema,
  type NetworkRecord,
  type ParameterValue,
  type Score,
  type StoredArray,
  readStore,
} from '../store/index.js';
import { compareTimelines, readTimeline, type TimelinePart } from './snn/timeline.js';

/** How far two arrays of one shape are apart. */
export interface ArrayDistance {
  /** Whether all bytes are the same. */
  readonly equal: boolean;
  /** Largest difference. */
  readonly maxAbs: number;
  /** Root of the mean squared difference. */
  readonly rms: number;
  /** Pearson's correlation; null where one of the two is constant. */
  readonly correlation: number | null;
}

export interface NetworkDifference {
  readonly a: { readonly name: string; readonly hash: string };
  readonly b: { readonly name: string; readonly hash: string };
  /** Whether parameters, history, arrays and scores are the same; names, dates and parents may differ. */
  readonly equal: boolean;
  /** The parameters that differ; one that a network does not have is left out. */
  readonly parameters: Readonly<Record<string, Sides<ParameterValue>>>;
  /** What both have learned first, and what each has after that; empty for networks that are not of the table. */
  readonly history: {
    readonly common: readonly TimelinePart[];
    readonly a: readonly TimelinePart[];
    readonly b: readonly TimelinePart[];
  };
  /** By name: the distance, or the shapes where they differ or only one of the two has the array. */
  readonly arrays: Readonly<Record<string, ArrayDistance | Sides<readonly number[]>>>;
  /** The scores that differ, by method. */
  readonly scores: Readonly<Record<string, Sides<Score>>>;
}

/** A value of each of the two networks, where they have one. */
export interface Sides<T> {
  readonly a?: T;
  readonly b?: T;
}

/**
 * Compares two stored networks, of any kind.
 *
 * @param options `database`: the database file, by default the one of the project
 * @throws LocusError `NOT_FOUND` as `loadNetwork`; `STORE_CORRUPT`
 */
export function diffNetworks(a: string, b: string, options: DatabaseOptions = {}): NetworkDifference {
  const { database } = readOptions('diffNetworks', databaseSchema, options);
  const [first, second] = readStore(database, (store) => [store.load(a), store.load(b)]);
  const parameters = collectDifferences<ParameterValue>(first.parameters, second.parameters);
  const history = compareTimelines(timelineOf(first), timelineOf(second));
  const arrays = compareArrays(first.arrays, second.arrays);
  const scores = collectDifferences<Score>(first.scores, second.scores);
  const isSame = (differences: object) => Object.keys(differences).length === 0;
  return {
    a: { name: first.name, hash: first.hash },
    b: { name: second.name, hash: second.hash },
    equal:
      isSame(parameters) &&
      isSame(scores) &&
      history.a.length + history.b.length === 0 &&
      Object.values(arrays).every((each) => 'equal' in each && each.equal),
    parameters,
    history,
    arrays,
    scores,
  };
}

function timelineOf({ name, parameters, meta }: NetworkRecord): TimelinePart[] {
  return readTimeline(parameters, meta, `network "${name}"`);
}

function collectDifferences<T>(
  a: Readonly<Partial<Record<string, T>>>,
  b: Readonly<Partial<Record<string, T>>>,
): Record<string, Sides<T>> {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    names.filter((name) => !isSameValue(a[name], b[name])).map((name) => [name, sidesOf(a[name], b[name])]),
  );
}

function isSameValue(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

function sidesOf<T>(a: T | undefined, b: T | undefined): Sides<T> {
  return { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) };
}

function compareArrays(
  a: NetworkRecord['arrays'],
  b: NetworkRecord['arrays'],
): Record<string, ArrayDistance | Sides<readonly number[]>> {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    names.map((name) => {
      const [first, second] = [a[name] as StoredArray | undefined, b[name] as StoredArray | undefined];
      const isComparable = first && second && first.shape.join() === second.shape.join();
      return [name, isComparable ? measureDistance(first, second) : sidesOf(first?.shape, second?.shape)];
    }),
  );
}

function measureDistance({ data: a }: StoredArray, { data: b }: StoredArray): ArrayDistance {
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
    Buffer.from(buffer, byteOffset, byteLength);
  const equal = a.constructor === b.constructor && bytes(a).equals(bytes(b));
  const n = Math.max(1, a.length);
  let [maxAbs, squares, sumA, sumB] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    maxAbs = Math.max(maxAbs, difference);
    squares += difference * difference;
    sumA += a[i];
    sumB += b[i];
  }
  let [covariance, varianceA, varianceB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [fromA, fromB] = [a[i] - sumA / n, b[i] - sumB / n];
    covariance += fromA * fromB;
    varianceA += fromA * fromA;
    varianceB += fromB * fromB;
  }
  const isConstant = varianceA === 0 || varianceB === 0;
  return {
    equal,
    maxAbs,
    rms: Math.sqrt(squares / n),
    correlation: isConstant ? null : covariance / Math.sqrt(varianceA * varianceB),
  };
}
