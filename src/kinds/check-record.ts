/** The one check of a record: whoever reads it gets its values from here, and nothing is stored that would fail it. */
import type { z } from 'zod';
import { LocusError } from '../errors.js';
import { requirePackage } from '../node/require-package.js';
import type { Checkpoint, NetworkInput, NetworkRecord } from '../store/index.js';
import { describeExpectation, describeIssue, joinPath } from './field-schemas.js';
import {
  type ArrayShapes,
  checkArrays,
  type CheckedArrays,
  type CheckPlace,
  joinPlace,
  type RecordShape,
} from './record-shape.js';

/** The part of a network or checkpoint that its kind defines. */
export type StoredParts = Pick<NetworkInput, 'parameters' | 'meta' | 'arrays'>;

/** The values of a valid record. */
export interface CheckedRecord<P, M, A extends ArrayShapes> {
  readonly parameters: P;
  readonly meta: M;
  readonly arrays: CheckedArrays<A>;
}

/**
 * The values of a record.
 *
 * @throws LocusError naming the record, the first field that is wrong, the expectation and the value, as
 *   `network "digits", meta.history[2].testCorrect: expected a number in [0, 1], got "x"`; `UNKNOWN_NAME` where the shape depends
 *   on a name that is not known here
 */
export function checkRecord<P, M, A extends ArrayShapes>(
  shape: RecordShape<P, M, A>,
  record: StoredParts,
  at: CheckPlace,
): CheckedRecord<P, M, A> {
  const { z } = requirePackage('zod');
  const parameters = checkField('parameters', shape.parameters(z), record.parameters, at);
  const meta = checkField('meta', shape.meta(z, parameters), record.meta, at);
  const shapes = blaming('parameters', at, () => shape.arrays(parameters, meta, record.arrays));
  return { parameters, meta, arrays: checkArrays(shapes, record.arrays, at) };
}

/** The values of a stored network. Errors: `STORE_CORRUPT` as `checkRecord`. */
export function checkNetworkRecord<P, M, A extends ArrayShapes>(
  shape: RecordShape<P, M, A>,
  record: NetworkRecord,
): CheckedRecord<P, M, A> {
  return checkRecord(shape, record, { place: `network "${record.name}"` });
}

/** The values of a checkpoint. Errors: `STORE_CORRUPT` as `checkRecord`. */
export function checkCheckpoint<P, M, A extends ArrayShapes>(
  shape: RecordShape<P, M, A>,
  checkpoint: Pick<Checkpoint, 'key'> & StoredParts,
): CheckedRecord<P, M, A> {
  return checkRecord(shape, checkpoint, { place: `checkpoint "${checkpoint.key}"` });
}

/** The value of one field of a record. Errors as `checkRecord`. */
export function checkField<T>(field: string, schema: z.ZodType<T>, value: unknown, at: CheckPlace): T {
  const { place, code = 'STORE_CORRUPT' } = at;
  const { data, error } = blaming(field, at, () =>
    schema.safeParse(value, { error: describeExpectation, reportInput: true }),
  );
  if (error === undefined) return data;
  const [issue] = error.issues;
  const problem =
    issue.code === 'unrecognized_keys'
      ? `${joinPath(field, [...issue.path, issue.keys[0]])}: expected no field of this name`
      : `${joinPath(field, issue.path)}: ${describeIssue(issue)}`;
  throw new LocusError(code, joinPlace(place, problem));
}

/**
 * An error of the action is one of this field: parameters that no network can have, or that ask for more memory than there is. A
 * name that is not known here, as that of a data set from elsewhere, is no damage.
 */
function blaming<T>(field: string, { place, code = 'STORE_CORRUPT' }: CheckPlace, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const isUnknownName = cause instanceof LocusError && cause.code === 'UNKNOWN_NAME';
    if (isUnknownName || !(cause instanceof LocusError || cause instanceof RangeError)) throw cause;
    throw new LocusError(code, `${joinPlace(place, field)}: ${cause.message}`, { cause });
  }
}
