/** `uniform()` and `normal()` in equations: every call in the text is one draw for every neuron and step. */
import type { Draw } from '../random/draws.js';
import type { Expression } from './tree.js';

/** A call in a text, told from all others by its place. */
export function nameDraw({ name, at }: Expression & { kind: 'call' }, place: string): string {
  return `${name}() at ${place} (${at.line}:${at.column})`;
}

/** The draws of an expression, in the order of the text. */
export function findDraws(expression: Expression, place: string): Draw[] {
  const find = (part: Expression) => findDraws(part, place);
  switch (expression.kind) {
    case 'unary':
      return find(expression.operand);
    case 'binary':
      return [expression.left, expression.right].flatMap(find);
    case 'choice':
      return [expression.test, expression.yes, expression.no].flatMap(find);
    case 'call': {
      const { name, operands } = expression;
      if (name !== 'uniform' && name !== 'normal') return operands.flatMap(find);
      return [{ name: nameDraw(expression, place), distribution: name }];
    }
    default:
      return [];
  }
}
