/** Rewrites graphs: with some given values known, and without operations that change nothing. */
import { Graph, type GraphNode, isTruth, listNodes, type Operation } from './graph.js';
import { operations } from './interpret.js';

export interface Rewriting {
  /** Values of what is given, by name. */
  readonly known: ReadonlyMap<string, number>;
  /**
   * Whether 0 · x is 0 and x + 0 is x: true of finite values but for the sign of 0. A proof that something does not change may assume
   * it; code that computes may not.
   */
  readonly assumesFinite?: boolean;
}

/**
 * A graph with the same results, to the bit unless finite values are assumed.
 *
 * @param results nodes to keep
 * @returns the new graph, and the nodes of the results in it
 */
export function rewrite<Name>(
  { nodes, precision }: Graph,
  results: ReadonlyMap<Name, number>,
  { known, assumesFinite = false }: Rewriting,
): { readonly graph: Graph; readonly results: ReadonlyMap<Name, number> } {
  const graph = new Graph(precision);
  const made = new Map<number, number>();
  const visit = (index: number): number => {
    const before = made.get(index);
    if (before !== undefined) return before;
    const node = nodes[index];
    const found =
      node.kind === 'operation'
        ? rewriteOperation(node.operation, node.operands.map(visit))
        : rewriteLeaf(node);
    made.set(index, found);
    return found;
  };
  const rewriteLeaf = (node: Exclude<GraphNode, { kind: 'operation' }>): number => {
    if (node.kind === 'constant') {
      return graph.constant(typeof node.value === 'number' ? node.value : Float64Array.from(node.value));
    }
    const value = known.get(node.name);
    return value === undefined ? graph.given(node.name) : graph.constant(value);
  };
  const valueOf = (index: number): number | undefined => {
    const node = graph.nodes[index];
    return node.kind === 'constant' && typeof node.value === 'number' ? node.value : undefined;
  };
  const rewriteOperation = (operation: Operation, operands: readonly number[]): number => {
    const values = operands.map(valueOf);
    if (values.every((value) => value !== undefined)) {
      const [a, b = a, c = a] = values;
      return graph.constant(operations[precision][operation](a, b, c));
    }
    const same = findSame(operation, operands, values);
    return same ?? graph.operation(operation, ...operands);
  };
  /** An operand, or a constant, that the result is equal to. */
  const findSame = (
    operation: Operation,
    [a, b, c]: readonly number[],
    [x, y]: readonly (number | undefined)[],
  ): number | undefined => {
    switch (operation) {
      case 'choose':
        if (x !== undefined) return x !== 0 ? b : c;
        return b === c ? b : undefined;
      case '*':
        if (x === 1) return b;
        if (y === 1) return a;
        return assumesFinite && (x === 0 || y === 0) ? graph.constant(0) : undefined;
      case '/':
        if (y === 1) return a;
        return assumesFinite && x === 0 ? graph.constant(0) : undefined;
      case '-':
        return Object.is(y, 0) || (assumesFinite && y === 0) ? a : undefined;
      case '+':
        if (assumesFinite && x === 0) return b;
        return assumesFinite && y === 0 ? a : undefined;
      case 'and':
        if (x === 0 || y === 0) return graph.constant(0);
        if (x !== undefined && isTruth(graph, b)) return b;
        return y !== undefined && isTruth(graph, a) ? a : undefined;
      case 'or':
        if ((x !== undefined && x !== 0) || (y !== undefined && y !== 0)) return graph.constant(1);
        if (x === 0 && isTruth(graph, b)) return b;
        return y === 0 && isTruth(graph, a) ? a : undefined;
      default:
        return undefined;
    }
  };
  return { graph, results: new Map([...results].map(([name, index]) => [name, visit(index)])) };
}

/** Whether a result is a given value itself, whatever else is given. */
export function isGiven({ nodes }: Graph, index: number, name: string): boolean {
  const node = nodes[index];
  return node.kind === 'given' && node.name === name;
}

/** Names of what the results are computed from. */
export function givenNames(graph: Graph, results: Iterable<number>): Set<string> {
  const found = [...listNodes(graph, results)].map((index) => graph.nodes[index]);
  return new Set(found.flatMap((node) => (node.kind === 'given' ? [node.name] : [])));
}
