/** Fields that the schemas of records and configurations share, and the wording of what is wrong with a value. */
import type { z as zod } from 'zod';
import { show } from '../errors.js';
import type { Zod } from './record-shape.js';

/** Schemas of single values; their messages say what a value must be. */
export function makeFields(z: Zod) {
  const atLeast = (least: number, expectation: string) => z.number(expectation).min(least, expectation);
  const wholeFrom = (least: number) => {
    const expectation = `a whole number ≥ ${least}`;
    return z.int(expectation).min(least, expectation);
  };
  const share = 'a number in [0, 1]';
  const positive = 'a number > 0';
  return {
    count: wholeFrom(0),
    countFrom1: wholeFrom(1),
    share: z.number(share).min(0, share).max(1, share),
    positive: z.number(positive).gt(0, positive),
    notNegative: atLeast(0, 'a number ≥ 0'),
  };
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
};

/** What a value must be, where the schema's own message does not say it; the `error` of `safeParse`. */
export function describeExpectation(issue: zod.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      return 'discriminator' in issue && Array.isArray(issue.options)
        ? oneOf(issue.options)
        : 'another value';
    case 'too_small':
      return limit(issue.origin, issue.inclusive ? '≥' : '>', issue.minimum);
    case 'too_big':
      return limit(issue.origin, issue.inclusive ? '≤' : '<', issue.maximum);
    default:
      return 'another value';
  }
}

/** `expected a number in [0, 1], got "x"`, for an issue of `safeParse` with `reportInput`; own checks have words of their own. */
export function describeIssue({ code, message, input }: zod.core.$ZodIssue): string {
  return code === 'custom' ? message : `expected ${message}, got ${show(input)}`;
}

/** `history[2].testCorrect` behind the name of the whole. */
export function joinPath(whole: string, path: readonly PropertyKey[]): string {
  const parts = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return whole + parts.join('');
}

function limit(origin: string, relation: string, value: unknown): string {
  return origin === 'array'
    ? `${relation} ${String(value)} entries`
    : `a number ${relation} ${String(value)}`;
}

function oneOf(values: readonly unknown[]): string {
  const spelled = values.map((value) => show(value));
  return spelled.length === 1 ? spelled[0] : `one of ${spelled.join(', ')}`;
}
