/** docs/limits.md says what the code does: its numbers, the errors beyond them, and the tests that it names. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mostKernelSteps } from '../../src/core/definitions/convolutions.js';
import { mostOperations, mostVariables } from '../../src/core/engine/gpu/plan-defined.js';
import { limits as pickleLimits } from '../../src/formats/pickle.js';
import { largestExponent } from '../../src/layers/positive-function.js';
import { float32Limits } from './float32-limits.js';
import { limitCases } from './limit-cases.js';

const page = readFileSync('docs/limits.md', 'utf8');

interface Row {
  readonly limit: string;
  /** The number that the second column begins with. */
  readonly value: number | undefined;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly test: string;
}

const rows: readonly Row[] = [...page.matchAll(/^\| (.+?) \| (.+?) \| (.+?) \| `(\S+\.test\.ts)` \|$/gm)].map(
  ([, limit, value, beyond, test]) => {
    const [number] = /^\d[\d,.e+]*/.exec(value) ?? [];
    const [, code, message] = /^`([A-Z_]+)`(?:: `(.+)`)?$/.exec(beyond) ?? [];
    return { limit, value: number && Number(number.replaceAll(',', '')), code, message, test } as Row;
  },
);

/** Values of the rows whose limits other tests reach. */
const elsewhere: Readonly<Record<string, number>> = {
  ...float32Limits,
  'steps that a kernel of a definition covers': mostKernelSteps,
  'variables of defined neurons on a GPU': mostVariables,
  'operations of defined neurons on a GPU': mostOperations,
  'operations of a defined rule on a GPU': mostOperations,
  'instructions of a pickle': pickleLimits.instructions,
  'nesting of a pickle': pickleLimits.nesting,
  'exponent of NNMF weights (`positiveFunctionType` 1)': largestExponent,
};

it('has a row for every limit that is tested here, and only tables that can be read', () => {
  expect(rows.map(({ limit }) => limit)).toEqual(expect.arrayContaining(Object.keys(limitCases)));
  expect(page.match(/\.test\.ts` \|$/gm)).toHaveLength(rows.length);
});

it.each(rows)('$limit: has the number of the code, and a test', ({ limit, value, test }) => {
  expect(existsSync(test)).toBe(true);
  expect(Object.keys(limitCases).includes(limit)).toBe(test === 'test/limits/limits-page.test.ts');
  expect(value).toBe(limitCases[limit]?.value ?? elsewhere[limit]);
});

const reached = Object.entries(limitCases).filter(([, { within }]) => within);

it.each(reached)('%s: can be reached', async (_, { within }) => {
  const attempt = async () => within?.();
  await expect(attempt()).resolves.not.toThrow();
});

it.each(Object.entries(limitCases))('%s: end in the error of the page', async (limit, found) => {
  const { code, message } = rows.find((row) => row.limit === limit) as Row;
  const attempt = async () => found.beyond();
  await expect(attempt()).rejects.toMatchObject({
    name: 'LocusError',
    code,
    message: expect.stringContaining(message as string),
  });
});

it('lists every code of errors', () => {
  const [, union] = /type LocusErrorCode =([^;]+);/.exec(readFileSync('src/errors.ts', 'utf8')) ?? [];
  const codes = [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code);
  const listed = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(10);
  expect(listed).toEqual(codes);
});
