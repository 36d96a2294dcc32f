/** Emits WebAssembly for defined neurons: the operations of their graph, four neurons at a time, with the same bits as the interpreter. */
import * as float32 from '../../definitions/float32.js';
import type { GraphNode, Operation } from '../../definitions/graph.js';
import type { CompiledNeurons, NeuronGraph } from '../../definitions/neuron-graph.js';
import { inputsOf, type NeuronModel } from '../../network/nodes/neuron-model.js';
import { encodeModule, FunctionBytes, i32, v128, type VectorInstruction } from '../../wasm/module-bytes.js';

/** An array that a step of defined neurons reads or writes, one value for every neuron. */
export type NeuronArray =
  | { readonly kind: 'state' | 'persistent' | 'input'; readonly name: string }
  /** A byte for every four neurons: a bit for each that spikes. */
  | { readonly kind: 'fired' }
  /** 1 where the neuron spiked in the step before; there where the equations ask for it. */
  | { readonly kind: 'spiked' }
  | { readonly kind: 'constant'; readonly values: Float32Array };

/** What memory and kernels must know of one defined layer. */
export interface NeuronPlan {
  /** In the order of their addresses in the table that a step is given. */
  readonly arrays: readonly NeuronArray[];
  readonly frozen: FunctionBytes;
  readonly learning: FunctionBytes;
}

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

/** What is emitted of a model for one length of a step. */
export function planNeurons(compiled: CompiledNeurons, model: NeuronModel): NeuronPlan {
  const arrays: NeuronArray[] = [
    ...[...compiled.initial.keys()].map((name) => ({
      kind: model.persistent.includes(name) ? ('persistent' as const) : ('state' as const),
      name,
    })),
    ...inputsOf(model).map((name) => ({ kind: 'input' as const, name })),
    { kind: 'fired' },
  ];
  const asks = ({ graph }: NeuronGraph) =>
    graph.nodes.some((node) => node.kind === 'given' && node.name === 'spiked');
  if (asks(compiled.frozen) || asks(compiled.learning)) arrays.push({ kind: 'spiked' });
  return {
    arrays,
    frozen: emitStep(compiled.frozen, arrays),
    learning: emitStep(compiled.learning, arrays),
  };
}

/** A module whose `step(model, learns, bytes, table)` makes one step of the neurons of one position of a layer, and clears their input. */
export function emitModule(plans: readonly NeuronPlan[]): WebAssembly.Module {
  const functions = plans.flatMap(({ frozen, learning }) => [frozen, learning]);
  const [model, learns, bytes, table] = [0, 1, 2, 3];
  const step = new FunctionBytes([i32, i32, i32, i32]);
  functions.forEach((_, index) => {
    step.get(model).get(model).addI32().get(learns).addI32().constI32(index).equalI32();
    step.if().get(bytes).get(table).call(index).end();
  });
  return new WebAssembly.Module(encodeModule([...functions, step], 'step') as Uint8Array<ArrayBuffer>);
}

/** Emits a graph; arrays of constants that it needs join `arrays`. */
function emitStep({ graph, state, quiet, spike }: NeuronGraph, arrays: NeuronArray[]): FunctionBytes {
  const [bytes, table] = [0, 1];
  const code = new FunctionBytes([i32, i32]);
  const at = code.local(i32);
  const addresses = new Map<number, number>();
  const addressOf = (index: number): number => {
    const known = addresses.get(index);
    if (known !== undefined) return known;
    const address = code.local(i32);
    addresses.set(index, address);
    return address;
  };
  const findKind = (kind: NeuronArray['kind']) => arrays.findIndex((array) => array.kind === kind);
  const find = (name: string) =>
    name === 'spiked' ? findKind(name) : arrays.findIndex((array) => 'name' in array && array.name === name);
  /** Where every array is read or written, before any code that uses it. */
  const sources = graph.nodes.map((node) => {
    if (node.kind === 'given') return addressOf(find(node.name));
    if (node.kind !== 'constant' || typeof node.value === 'number') return -1;
    arrays.push({ kind: 'constant', values: node.value });
    return addressOf(arrays.length - 1);
  });
  const isUnchanged = (name: string, node: number) => {
    const found = graph.nodes[node];
    return found.kind === 'given' && found.name === name;
  };
  const target = ([name, node]: readonly [string, number]) => ({ address: addressOf(find(name)), node });
  const usually = [...quiet].filter(([name, node]) => !isUnchanged(name, node)).map(target);
  if (find('spiked') >= 0) usually.push(target(['spiked', spike]));
  const atSpikes = [...state].filter(([name, node]) => quiet.get(name) !== node).map(target);
  const inputs = arrays.flatMap(({ kind }, index) => (kind === 'input' ? [addressOf(index)] : []));
  const fired = addressOf(findKind('fired'));
  for (const [index, address] of addresses)
    code
      .get(table)
      .loadI32(4 * index)
      .set(address);

  const values = graph.nodes.map((node) => {
    const local = code.local(v128);
    if (node.kind === 'constant' && typeof node.value === 'number') code.splat(node.value).set(local);
    return local;
  });
  const emitter = new NodeEmitter(code, graph.nodes, values);
  const emitted = new Set<number>();
  const emitNodes = (wanted: ReadonlySet<number>) => {
    graph.nodes.forEach((node, index) => {
      if (!wanted.has(index) || emitted.has(index)) return;
      emitted.add(index);
      if (sources[index] >= 0) code.get(sources[index]).get(at).addI32().load().set(values[index]);
      else if (node.kind === 'operation') emitter.emit(node, values[index]);
    });
  };
  const storeAll = (targets: readonly { readonly address: number; readonly node: number }[]) => {
    for (const { address, node } of targets) {
      code.get(address).get(at).addI32();
      emitter.number(node);
      code.store();
    }
  };
  const mask = code.local(i32);
  const needed = (targets: readonly { readonly node: number }[]) =>
    collectNodes(graph.nodes, [...targets.map(({ node }) => node), spike]);
  const all = needed([...usually, ...atSpikes]);
  code.loop();
  // What is given is read before anything is stored.
  emitNodes(new Set([...all].filter((index) => graph.nodes[index].kind === 'given')));
  emitNodes(needed(usually));
  storeAll(usually);
  for (const input of inputs) code.get(input).get(at).addI32().splat(0).store();
  emitter.mask(spike);
  code.vector('i32x4.bitmask').set(mask);
  code.get(fired).get(at).constI32(4).shiftRightI32().addI32().get(mask).storeByte();
  // Most vectors hold no spike.
  code.get(mask).if();
  emitNodes(all);
  storeAll(atSpikes);
  code.end();
  code.get(at).constI32(16).addI32().set(at);
  code.get(at).get(bytes).lessU32().again();
  return code;
}

/** The given nodes, and those that they are computed from. */
function collectNodes(nodes: readonly GraphNode[], of: readonly number[]): Set<number> {
  const found = new Set<number>();
  const visit = (index: number) => {
    if (found.has(index)) return;
    found.add(index);
    const node = nodes[index];
    if (node.kind === 'operation') node.operands.forEach(visit);
  };
  of.forEach(visit);
  return found;
}

class NodeEmitter {
  constructor(
    private readonly code: FunctionBytes,
    private readonly nodes: readonly GraphNode[],
    private readonly values: readonly number[],
  ) {}

  emit({ operation, operands }: GraphNode & { kind: 'operation' }, out: number): void {
    const { code } = this;
    const [a, b, c] = operands;
    switch (operation) {
      case 'and':
      case 'or':
        this.mask(a);
        this.mask(b);
        code.vector(operation === 'and' ? 'v128.and' : 'v128.or');
        break;
      case 'not':
        this.mask(a);
        code.vector('v128.not');
        break;
      case 'choose':
        this.number(b);
        this.number(c);
        this.mask(a);
        code.vector('v128.bitselect');
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
    return found.kind === 'operation' && conditions.has(found.operation);
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
