/**
 * Equations as a graph of float32 operations, each rounded once: what every engine runs. Equal operations are one node; what depends
 * on parameters and `dt` alone is computed in float64 and rounded once. In double precision nothing is rounded.
 */
import { LocusError, unknownName } from '../../errors.js';
import { type Floats, makeFloats, type Precision, roundTo } from '../precision.js';
import type { Distribution } from '../random/draws.js';
import { readConvolution } from './convolutions.js';
import { nameDraw } from './draws.js';
import type { BinaryOperator, Expression, FunctionName } from './tree.js';

/** Truth is 1 or 0. */
export type Operation =
  | '+'
  | '-'
  | '*'
  | '/'
  | '<'
  | '<='
  | '=='
  | '!='
  | 'and'
  | 'or'
  | 'not'
  | 'negate'
  | 'choose'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'abs'
  | 'floor'
  | 'min'
  | 'max';

export type GraphNode =
  /** One value, or one for every neuron. */
  | { readonly kind: 'constant'; readonly value: number | Floats }
  /** What a step finds: state, `input`. */
  | { readonly kind: 'given'; readonly name: string }
  | { readonly kind: 'operation'; readonly operation: Operation; readonly operands: readonly number[] };

/** A value that is known when the graph is built: float64, one or one for every neuron. */
export type Known = number | Float64Array;

export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly #index = new Map<string, number>();

  constructor(readonly precision: Precision = 'single') {}

  given(name: string): number {
    return this.#add(`given ${name}`, { kind: 'given', name });
  }

  constant(value: Known): number {
    const { precision } = this;
    const rounded = typeof value === 'number' ? roundTo[precision](value) : makeFloats(precision, value);
    const isUniform = typeof rounded !== 'number' && rounded.every((each) => Object.is(each, rounded[0]));
    const kept = typeof rounded !== 'number' && isUniform ? rounded[0] : rounded;
    const key = typeof kept === 'number' ? (Object.is(kept, -0) ? '-0' : String(kept)) : kept.join();
    return this.#add(`constant ${key}`, { kind: 'constant', value: kept });
  }

  operation(operation: Operation, ...operands: number[]): number {
    return this.#add(`${operation} ${operands.join()}`, { kind: 'operation', operation, operands });
  }

  #add(key: string, node: GraphNode): number {
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    this.nodes.push(node);
    this.#index.set(key, this.nodes.length - 1);
    return this.nodes.length - 1;
  }
}

/** Copies nodes of one graph, with all that they are computed from, to another. */
export class GraphCopy {
  readonly #made = new Map<number, number>();

  /** @param replace names what is given in place of a node */
  constructor(
    private readonly nodes: readonly GraphNode[],
    readonly graph: Graph,
    private readonly replace: (index: number) => string | undefined = () => undefined,
  ) {}

  /** The copy of a node. */
  take(index: number): number {
    const made = this.#made.get(index) ?? this.#copy(index);
    this.#made.set(index, made);
    return made;
  }

  #copy(index: number): number {
    const replacement = this.replace(index);
    if (replacement !== undefined) return this.graph.given(replacement);
    const node = this.nodes[index];
    switch (node.kind) {
      case 'given':
        return this.graph.given(node.name);
      case 'constant':
        return this.graph.constant(
          typeof node.value === 'number' ? node.value : Float64Array.from(node.value),
        );
      default:
        return this.graph.operation(node.operation, ...node.operands.map((each) => this.take(each)));
    }
  }
}

/** Nodes, and those that they are computed from. */
export function listNodes({ nodes }: Pick<Graph, 'nodes'>, wanted: Iterable<number>): Set<number> {
  const found = new Set<number>();
  const visit = (index: number) => {
    if (found.has(index)) return;
    found.add(index);
    const node = nodes[index];
    if (node.kind === 'operation') node.operands.forEach(visit);
  };
  for (const index of wanted) visit(index);
  return found;
}

const truths = new Set<Operation>(['<', '<=', '==', '!=', 'and', 'or', 'not']);

/** Whether a node is 1 or 0 by its operation. */
export function isTruth({ nodes }: Graph, index: number): boolean {
  const node = nodes[index];
  return node.kind === 'operation' && truths.has(node.operation);
}

/** What a name stands for: a node, or a value that is known. */
export type Meaning = { readonly node: number } | { readonly known: Known };

/**
 * Adds an expression to the graph.
 *
 * @param place names the text in errors
 * @throws LocusError `UNKNOWN_NAME` with line, column and a suggestion
 */
export function build(
  graph: Graph,
  expression: Expression,
  names: ReadonlyMap<string, Meaning>,
  place: string,
): Meaning {
  const read = (part: Expression) => build(graph, part, names, place);
  switch (expression.kind) {
    case 'number':
      return { known: expression.value };
    case 'name': {
      const { name, at } = expression;
      const meaning = names.get(name);
      if (!meaning) throw unknownName(`${place} (${at.line}:${at.column})`, 'name', name, [...names.keys()]);
      return meaning;
    }
    case 'unary':
      return apply(graph, expression.operator === '!' ? 'not' : 'negate', [read(expression.operand)]);
    case 'binary':
      return applyBinary(graph, expression.operator, read(expression.left), read(expression.right));
    case 'choice': {
      const test = read(expression.test);
      // The other branch is not even built: `learning ? … : …`.
      if ('known' in test && typeof test.known === 'number') {
        return read(test.known !== 0 ? expression.yes : expression.no);
      }
      return choose(graph, test, read(expression.yes), read(expression.no));
    }
    default:
      if (expression.name === 'convolve') return readConvolution(expression, names, place);
      return expression.name === 'uniform' || expression.name === 'normal'
        ? readDraw(expression, names, place)
        : applyFunction(graph, expression.name, expression.operands.map(read));
  }
}

function readDraw(
  call: Expression & { kind: 'call' },
  names: ReadonlyMap<string, Meaning>,
  place: string,
): Meaning {
  const meaning = names.get(nameDraw(call, place));
  if (meaning) return meaning;
  const { line, column } = call.at;
  throw new LocusError(
    'INVALID_ARGUMENT',
    `${place} (${line}:${column}): expected ${call.name}() in step, spike, reset or end of a neuron: it is drawn in every step`,
  );
}

/** The node of a meaning. */
export function toNode(graph: Graph, meaning: Meaning): number {
  return 'node' in meaning ? meaning.node : graph.constant(meaning.known);
}

function applyBinary(graph: Graph, operator: BinaryOperator, left: Meaning, right: Meaning): Meaning {
  switch (operator) {
    case '>':
      return apply(graph, '<', [right, left]);
    case '>=':
      return apply(graph, '<=', [right, left]);
    case '&&':
      return apply(graph, 'and', [left, right]);
    case '||':
      return apply(graph, 'or', [left, right]);
    default:
      return apply(graph, operator, [left, right]);
  }
}

function applyFunction(
  graph: Graph,
  name: Exclude<FunctionName, Distribution | 'convolve'>,
  operands: readonly Meaning[],
): Meaning {
  if (name === 'clip') {
    const [value, least, most] = operands;
    return apply(graph, 'min', [apply(graph, 'max', [value, least]), most]);
  }
  if (name === 'pow') return power(graph, operands[0], operands[1]);
  return apply(graph, name, operands);
}

/** A whole power is a product, from the left; any other is known, or an exponential. */
function power(graph: Graph, base: Meaning, exponent: Meaning): Meaning {
  if ('known' in base && 'known' in exponent) {
    return { known: lift((a, b) => a ** b, [base.known, exponent.known]) };
  }
  const whole = 'known' in exponent && typeof exponent.known === 'number' ? exponent.known : NaN;
  if (Number.isInteger(whole) && whole >= 1 && whole <= 16) {
    let product = base;
    for (let factor = 1; factor < whole; factor++) product = apply(graph, '*', [product, base]);
    return product;
  }
  return apply(graph, 'exp', [apply(graph, '*', [apply(graph, 'log', [base]), exponent])]);
}

/** Operations on float64 values; those of fewer operands leave the others. */
export const compute: Readonly<Record<Operation, (a: number, b: number, c: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '<': (a, b) => (a < b ? 1 : 0),
  '<=': (a, b) => (a <= b ? 1 : 0),
  '==': (a, b) => (a === b ? 1 : 0),
  '!=': (a, b) => (a !== b ? 1 : 0),
  and: (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
  or: (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
  not: (a) => (a === 0 ? 1 : 0),
  negate: (a) => -a,
  choose: (test, yes, no) => (test !== 0 ? yes : no),
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  floor: Math.floor,
  min: (a, b) => (b < a ? b : a),
  max: (a, b) => (a < b ? b : a),
};

export function apply(graph: Graph, operation: Operation, operands: readonly Meaning[]): Meaning {
  const known = operands.flatMap((each) => ('known' in each ? [each.known] : []));
  if (known.length === operands.length) return { known: lift(compute[operation], known) };
  return { node: graph.operation(operation, ...operands.map((each) => toNode(graph, each))) };
}

/** One of two values; one of them only where the condition is known. */
export function choose(graph: Graph, test: Meaning, yes: Meaning, no: Meaning): Meaning {
  if ('known' in test && typeof test.known === 'number') return test.known !== 0 ? yes : no;
  return apply(graph, 'choose', [test, yes, no]);
}

function lift(work: (a: number, b: number, c: number) => number, values: readonly Known[]): Known {
  const array = values.find((each) => typeof each !== 'number');
  const at = (i: number) => {
    const [a, b, c] = values.map((each) => (typeof each === 'number' ? each : each[i]));
    return work(a, b, c);
  };
  return array === undefined ? at(0) : array.map((_, i) => at(i));
}
