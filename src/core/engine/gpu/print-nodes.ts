/** Prints operations of a graph as statements of a kernel, with the bits of the interpreter where the backend rounds each once. */
import * as float32 from '../../definitions/float32.js';
import type { GraphNode, Operation } from '../../definitions/graph.js';
import type { GpuBackend } from './runtime.js';

/** A kernel's text knows no infinity: numbers beyond float32 become it in WebAssembly, and the largest number in WGSL. */
const beyond = '1e39';
const largest = '3.4028234663852886e38';

/** 2ⁿ at n + 127, for `this.constants.powers`. */
export const powersOfTwo = Float32Array.from({ length: 255 }, (_, i) => 2 ** (i - 127));

type Leaf = Exclude<GraphNode, { kind: 'operation' }>;

interface PrintOptions {
  /** Begins the names of all values, so that no two texts in one kernel share any. */
  readonly prefix: string;
  readonly backend: GpuBackend;
  /** Where a given value, or a constant that is no plain number, is read. */
  readLeaf(node: Leaf, index: number): string;
}

export class NodePrinter {
  readonly lines: string[] = [];
  readonly #values = new Map<number, string>();
  #made = 0;

  constructor(
    private readonly nodes: readonly GraphNode[],
    private readonly options: PrintOptions,
  ) {}

  /** The name or number that stands for a node, after the statements that it needs. */
  print(index: number): string {
    const known = this.#values.get(index);
    if (known !== undefined) return known;
    const node = this.nodes[index];
    const value =
      node.kind === 'operation'
        ? this.#operate(
            node.operation,
            node.operands.map((operand) => this.print(operand)),
          )
        : (printNumber(node) ?? this.#set(this.options.readLeaf(node, index)));
    this.#values.set(index, value);
    return value;
  }

  #operate(operation: Operation, operands: readonly string[]): string {
    const [a, b, c] = operands;
    switch (operation) {
      case '*':
        return this.#multiply(a, b);
      case '+':
      case '-':
      case '/':
        return this.#set(`${a} ${operation} ${b}`);
      case '<':
      case '<=':
        return this.#choose(`${a} ${operation} ${b}`);
      case '==':
      case '!=':
        return this.#choose(`${a} ${operation}= ${b}`);
      case 'and':
        return this.#choose(`${a} !== 0.0 && ${b} !== 0.0`);
      case 'or':
        return this.#choose(`${a} !== 0.0 || ${b} !== 0.0`);
      case 'not':
        return this.#choose(`${a} === 0.0`);
      case 'choose':
        return this.#choose(`${a} !== 0.0`, b, c);
      // As the interpreter has it, also where one is NaN.
      case 'min':
        return this.#choose(`${b} < ${a}`, b, a);
      case 'max':
        return this.#choose(`${a} < ${b}`, b, a);
      case 'negate':
        return this.#set(`-${a}`);
      case 'exp':
        return this.#exp(a);
      case 'log':
        return this.#log(a);
      default:
        return this.#set(`Math.${operation}(${a})`);
    }
  }

  /** A value of its own, rounded to float32. */
  #set(expression: string): string {
    const name = `${this.options.prefix}n${this.#made++}`;
    this.lines.push(`const ${name} = ${expression};`);
    return name;
  }

  #choose(test: string, yes = '1.0', no = '0.0'): string {
    return this.#set(`${test} ? ${yes} : ${no}`);
  }

  /** A product that no compiler of shaders fuses with a sum; WebAssembly's fuses nothing. */
  #multiply(a: string, b: string): string {
    const product = `${a} * ${b}`;
    return this.#set(this.options.backend === 'webgpu' ? `Math.min(${product}, ${largest})` : product);
  }

  /** `float32.exp`, operation for operation. */
  #exp(x: string): string {
    const { log2e, ln2High, ln2Low, expTerms, expBounds } = float32.constants;
    const [above, below] = [`${x} > ${expBounds.above}`, `${x} < (${expBounds.below})`];
    // Within the table of powers, wherever x is.
    const within = this.#choose(below, '0.0', this.#choose(above, '0.0', x));
    const n = this.#set(`Math.floor(${this.#multiply(within, `${log2e}`)} + 0.5)`);
    const high = this.#set(`${within} - ${this.#multiply(n, `${ln2High}`)}`);
    const r = this.#set(`${high} - ${this.#multiply(n, `(${ln2Low})`)}`);
    const sum = this.#polynomial(expTerms, r);
    const y = this.#set(`${this.#multiply(sum, this.#multiply(r, r))} + ${r}`);
    const half = this.#set(`Math.floor(${n} * 0.5)`);
    const rest = this.#set(`${n} - ${half}`);
    const first = this.#multiply(this.#set(`${y} + 1.0`), this.#powerOfTwo(half));
    const value = this.#multiply(first, this.#powerOfTwo(rest));
    return this.#choose(above, beyond, this.#choose(below, '0.0', value));
  }

  #powerOfTwo(n: string): string {
    return this.#set(`this.constants.powers[${n} + 127.0]`);
  }

  /** `float32.log`; exponent and mantissa by exact products with powers of two, since kernels do not see bits. */
  #log(x: string): string {
    const { ln2High, ln2Low, logTerms, rootHalf, smallestNormal } = float32.constants;
    let r = x;
    let n = '0.0';
    const scale = (test: string, power: number) => {
      const isScaled = this.#choose(`${r} ${test}`);
      n = this.#set(`${isScaled} !== 0.0 ? ${n} + ${power}.0 : ${n}`);
      r = this.#set(`${isScaled} !== 0.0 ? ${r} * ${2 ** -power} : ${r}`);
    };
    for (const power of [64, 32, 16, 8, 4, 2, 1]) scale(`>= ${2 ** power}`, power);
    scale('>= 1.0', 1);
    for (const power of [64, 32, 16, 8, 4, 2, 1]) scale(`< ${2 ** -power}`, -power);
    // From ½ … 1 to √½ … √2, less 1.
    const isLow = this.#choose(`${r} < ${rootHalf}`);
    n = this.#set(`${n} - ${isLow}`);
    r = this.#choose(`${isLow} !== 0.0`, this.#set(`${r} + ${r} - 1.0`), this.#set(`${r} - 1.0`));
    const z = this.#multiply(r, r);
    const product = this.#multiply(this.#multiply(this.#polynomial(logTerms, r), r), z);
    const low = this.#set(`${product} + ${this.#multiply(n, `(${ln2Low})`)}`);
    const y = this.#set(`${low} - ${this.#multiply('0.5', z)}`);
    const value = this.#set(`${this.#set(`${r} + ${y}`)} + ${this.#multiply(n, `${ln2High}`)}`);
    const positive = this.#choose(`${x} < ${smallestNormal}`, `(-${beyond})`, value);
    // NaN comes of NaN and of negative numbers alike.
    const finite = this.#choose(`${x} > ${largest}`, beyond, positive);
    return this.#choose(`${x} >= 0.0`, finite, this.#set(`Math.sqrt(-1.0 - Math.abs(${x}))`));
  }

  /** (… (t₀ x + t₁) x + …). */
  #polynomial([first, ...terms]: readonly number[], x: string): string {
    let sum = `(${first})`;
    for (const term of terms) sum = this.#set(`${this.#multiply(sum, x)} + (${term})`);
    return sum;
  }
}

/** A constant as text, if it is one number that a text can hold. */
function printNumber(node: Leaf): string | null {
  if (node.kind !== 'constant' || typeof node.value !== 'number') return null;
  const { value } = node;
  if (Number.isNaN(value) || Object.is(value, -0)) return null;
  if (!Number.isFinite(value)) return value > 0 ? beyond : `(-${beyond})`;
  const text = String(value);
  const decimal = /[.e]/.test(text) ? text : `${text}.0`;
  return value < 0 ? `(${decimal})` : decimal;
}
