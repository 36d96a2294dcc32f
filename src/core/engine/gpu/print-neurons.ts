/** Prints a step of defined neurons as the text of a kernel for gpu.js: the operations of their graph, never the user's text. */
import type { GraphNode } from '../../definitions/graph.js';
import type { NeuronGraph } from '../../definitions/neuron-graph.js';
import { rewrite } from '../../definitions/simplify.js';
import { NodePrinter } from './print-nodes.js';
import type { GpuBackend } from './runtime.js';

export interface NeuronKernel {
  /** Takes `state` [image, row, filter] and `input` [image, position, filter], and returns the state after the step. */
  readonly text: string;
  /** Constants of which each neuron has its own, in engine order: `this.constants.values`, P rows for each. */
  readonly values: readonly Float32Array[];
}

/**
 * @param variables names of the state in the order of its rows
 * @param nPositions rows of a variable
 * @param size neurons of the layer
 */
export function printNeuronStep(
  step: NeuronGraph,
  variables: readonly string[],
  { nPositions, size, backend }: { nPositions: number; size: number; backend: GpuBackend },
): NeuronKernel {
  const { graph, results } = rewrite<string | null>(
    step.graph,
    new Map<string | null, number>([...step.state, [null, step.spike]]),
    { known: new Map() },
  );
  const values: Float32Array[] = [];
  /** Where a constant lies that a text cannot hold, or that each neuron has its own of. */
  const places = new Map<number, number>();
  const placeOf = (index: number, value: number | Float32Array): number => {
    const known = places.get(index);
    if (known !== undefined) return known;
    values.push(typeof value === 'number' ? new Float32Array(size).fill(value) : value);
    places.set(index, values.length - 1);
    return values.length - 1;
  };
  /** The statements that compute one result in the rows from `part · nPositions` on. */
  const printPart = (part: number, result: number): string => {
    /** A row, so many blocks of P rows after the thread's position. */
    const row = (block: number) => {
      const offset = (block - part) * nPositions;
      if (offset === 0) return 'this.thread.y';
      return `this.thread.y ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`;
    };
    const readLeaf = (node: Exclude<GraphNode, { kind: 'operation' }>, index: number): string => {
      if (node.kind === 'constant') {
        return `this.constants.values[${row(placeOf(index, node.value as number | Float32Array))}][filter]`;
      }
      if (node.name === 'input') return `input[image][${row(0)}][filter]`;
      const block = node.name === 'spiked' ? 0 : 2 + variables.indexOf(node.name);
      return `state[image][${row(block)}][filter]`;
    };
    const printer = new NodePrinter(graph.nodes, { prefix: `p${part}`, backend, readLeaf });
    const value = printer.print(result);
    return [...printer.lines, `return ${part === 0 ? `${value} !== 0.0 ? 1.0 : 0.0` : value};`].join('\n');
  };
  const inRowsBelow = (part: number, statements: string) =>
    `if (this.thread.y < ${(part + 1) * nPositions}) {\n${statements}\n}`;
  const nodeOf = (name: string | null) => results.get(name) ?? -1;
  const parts = [
    inRowsBelow(0, printPart(0, nodeOf(null))),
    inRowsBelow(1, printAges(nPositions)),
    ...variables.map((name, i) => inRowsBelow(2 + i, printPart(2 + i, nodeOf(name)))),
  ];
  const text = [
    'function (state, input) {',
    'const filter = this.thread.x;',
    'const image = this.thread.z;',
    ...parts,
    'return 0.0;',
    '}',
  ].join('\n');
  return { text, values };
}

/** The rows of spike counts and ages, one step late (see kernels.ts). */
function printAges(nPositions: number): string {
  return `
const code = state[image][this.thread.y][filter];
let count = Math.floor(code * 0.000244140625);
let age = code - 4096 * count;
if (state[image][this.thread.y - ${nPositions}][filter] > 0.5) {
  count = count + 1;
  age = 0;
} else if (age < 4094) {
  age = age + 1;
}
return 4096 * count + age;`;
}
