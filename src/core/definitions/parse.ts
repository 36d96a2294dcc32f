/**
 * Parses equations. acorn reads the text as JavaScript; only a closed grammar is admitted, and nothing is ever executed: numbers,
 * names, arithmetic, comparisons, `c ? a : b`, a few functions, and assignments.
 */
import { type Node, type Options, parse as parseScript } from 'acorn';
import { LocusError, unknownName } from '../../errors.js';
import {
  type Assignment,
  type BinaryOperator,
  type Expression,
  type FunctionName,
  functions,
  type Place,
} from './tree.js';

const binaryOperators: Readonly<Record<string, BinaryOperator>> = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '==': '==',
  '!=': '!=',
  '&&': '&&',
  '||': '||',
};

/** The longest text and the deepest nesting that are read: far beyond any model, and short of the parser's stack. */
const mostCharacters = 20_000;
const mostNesting = 200;

const options: Options = { ecmaVersion: 2020, sourceType: 'script', locations: true };

interface AnyNode extends Node {
  readonly [name: string]: unknown;
}

/**
 * The assignments of a text, one a line or separated by `;`.
 *
 * @param place names the text in errors, such as `Izhikevich.step`
 * @throws LocusError `INVALID_ARGUMENT` or `UNKNOWN_NAME` with line and column
 */
export function parseAssignments(text: string, place: string): Assignment[] {
  return readBody(text, place).map((statement) => {
    const { expression } = statement as AnyNode & { readonly expression?: AnyNode };
    if (statement.type !== 'ExpressionStatement' || expression?.type !== 'AssignmentExpression') {
      throw refuse(place, statement, 'an assignment such as v = rest', text);
    }
    return readAssignment(expression, place, text);
  });
}

/** The one expression of a text. Errors as `parseAssignments`. */
export function parseExpression(text: string, place: string): Expression {
  const [statement, ...others] = readBody(text, place);
  const { expression } = (statement ?? {}) as { readonly expression?: AnyNode };
  if (others.length > 0 || statement?.type !== 'ExpressionStatement' || !expression) {
    throw new LocusError('INVALID_ARGUMENT', `${place}: expected one expression, got "${text}"`);
  }
  return readExpression(expression, place, text, 0);
}

function readBody(text: string, place: string): readonly AnyNode[] {
  if (typeof text !== 'string' || text.length > mostCharacters) {
    const got = typeof text === 'string' ? `${text.length} characters` : String(text);
    throw new LocusError(
      'INVALID_ARGUMENT',
      `${place}: expected a text of at most ${mostCharacters} characters, got ${got}`,
    );
  }
  try {
    return (parseScript(text, options) as unknown as { readonly body: readonly AnyNode[] }).body;
  } catch (error) {
    const { loc, message } = error as { loc?: { line: number; column: number }; message: string };
    const at = loc ? ` (${loc.line}:${loc.column + 1})` : '';
    const reason = message.replace(/ \(\d+:\d+\)$/, '');
    throw new LocusError('INVALID_ARGUMENT', `${place}${at}: ${reason}`, { cause: error });
  }
}

function readAssignment(node: AnyNode, place: string, text: string): Assignment {
  const left = node.left as AnyNode;
  const operator = String(node.operator);
  if (left.type !== 'Identifier') throw refuse(place, left, 'a name to assign to', text);
  const target = String(left.name);
  const at = placeOf(left);
  const value = readExpression(node.right as AnyNode, place, text, 0);
  if (operator === '=') return { target, value, at };
  if (!['+=', '-=', '*=', '/='].includes(operator)) {
    throw refuse(place, node, 'one of =, +=, -=, *=, /=', text);
  }
  const name: Expression = { kind: 'name', name: target, at };
  const written = binaryOperators[operator[0]];
  return { target, value: { kind: 'binary', operator: written, left: name, right: value, at }, at };
}

function readExpression(node: AnyNode, place: string, text: string, depth: number): Expression {
  if (depth > mostNesting) throw refuse(place, node, `at most ${mostNesting} nested expressions`, text);
  const at = placeOf(node);
  const read = (part: unknown) => readExpression(part as AnyNode, place, text, depth + 1);
  switch (node.type) {
    case 'Literal': {
      const { value } = node;
      if (typeof value !== 'number') throw refuse(place, node, 'a number', text);
      return { kind: 'number', value, at };
    }
    case 'Identifier':
      return { kind: 'name', name: String(node.name), at };
    case 'UnaryExpression': {
      const { operator } = node;
      if (operator === '+') return read(node.argument);
      if (operator !== '-' && operator !== '!') throw refuse(place, node, '- or !', text);
      return { kind: 'unary', operator, operand: read(node.argument), at };
    }
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const given = String(node.operator);
      if (!Object.hasOwn(binaryOperators, given)) {
        throw refuse(place, node, `one of ${Object.keys(binaryOperators).join(' ')}`, text);
      }
      const operator = binaryOperators[given];
      return { kind: 'binary', operator, left: read(node.left), right: read(node.right), at };
    }
    case 'ConditionalExpression':
      return {
        kind: 'choice',
        test: read(node.test),
        yes: read(node.consequent),
        no: read(node.alternate),
        at,
      };
    case 'CallExpression':
      return readCall(node, place, text, read);
    default:
      throw refuse(place, node, 'numbers, names, operators and functions', text);
  }
}

function readCall(
  node: AnyNode,
  place: string,
  text: string,
  read: (part: unknown) => Expression,
): Expression {
  const callee = node.callee as AnyNode;
  const at = placeOf(node);
  if (callee.type !== 'Identifier') throw refuse(place, callee, 'a function', text);
  const name = String(callee.name);
  if (!Object.hasOwn(functions, name)) {
    throw unknownName(`${place} (${at.line}:${at.column})`, 'function', name, Object.keys(functions));
  }
  const operands = (node.arguments as readonly unknown[]).map(read);
  const wanted = functions[name as FunctionName];
  if (operands.length !== wanted) throw refuse(place, node, `${name} of ${wanted} values`, text);
  return { kind: 'call', name: name as FunctionName, operands, at };
}

function placeOf({ loc }: AnyNode): Place {
  return { line: loc?.start.line ?? 1, column: (loc?.start.column ?? 0) + 1 };
}

function refuse(place: string, node: AnyNode, expectation: string, text: string): LocusError {
  const { line, column } = placeOf(node);
  const got = text.slice(node.start, node.end);
  return new LocusError(
    'INVALID_ARGUMENT',
    `${place} (${line}:${column}): expected ${expectation}, got "${got.slice(0, 60)}"`,
  );
}
