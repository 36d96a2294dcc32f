/** Runs a graph on the reference engine, an operation at a time for all neurons: the definition of what it means. */
import { exp, log } from './float32.js';
import { type Floats, makeFloats, type Precision } from '../precision.js';
import { compute, type Graph, type GraphNode, type Operation } from './graph.js';
import type { SampleSum } from './samples.js';

type Values = Floats | Uint8Array;

type Operations = Readonly<Record<Operation, (a: number, b: number, c: number) => number>>;

/** In float64 on the values of the precision; storing the result rounds it once. */
export const operations: Readonly<Record<Precision, Operations>> = {
  single: { ...compute, exp, log },
  double: compute,
};

/**
 * Computes a graph for several samples, each with what it is given and an interpreter of its own: up to each sum for all of them, then on
 * from the sum.
 */
export function interpretTogether(
  { graph, sums }: { readonly graph: Graph; readonly sums: readonly SampleSum[] },
  interpreters: readonly Interpreter[],
  given: readonly Readonly<Record<string, Values>>[],
  size: number,
): void {
  const known: Record<string, Values> = {};
  let from = 0;
  const advance = (end: number) => {
    interpreters.forEach((interpreter, sample) =>
      interpreter.runBetween({ ...given[sample], ...known }, from, end),
    );
    from = end;
  };
  for (const { name, node } of sums) {
    advance(graph.nodes.findIndex((each) => each.kind === 'given' && each.name === name));
    const sum = makeFloats(graph.precision, size);
    for (const interpreter of interpreters) {
      interpreter.read(node).forEach((value, i) => {
        sum[i] += value;
      });
    }
    known[name] = sum;
  }
  advance(graph.nodes.length);
}

/** A graph with room for its values, for `size` neurons. */
export class Interpreter {
  /** Nodes of what is given. */
  readonly given: readonly (readonly [name: string, node: number])[];
  readonly #nodes: readonly GraphNode[];
  readonly #values: Values[];
  readonly #size: number;
  readonly #operations: Operations;

  constructor({ nodes, precision }: Graph, size: number) {
    this.given = nodes.flatMap((node, index) => (node.kind === 'given' ? [[node.name, index] as const] : []));
    this.#nodes = nodes;
    this.#size = size;
    this.#operations = operations[precision];
    this.#values = nodes.map((node) => {
      if (node.kind !== 'constant') return makeFloats(precision, size);
      return typeof node.value === 'number' ? makeFloats(precision, size).fill(node.value) : node.value;
    });
  }

  /**
   * Computes all nodes from what is given by name.
   *
   * @param first where the values begin in constants that are longer, such as those of all synapses
   */
  run(given: Readonly<Record<string, Values>>, first = 0): void {
    for (const [name, node] of this.given) this.give(node, given[name]);
    this.compute(first);
  }

  /** Gives a node its values until it is given others. */
  give(node: number, values: Values): void {
    this.#values[node] = values;
  }

  /** As `run`, from what nodes were given. */
  compute(first = 0): void {
    for (let index = 0; index < this.#nodes.length; index++) this.#visit(index, first);
  }

  /** Computes the nodes from one up to, not including, another. */
  runBetween(given: Readonly<Record<string, Values>>, from: number, end: number): void {
    for (const [name, node] of this.given) if (node >= from && node < end) this.give(node, given[name]);
    for (let index = from; index < end; index++) this.#visit(index, 0);
  }

  #visit(index: number, first: number): void {
    const node = this.#nodes[index];
    if (node.kind === 'constant' && typeof node.value !== 'number' && node.value.length > this.#size) {
      this.#values[index] = node.value.subarray(first, first + this.#size);
    } else if (node.kind === 'operation') this.#compute(node, this.#values[index]);
  }

  /** Values of a node after `run`, valid until the next. */
  read(node: number): Values {
    return this.#values[node];
  }

  #compute({ operation, operands }: GraphNode & { kind: 'operation' }, out: Values): void {
    const a = this.#values[operands[0]];
    const b = this.#values[operands[1]] ?? a;
    const c = this.#values[operands[2]] ?? a;
    const work = this.#operations[operation];
    for (let i = 0; i < out.length; i++) out[i] = work(a[i], b[i], c[i]);
  }
}
