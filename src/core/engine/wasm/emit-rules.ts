/** Emits WebAssembly for compiled learning rules: a row of synapses, four at a time, with the same bits as the interpreter. */
import { type CompiledRule, type RulePass } from '../../definitions/rule-graph.js';
import type { GraphNode } from '../../definitions/graph.js';
import type { Side } from '../../definitions/rule-definition.js';
import { rewrite } from '../../definitions/simplify.js';
import { FunctionBytes, i32, v128 } from '../../wasm/module-bytes.js';
import { NodeEmitter } from './emit-nodes.js';

/** An array that a rule reads or writes: of synapses, of the neurons at one end, or one number for all. */
export type RuleArray =
  | { readonly kind: 'synapse'; readonly name: string }
  | { readonly kind: 'parameter'; readonly values: Float32Array }
  | { readonly kind: 'trace'; readonly name: string; readonly of: Side }
  | { readonly kind: 'neuron'; readonly name: string; readonly of: Side; readonly variable: string }
  | { readonly kind: 'targetSpike'; readonly of: 'target' }
  | { readonly kind: 'signal'; readonly name: string };

export interface RulePlan {
  readonly rule: CompiledRule;
  readonly isShared: boolean;
  readonly passes: readonly RulePass[];
  /** In the order of their addresses in the table that kernels are given. */
  readonly arrays: readonly RuleArray[];
  /** Four of every pass, in the order that the simulator numbers them. */
  readonly kernels: readonly FunctionBytes[];
}

/** Bounds that kernels hold the weight in; none where several synapses share a weight, which is clamped when all have changed it. */
interface Bounds {
  readonly wMin: number;
  readonly wMax: number;
}

/** @param ownWeights whether every synapse has a weight of its own */
export function planRule(rule: CompiledRule, ownWeights: boolean, bounds: Bounds): RulePlan {
  const passes = ownWeights ? [rule.whole] : rule.byClause;
  const arrays: RuleArray[] = [
    { kind: 'synapse', name: 'w' },
    ...[...rule.synapse.keys()].map((name) => ({ kind: 'synapse' as const, name })),
    ...rule.traces.map(({ name, of }) => ({ kind: 'trace' as const, name, of })),
    ...[...rule.neurons].map(([name, { of, variable }]) => ({ kind: 'neuron' as const, name, of, variable })),
    ...rule.signals.map((name) => ({ kind: 'signal' as const, name })),
    { kind: 'targetSpike', of: 'target' },
  ];
  const kernels = passes.flatMap((pass) =>
    [false, true].flatMap((isChosen) =>
      [0, 1].map((sourceSpike) =>
        emitKernel(pass, arrays, { sourceSpike, isChosen, bounds: ownWeights ? bounds : null }),
      ),
    ),
  );
  return { rule, isShared: !ownWeights, passes, arrays, kernels };
}

/** The function `visit(kernel, table, row, source, target, extent, list)` over kernels that begin at function `first`. */
export function emitVisit(first: number, nKernels: number): FunctionBytes {
  const code = new FunctionBytes([i32, i32, i32, i32, i32, i32, i32]);
  const [kernel, ...others] = [0, 1, 2, 3, 4, 5, 6];
  for (let index = 0; index < nKernels; index++) {
    code.get(kernel).constI32(index).equalI32().if();
    for (const other of others) code.get(other);
    code.call(first + index).end();
  }
  return code;
}

interface Variant {
  readonly sourceSpike: number;
  /** Whether it visits listed vectors, and in them the synapses of targets that spike. */
  readonly isChosen: boolean;
  readonly bounds: Bounds | null;
}

const nameOf = (array: RuleArray) => ('name' in array ? array.name : array.kind);

/** How far a node's values reach: the same for the whole row, or one for every synapse. */
type Reach = 'row' | 'synapse';

function emitKernel(
  pass: RulePass,
  arrays: RuleArray[],
  { sourceSpike, isChosen, bounds }: Variant,
): FunctionBytes {
  const known = new Map(pass.ofWeight ? [] : [['sourceSpike', sourceSpike] as const]);
  const { graph, results } = rewrite(pass.graph, pass.results, { known });
  const { nodes } = graph;
  const [table, row, source, target, extent, list] = [0, 1, 2, 3, 4, 5];
  const code = new FunctionBytes([i32, i32, i32, i32, i32, i32]);
  const at = code.local(i32);
  const locate = (array: RuleArray) => {
    if (array.kind === 'synapse' || array.kind === 'parameter') return row;
    if (array.kind === 'signal') return null;
    return array.of === 'source' ? source : target;
  };
  const addresses = new Map<number, number>();
  const addressOf = (array: RuleArray): number => {
    const index = arrays.indexOf(array);
    const made = addresses.get(index);
    if (made !== undefined) return made;
    const address = code.local(i32);
    addresses.set(index, address);
    const offset = locate(array);
    code.get(table).loadI32(4 * index);
    if (offset !== null) code.get(offset).addI32();
    code.set(address);
    return address;
  };
  const arrayOf = (node: GraphNode): RuleArray | null => {
    if (node.kind === 'given') return arrays.find((array) => nameOf(array) === node.name) ?? null;
    if (node.kind !== 'constant' || typeof node.value === 'number') return null;
    const { value } = node;
    const before = arrays.find((array) => array.kind === 'parameter' && isSame(array.values, value));
    if (before) return before;
    const made: RuleArray = { kind: 'parameter', values: value };
    arrays.push(made);
    return made;
  };
  const reaches: Reach[] = [];
  nodes.forEach((node, index) => {
    const array = arrayOf(node);
    if (array) reaches[index] = array.kind === 'signal' || locate(array) === source ? 'row' : 'synapse';
    else if (node.kind === 'operation')
      reaches[index] = node.operands.some((each) => reaches[each] === 'synapse') ? 'synapse' : 'row';
    else reaches[index] = 'row';
  });
  const values = nodes.map(() => code.local(v128));
  const emitter = new NodeEmitter(code, nodes, values);
  const emit = (reach: Reach) => {
    nodes.forEach((node, index) => {
      if (reaches[index] !== reach) return;
      const array = arrayOf(node);
      if (array) {
        code.get(addressOf(array));
        if (reach === 'row') code.loadSplat();
        else code.get(at).addI32().load();
        code.set(values[index]);
      } else if (node.kind === 'constant') code.splat(Number(node.value)).set(values[index]);
      else if (node.kind === 'operation') emitter.emit(node, values[index]);
    });
  };
  const stored = [...results].map(([name, node]) => ({
    name,
    node,
    array: arrays.find((array) => array.kind === 'synapse' && array.name === name) as RuleArray,
  }));
  const marks = arrays.find(({ kind }) => kind === 'targetSpike') as RuleArray;
  // All addresses before the loop.
  for (const node of nodes) {
    const array = arrayOf(node);
    if (array) addressOf(array);
  }
  for (const { array } of stored) addressOf(array);
  if (isChosen) addressOf(marks);
  if (stored.length === 0) return code;
  emit('row');
  const cursor = code.local(i32);
  code.loop();
  if (isChosen) code.get(list).get(cursor).addI32().loadI32(0).set(at);
  emit('synapse');
  for (const { name, node, array } of stored) {
    code.get(addressOf(array)).get(at).addI32();
    emitter.number(node);
    if (name === 'w' && bounds !== null) {
      if (bounds.wMin !== Number.NEGATIVE_INFINITY) code.splat(bounds.wMin).vector('f32x4.max');
      if (bounds.wMax !== Number.POSITIVE_INFINITY) code.splat(bounds.wMax).vector('f32x4.min');
    }
    if (isChosen) {
      code.get(addressOf(array)).get(at).addI32().load();
      code.get(addressOf(marks)).get(at).addI32().load().splat(0).vector('f32x4.ne').vector('v128.bitselect');
    }
    code.store();
  }
  if (isChosen) {
    code.get(cursor).constI32(4).addI32().set(cursor);
    code.get(cursor).get(extent).lessU32().again();
  } else {
    code.get(at).constI32(16).addI32().set(at);
    code.get(at).get(extent).lessU32().again();
  }
  return code;
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((each, i) => Object.is(each, b[i]));
}
