/** Equations as trees: what the parser admits of the closed grammar. */

/** Where something stands in its text, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type UnaryOperator = '-' | '!';
export type BinaryOperator = '+' | '-' | '*' | '/' | '<' | '<=' | '>' | '>=' | '==' | '!=' | '&&' | '||';

export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly at: Place }
  | { readonly kind: 'name'; readonly name: string; readonly at: Place }
  | {
      readonly kind: 'unary';
      readonly operator: UnaryOperator;
      readonly operand: Expression;
      readonly at: Place;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: Place;
    }
  | {
      readonly kind: 'choice';
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression;
      readonly at: Place;
    }
  | {
      readonly kind: 'call';
      readonly name: FunctionName;
      readonly operands: readonly Expression[];
      readonly at: Place;
    };

/** `target = value`; `+=` and its like are written out. */
export interface Assignment {
  readonly target: string;
  readonly value: Expression;
  readonly at: Place;
}

/** Functions of the grammar with their numbers of operands. */
export const functions = {
  exp: 1,
  log: 1,
  sqrt: 1,
  abs: 1,
  floor: 1,
  min: 2,
  max: 2,
  clip: 3,
  pow: 2,
  uniform: 0,
  normal: 0,
  convolve: 2,
} as const;

export type FunctionName = keyof typeof functions;

/** Whether one of the names stands in an expression. */
export function mentions(expression: Expression, names: ReadonlySet<string>): boolean {
  switch (expression.kind) {
    case 'number':
      return false;
    case 'name':
      return names.has(expression.name);
    case 'unary':
      return mentions(expression.operand, names);
    case 'binary':
      return mentions(expression.left, names) || mentions(expression.right, names);
    case 'choice':
      return [expression.test, expression.yes, expression.no].some((part) => mentions(part, names));
    default:
      return expression.operands.some((part) => mentions(part, names));
  }
}

/** The calls in an expression, in the order of the text. */
export function findCalls(expression: Expression): (Expression & { readonly kind: 'call' })[] {
  switch (expression.kind) {
    case 'unary':
      return findCalls(expression.operand);
    case 'binary':
      return [expression.left, expression.right].flatMap(findCalls);
    case 'choice':
      return [expression.test, expression.yes, expression.no].flatMap(findCalls);
    case 'call':
      return [expression, ...expression.operands.flatMap(findCalls)];
    default:
      return [];
  }
}
