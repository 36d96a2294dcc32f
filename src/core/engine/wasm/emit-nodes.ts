/** Emits the operations of a graph on four values at a time. */
import * as float32 from '../../definitions/float32.js';
import type { GraphNode, Operation } from '../../definitions/graph.js';
import { type FunctionBytes, v128, type VectorInstruction } from '../../wasm/module-bytes.js';

const sameBits: Partial<Record<Operation, VectorInstruction>> = {
  '+': 'f32x4.add',
  '-': 'f32x4.sub',
  '*': 'f32x4.mul',
  '/': 'f32x4.div',
  '<': 'f32x4.lt',
  '<=': 'f32x4.le',
  '==': 'f32x4.eq',
  '!=': 'f32x4.ne',
  negate: 'f32x4.neg',
  sqrt: 'f32x4.sqrt',
  abs: 'f32x4.abs',
  floor: 'f32x4.floor',
  min: 'f32x4.pmin',
  max: 'f32x4.pmax',
};

/** Operations whose vectors are masks: all bits of a neuron set where the condition holds. */
const conditions = new Set<Operation>(['<', '<=', '==', '!=', 'and', 'or', 'not']);

/** Puts the values of nodes into locals. */
export class NodeEmitter {
  /** @param masks names of what is given as masks, not as numbers */
  constructor(
    private readonly code: FunctionBytes,
    private readonly nodes: readonly GraphNode[],
    private readonly values: readonly number[],
    private readonly masks: readonly string[] = [],
  ) {}

  emit({ operation, operands }: GraphNode & { kind: 'operation' }, out: number): void {
    const { code } = this;
    const [a, b, c] = operands;
    switch (operation) {
      case 'and': {
        const [kept, barred] = this.#negated(a) === null ? [a, b] : [b, a];
        const without = this.#negated(barred);
        this.mask(kept);
        this.mask(without ?? barred);
        code.vector(without === null ? 'v128.and' : 'v128.andnot');
        break;
      }
      case 'or':
        this.mask(a);
        this.mask(b);
        code.vector('v128.or');
        break;
      case 'not':
        this.mask(a);
        code.vector('v128.not');
        break;
      case 'choose':
        if (this.#isZero(b)) {
          this.number(c);
          this.mask(a);
          code.vector('v128.andnot');
          break;
        }
        this.number(b);
        if (!this.#isZero(c)) this.number(c);
        this.mask(a);
        code.vector(this.#isZero(c) ? 'v128.and' : 'v128.bitselect');
        break;
      case 'exp':
        this.#exp(this.#local(a));
        break;
      case 'log':
        this.#log(this.#local(a));
        break;
      default:
        for (const operand of operands) this.number(operand);
        code.vector(sameBits[operation] as VectorInstruction);
    }
    code.set(out);
  }

  /** Puts the value of a node on the stack: 1 or 0 for a condition. */
  number(node: number): void {
    this.code.get(this.values[node]);
    if (this.#isMask(node)) this.code.splat(1).vector('v128.and');
  }

  /** Puts the mask of a node on the stack: where it is not 0. */
  mask(node: number): void {
    this.code.get(this.values[node]);
    if (!this.#isMask(node)) this.code.splat(0).vector('f32x4.ne');
  }

  #isMask(node: number): boolean {
    const found = this.nodes[node];
    if (found.kind === 'given') return this.masks.includes(found.name);
    return found.kind === 'operation' && conditions.has(found.operation);
  }

  /** The node that a node is the negation of; null: of none. */
  #negated(node: number): number | null {
    const found = this.nodes[node];
    return found.kind === 'operation' && found.operation === 'not' ? found.operands[0] : null;
  }

  /** Whether all bits of a node are known to be 0. */
  #isZero(node: number): boolean {
    const found = this.nodes[node];
    return found.kind === 'constant' && Object.is(found.value, 0);
  }

  #local(node: number): number {
    const local = this.code.local(v128);
    this.number(node);
    this.code.set(local);
    return local;
  }

  /** `float32.exp`, operation for operation. */
  #exp(x: number): void {
    const { code } = this;
    const { log2e, ln2High, ln2Low, expTerms, expBounds } = float32.constants;
    const [n, r, sum, half] = [0, 1, 2, 3].map(() => code.local(v128));
    code.get(x).splat(log2e).vector('f32x4.mul').splat(0.5).vector('f32x4.add').vector('f32x4.floor').set(n);
    code.get(x).get(n).splat(ln2High).vector('f32x4.mul').vector('f32x4.sub');
    code.get(n).splat(ln2Low).vector('f32x4.mul').vector('f32x4.sub').set(r);
    this.#polynomial(expTerms, r, sum);
    code.get(n).splat(0.5).vector('f32x4.mul').vector('f32x4.floor').set(half);
    // Infinity above, 0 below, else the value.
    code.splat(Infinity).splat(0);
    code.get(sum).get(r).get(r).vector('f32x4.mul').vector('f32x4.mul').get(r).vector('f32x4.add');
    code.splat(1).vector('f32x4.add');
    code.get(half);
    this.#powerOfTwo();
    code.vector('f32x4.mul').get(n).get(half).vector('f32x4.sub');
    this.#powerOfTwo();
    code.vector('f32x4.mul');
    code.get(x).splat(expBounds.below).vector('f32x4.lt').vector('v128.bitselect');
    code.splat(expBounds.above).get(x).vector('f32x4.lt').vector('v128.bitselect');
  }

  /** `float32.log`, operation for operation. */
  #log(x: number): void {
    const { code } = this;
    const { ln2High, ln2Low, logTerms, rootHalf, smallestNormal } = float32.constants;
    const [n, r, z, sum, low] = [0, 1, 2, 3, 4].map(() => code.local(v128));
    code.get(x).splatI32(0x7f_ffff).vector('v128.and').splatI32(0x3f00_0000).vector('v128.or').set(r);
    code.get(r).splat(rootHalf).vector('f32x4.lt').set(low);
    code.get(x).constI32(23).vector('i32x4.shr_s').splatI32(-126).vector('i32x4.add');
    code.vector('f32x4.convert_i32x4_s').get(low).splat(1).vector('v128.and').vector('f32x4.sub').set(n);
    code.get(r).get(r).vector('f32x4.add').splat(1).vector('f32x4.sub');
    code.get(r).splat(1).vector('f32x4.sub').get(low).vector('v128.bitselect').set(r);
    code.get(r).get(r).vector('f32x4.mul').set(z);
    this.#polynomial(logTerms, r, sum);
    // NaN where x is not at least 0, Infinity for Infinity, −Infinity below the smallest normal number, else the value.
    code.splat(Infinity).splat(-Infinity);
    code.get(r).get(sum).get(r).vector('f32x4.mul').get(z).vector('f32x4.mul');
    code.get(n).splat(ln2Low).vector('f32x4.mul').vector('f32x4.add');
    code.splat(0.5).get(z).vector('f32x4.mul').vector('f32x4.sub').vector('f32x4.add');
    code.get(n).splat(ln2High).vector('f32x4.mul').vector('f32x4.add');
    code.get(x).splat(smallestNormal).vector('f32x4.lt').vector('v128.bitselect');
    code.get(x).splat(Infinity).vector('f32x4.eq').vector('v128.bitselect');
    code.splat(NaN).get(x).splat(0).vector('f32x4.ge').vector('v128.bitselect');
  }

  /** sum ← (… (t₀ x + t₁) x + …). */
  #polynomial([first, ...terms]: readonly number[], x: number, sum: number): void {
    this.code.splat(first).set(sum);
    for (const term of terms) {
      this.code.get(sum).get(x).vector('f32x4.mul').splat(term).vector('f32x4.add').set(sum);
    }
  }

  /** 2ⁿ of the whole number on the stack. */
  #powerOfTwo(): void {
    this.code.vector('i32x4.trunc_sat_f32x4_s').splatI32(127).vector('i32x4.add');
    this.code.constI32(23).vector('i32x4.shl');
  }
}
