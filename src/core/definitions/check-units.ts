/** Checks the dimensions of equations: nA and pA convert, mV plus ms is an error. What has no unit is not checked. */
import { LocusError } from '../../errors.js';
import type { Assignment, Expression } from './tree.js';
import { type Dimension, dimensionless, formatDimension, isSame, multiply, raise } from './units.js';

/**
 * `unknown`: something without a unit, which agrees with everything, and what comes of it has none either. `number`: a number in the text, which takes the dimension of
 * what it is added to and changes none that it multiplies.
 */
export type Dimensions = Dimension | 'unknown' | 'number';

/**
 * Dimensions of the names after the assignments.
 *
 * @param names dimensions of what may be used; those of state names hold for what is assigned to them
 * @param place names the text in errors
 * @throws LocusError naming place, line, column and both dimensions
 */
export function checkAssignments(
  assignments: readonly Assignment[],
  names: ReadonlyMap<string, Dimensions>,
  place: string,
): Map<string, Dimensions> {
  const known = new Map(names);
  for (const { target, value, at } of assignments) {
    const found = measure(value, known, place);
    const before = known.get(target);
    known.set(
      target,
      before === undefined ? found : agree(before, found, { place, at, what: `${target} =` }),
    );
  }
  return known;
}

/** The dimension of an expression. Errors as `checkAssignments`. */
export function measure(
  expression: Expression,
  names: ReadonlyMap<string, Dimensions>,
  place: string,
): Dimensions {
  const read = (part: Expression) => measure(part, names, place);
  const { at } = expression;
  switch (expression.kind) {
    case 'number':
      return 'number';
    case 'name':
      return names.get(expression.name) ?? 'unknown';
    case 'unary':
      return expression.operator === '!' ? 'number' : read(expression.operand);
    case 'choice':
      read(expression.test);
      return agree(read(expression.yes), read(expression.no), { place, at, what: '? :' });
    case 'binary': {
      const { operator } = expression;
      const [left, right] = [read(expression.left), read(expression.right)];
      if (operator === '&&' || operator === '||') return 'number';
      if (operator === '*' || operator === '/') return combine(left, right, operator === '*' ? 1 : -1);
      const same = agree(left, right, { place, at, what: operator });
      return operator === '+' || operator === '-' ? same : 'number';
    }
    default:
      return measureCall(expression, read, place);
  }
}

function measureCall(
  { name, operands, at }: Expression & { kind: 'call' },
  read: (part: Expression) => Dimensions,
  place: string,
): Dimensions {
  const [first, ...others] = operands.map(read);
  switch (name) {
    case 'exp':
    case 'log':
      agree(first, dimensionless, { place, at, what: name });
      return 'number';
    case 'sqrt':
      return typeof first === 'string' ? first : raise(first, 0.5);
    case 'pow': {
      const [, exponent] = operands;
      if (typeof first === 'string') return first;
      return exponent.kind === 'number' ? raise(first, exponent.value) : 'unknown';
    }
    case 'abs':
    case 'floor':
      return first;
    case 'uniform':
    case 'normal':
      return 'number';
    case 'convolve':
      return 'unknown';
    default:
      // min, max, clip.
      return others.reduce((sum, other) => agree(sum, other, { place, at, what: name }), first);
  }
}

interface Joint {
  readonly place: string;
  readonly at: { readonly line: number; readonly column: number };
  readonly what: string;
}

function agree(left: Dimensions, right: Dimensions, { place, at, what }: Joint): Dimensions {
  if (left === 'unknown' || right === 'unknown') return 'unknown';
  if (left === 'number') return right;
  if (right === 'number' || isSame(left, right)) return left;
  const [a, b] = [left, right].map(formatDimension);
  throw new LocusError(
    'INVALID_ARGUMENT',
    `${place} (${at.line}:${at.column}): ${what} joins ${a} and ${b}, which have different dimensions`,
  );
}

function combine(left: Dimensions, right: Dimensions, power: number): Dimensions {
  if (left === 'unknown' || right === 'unknown') return 'unknown';
  if (right === 'number') return left;
  return multiply(left === 'number' ? dimensionless : left, raise(right, power));
}
