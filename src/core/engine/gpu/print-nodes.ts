/** Prints operations of a graph for a kernel, with the bits of the interpreter where the backend rounds each once. */
import type { GraphNode, Operation } from '../../definitions/graph.js';
import { beyond, printNumber, printProduct } from './print-functions.js';
import type { GpuBackend } from './runtime.js';

type Leaf = Exclude<GraphNode, { kind: 'operation' }>;

interface PrintOptions {
  /** Begins the names of all values, so that no two texts in one kernel share any. */
  readonly prefix: string;
  readonly backend: GpuBackend;
  /** Where a given value, or a constant that is no plain number, is read. */
  readLeaf(node: Leaf, index: number): string;
}

/** Compilers of shaders limit how deep expressions nest. */
const deepest = 20;

export class NodePrinter {
  /** Values that are used more than once, or nested deeply; no others, because gpu.js takes long to compile many names. */
  readonly lines: string[] = [];
  readonly #names = new Map<number, string>();
  readonly #uses = new Map<number, number>();
  /** How deep the expression of a node nests. */
  readonly #depths = new Map<number, number>();

  constructor(
    private readonly nodes: readonly GraphNode[],
    private readonly options: PrintOptions,
  ) {}

  /** The expression of a node, after the statements that it needs. */
  print(result: number): string {
    this.#count(result);
    return this.#print(result);
  }

  #count(index: number): void {
    const uses = this.#uses.get(index) ?? 0;
    this.#uses.set(index, uses + 1);
    const node = this.nodes[index];
    if (uses > 0 || node.kind !== 'operation') return;
    const times = node.operation === 'min' || node.operation === 'max' ? 2 : 1;
    for (const operand of node.operands) for (let i = 0; i < times; i++) this.#count(operand);
  }

  #print(index: number): string {
    const known = this.#names.get(index);
    if (known !== undefined) return known;
    const node = this.nodes[index];
    if (node.kind !== 'operation') {
      const text = printConstant(node);
      if (text !== null) return text;
    }
    const expression =
      node.kind === 'operation'
        ? this.#operate(
            node.operation,
            node.operands.map((operand) => this.#print(operand)),
          )
        : this.options.readLeaf(node, index);
    const operands = node.kind === 'operation' ? node.operands : [];
    const depth = 1 + Math.max(0, ...operands.map((operand) => this.#depths.get(operand) ?? 0));
    if (this.#uses.get(index) === 1 && depth < deepest) {
      this.#depths.set(index, depth);
      return `(${expression})`;
    }
    const name = `${this.options.prefix}n${this.lines.length}`;
    this.lines.push(`const ${name} = ${expression};`);
    this.#names.set(index, name);
    return name;
  }

  #operate(operation: Operation, [a, b, c]: readonly string[]): string {
    switch (operation) {
      case '*':
        return printProduct(a, b, this.options.backend);
      case '+':
      case '-':
      case '/':
        return `${a} ${operation} ${b}`;
      case '<':
      case '<=':
        return `${a} ${operation} ${b} ? 1.0 : 0.0`;
      case '==':
      case '!=':
        return `${a} ${operation}= ${b} ? 1.0 : 0.0`;
      case 'and':
        return `${a} !== 0.0 && ${b} !== 0.0 ? 1.0 : 0.0`;
      case 'or':
        return `${a} !== 0.0 || ${b} !== 0.0 ? 1.0 : 0.0`;
      case 'not':
        return `${a} === 0.0 ? 1.0 : 0.0`;
      case 'choose':
        return `${a} !== 0.0 ? ${b} : ${c}`;
      // As the interpreter has it, also where one is NaN.
      case 'min':
        return `${b} < ${a} ? ${b} : ${a}`;
      case 'max':
        return `${a} < ${b} ? ${b} : ${a}`;
      case 'negate':
        return `-${a}`;
      case 'exp':
      case 'log':
        return `${operation}32(${a})`;
      // What floor returns is a whole number of 32 bits to gpu.js, unless something else may be returned as well.
      case 'floor':
        return `0.0 < 1.0 ? Math.floor(${a}) : 0.5`;
      default:
        return `Math.${operation}(${a})`;
    }
  }
}

/** A constant as text, if it is one number that a text can hold. */
export function printConstant(node: Leaf): string | null {
  if (node.kind !== 'constant' || typeof node.value !== 'number') return null;
  const { value } = node;
  if (Number.isNaN(value) || Object.is(value, -0)) return null;
  if (!Number.isFinite(value)) return value > 0 ? beyond : `(-${beyond})`;
  return printNumber(value);
}
