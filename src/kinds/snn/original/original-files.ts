/** The files of a network folder: its bytes, and the JSON that Python wrote, with its words for infinity and not a number. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LocusError } from '../../../errors.js';
import { damaged, damagedAs } from '../../../formats/damaged.js';
import { requirePackage } from '../../../node/require-package.js';

/** A published parameter: text, a truth value, nothing, or any number that Python knows. */
export type ParameterValue = number | string | boolean | null;

/** An accuracy in [0, 1] and its error over `nIter` test images. */
export interface OriginalScore {
  accuracy: number;
  error: number;
  nIter: number;
}

/** As much as one read fills: enough for the dense matrices of 20,000 neurons, where the largest published network has 9,000. */
export const largestFile = 2 ** 31 - 1;
export const largestJson = 2 ** 20;

/**
 * The bytes of a file of the folder, or `undefined` if there is none.
 *
 * @throws LocusError `DATA_MISSING` if it cannot be read, `DATA_CORRUPT` if it is no file, or larger than any of its kind
 */
export function readFileOf(folder: string, name: string, limit = largestFile): Buffer | undefined {
  const path = join(folder, name);
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    // A pipe or device would be read without end.
    if (!stats.isFile()) throw damagedAs(path, 'a file', 'something else');
    if (stats.size > limit) throw damaged(path, `at most ${limit} bytes`, stats.size);
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof LocusError) throw cause;
    throw new LocusError('DATA_MISSING', `${path}: cannot be read (${(cause as Error).message})`, { cause });
  }
}

export function requireFileOf(folder: string, name: string, limit?: number): Buffer {
  const bytes = readFileOf(folder, name, limit);
  if (bytes === undefined) {
    const expected = 'a network folder of the original program holds parameters.json and network';
    throw new LocusError('DATA_MISSING', `${join(folder, name)}: there is no such file; ${expected}`);
  }
  return bytes;
}

/** The parameters as published, in the file's order. */
export function readParameters(folder: string): Map<string, ParameterValue> {
  const path = join(folder, 'parameters.json');
  const entries = Object.entries(
    parsePythonJson(requireFileOf(folder, 'parameters.json', largestJson), path),
  );
  for (const [name, value] of entries) {
    if (!/^[A-Za-z]\w{0,63}$/.test(name)) throw damaged(path, 'the name of a parameter', name);
    const plain = ['number', 'string', 'boolean'].includes(typeof value) || value === null;
    if (!plain) throw damagedAs(`${path}, ${name}`, 'a number, text, true, false or null', 'something else');
  }
  return new Map(entries as [string, ParameterValue][]);
}

/**
 * Accuracies by method; `null` where a method was not tested. A folder without `score.json` has none.
 *
 * @param nTested images in the confusion matrix, or null where the folder has none
 */
export function readScores(folder: string, nTested: number | null): Record<string, OriginalScore | null> {
  const path = join(folder, 'score.json');
  const bytes = readFileOf(folder, 'score.json', largestJson);
  if (bytes === undefined) return {};
  const published = parsePythonJson(bytes, path);
  if ('accuracy_method' in published) return readOlderScore(published, nTested, path);
  const scoreSchema = makeScoreSchema();
  const entries = Object.entries(published);
  return Object.fromEntries(
    entries.map(([method, value]) => {
      if (!/^[a-z]\w{0,63}$/.test(method)) throw damaged(path, 'the name of a voting method', method);
      const { success, data, error: cause } = scoreSchema.safeParse(value);
      if (!success)
        throw damagedAs(`${path}, ${method}`, 'accuracy, error and n_iter', 'something else', cause);
      const { accuracy, error, n_iter: nIter } = data;
      if (accuracy === null) return [method, null];
      if (error === null || nIter === null) {
        throw damaged(`${path}, ${method}`, 'an error and a number of images with the accuracy', null);
      }
      return [method, { accuracy, error, nIter }];
    }),
  );
}

/**
 * The older form, which holds the score of one method and not the number of its images. The error tells it, the binomial standard
 * error of the accuracy; for an accuracy of 0 or 1, whose error is 0, the confusion matrix does.
 */
function readOlderScore(
  published: object,
  nTested: number | null,
  path: string,
): Record<string, OriginalScore | null> {
  const { z } = requirePackage('zod');
  const schema = z.object({
    accuracy: z.number().min(0).max(1).nullable(),
    error: z.number().min(0).nullable(),
    accuracy_method: z
      .string()
      .regex(/^[a-z]\w{0,63}$/)
      .nullable(),
  });
  const { success, data, error: cause } = schema.safeParse(published);
  if (!success) throw damagedAs(path, 'accuracy, error and accuracy_method', 'something else', cause);
  const { accuracy, error, accuracy_method: method } = data;
  if (method === null) return {};
  if (accuracy === null) return { [method]: null };
  if (error === null) throw damaged(path, 'an error with the accuracy', null);
  const nIter = error > 0 ? Math.round((accuracy * (1 - accuracy)) / error ** 2) : nTested;
  if (nIter === 0) throw damaged(`${path}, error`, 'the standard error of the accuracy', error);
  return { [method]: nIter === null ? null : { accuracy, error, nIter } };
}

function makeScoreSchema() {
  const { z } = requirePackage('zod');
  return z.object({
    accuracy: z.number().min(0).max(1).nullable(),
    error: z.number().min(0).nullable(),
    n_iter: z.int().min(1).nullable(),
  });
}

/** An object in Python's JSON. JSON5 contains it, with Infinity, -Infinity and NaN. */
function parsePythonJson(bytes: Buffer, path: string): object {
  const JSON5 = requirePackage('json5');
  let value: unknown;
  try {
    value = JSON5.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damagedAs(path, 'JSON', (cause as Error).message, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw damagedAs(path, 'a JSON object', 'another value');
  }
  return value;
}
