/** Invents texts for definitions: sentences of the grammar, and what should never be one. */
import { functions } from '../../src/core/definitions/tree.js';
import type { Below } from './mutate.js';

const strangeNames = [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'prototype',
  'this',
  'ν',
  'vé',
  '𝑣',
  'v\u200b',
];
const calls = ['exp', 'log', 'sqrt', 'abs', 'floor', 'min', 'max', 'clip', 'pow', 'uniform', 'normal'];
const strangeCalls = ['convolve', 'valueOf', 'constructor', 'eval', 'max'];
const operandsOf: Readonly<Record<string, number>> = functions;
const operators = ['+', '-', '*', '/', '<', '<=', '>', '>=', '==', '!=', '&&', '||'];
const strangeOperators = ['**', '%', '===', '??', ',', '=>', '.', '|'];
const assignments = ['=', '+=', '-=', '*=', '/='];
const literals = ['0', '1', '2', '0.5', '1e-3', '.25', '5.'];
const strangeLiterals = ['-0', '1e38', '3.5e38', '1e-45', '1e400', '0x1f', '1_000', '1n', '9'.repeat(400)];

/** Texts that must be refused wherever they stand: they would run, reach a prototype, or overflow a stack. */
const hostile = [
  'globalThis.fuzzed = 1',
  'fuzzed = globalThis.fuzzed = 1',
  'constructor.constructor("globalThis.fuzzed = 1")()',
  'v = (() => { globalThis.fuzzed = 1 })()',
  'v = `${globalThis.fuzzed = 1}`',
  'v = import("node:fs")',
  'Object.prototype.fuzzed = 1',
  '__proto__.fuzzed = 1',
  '__proto__ = 1',
  'v = { __proto__: 1 }',
  'while (true) {}',
  'v = v.constructor',
  'v = /(a+)+$/',
  '// nothing',
  '/* open',
  '\\u{110000}',
  '\ud800',
];

const pick = <T>(from: readonly T[], below: Below): T => from[below(from.length)];

function inventExpression(below: Below, names: readonly string[], depth: number): string {
  const part = () => inventExpression(below, names, depth - 1);
  if (depth <= 0 || below(4) === 0) {
    if (below(3) === 0) return pick(below(10) === 0 ? strangeLiterals : literals, below);
    return pick(below(200) === 0 ? strangeNames : names, below);
  }
  switch (below(5)) {
    case 0:
      return `(${pick(['-', '!', '+'], below)}${part()})`;
    case 1:
      return `(${part()} ? ${part()} : ${part()})`;
    case 2: {
      const name = pick(below(30) === 0 ? strangeCalls : calls, below);
      const count = below(50) === 0 ? below(4) : (operandsOf[name] ?? 1);
      return `${name}(${Array.from({ length: count }, part).join(', ')})`;
    }
    default:
      return `(${part()} ${pick(below(200) === 0 ? strangeOperators : operators, below)} ${part()})`;
  }
}

/** A text of one kind over and over. */
function inventDepth(below: Below): string {
  const times = pick([10, 150, 199, 201, 1000, 9000, 40_000], below);
  const [before, middle, after] = pick(
    [
      ['(', 'v', ')'],
      ['-', 'v', ''],
      ['!', 'v', ''],
      ['exp(', 'v', ')'],
      ['v + ', 'v', ''],
      ['v ? v : ', 'v', ''],
      ['v < ', 'v', ''],
      ['[', '', ']'],
      ['v = v;', 'v = v', ''],
      ['a', '', ''],
    ] as const,
    below,
  );
  const text = before.repeat(times) + middle + after.repeat(times);
  return below(2) === 0 ? text : `v = ${text}`;
}

function inventAssignments(below: Below, names: readonly string[], targets: readonly string[]): string {
  return Array.from({ length: 1 + below(4) }, () => {
    const target = pick(below(50) === 0 ? strangeNames : targets, below);
    return `${target} ${pick(assignments, below)} ${inventExpression(below, names, below(5))}`;
  }).join(pick(['\n', ';', ' ; ', '\r\n'], below));
}

/**
 * @param names what its sentences are made of
 * @param targets what its assignments are to; null: its sentences are expressions
 */
export function inventText(
  below: Below,
  names: readonly string[],
  targets: readonly string[] | null,
): string {
  switch (below(10)) {
    case 0:
      return pick(hostile, below);
    case 1:
      return inventDepth(below);
    case 2:
      return pick([...names, ...strangeNames, ...strangeLiterals], below);
    default:
      return targets
        ? inventAssignments(below, names, targets)
        : inventExpression(below, names, 1 + below(4));
  }
}
