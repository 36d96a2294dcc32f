/** Emits WebAssembly for compiled learning rules: a row of synapses, four at a time, with the same bits as the interpreter. */
import type { Floats } from '../../precision.js';
import type { CompiledRule } from '../../definitions/rule-graph.js';
import type { RulePass, SynapseGraph } from '../../definitions/rule-passes.js';
import { Graph, GraphCopy, type GraphNode } from '../../definitions/graph.js';
import type { Side } from '../../definitions/rule-definition.js';
import { FunctionBytes, i32, v128 } from '../../wasm/module-bytes.js';
import * as layout from './assembly/layout.js';
import { NodeEmitter } from './emit-nodes.js';
import { RepeatEmitter } from './emit-repeats.js';

/** An array that a rule reads or writes: of synapses, of the neurons at one end, or one number for all. */
export type RuleArray =
  | { readonly kind: 'synapse'; readonly name: string }
  | { readonly kind: 'parameter'; readonly values: Floats }
  | { readonly kind: 'trace'; readonly name: string; readonly of: Side }
  | { readonly kind: 'neuron'; readonly name: string; readonly of: Side; readonly variable: string }
  | { readonly kind: 'signal'; readonly name: string }
  /** Of lazy visits: the steps in which the connection has learned since the reset, and how many a synapse has made: int32. */
  | { readonly kind: 'learned' }
  | { readonly kind: 'made' };

export interface RulePlan {
  readonly rule: CompiledRule;
  readonly isShared: boolean;
  /** Whether visits first repeat the steps since the last one. */
  readonly isLazy: boolean;
  /** Passes that a weight which synapses share takes one after the other; and all of them. */
  readonly groups: readonly (readonly RulePass[])[];
  readonly passes: readonly RulePass[];
  /** In the order of their addresses in the table that kernels are given. */
  readonly arrays: readonly RuleArray[];
  /** Kernels of a pass. */
  readonly variants: number;
  /** Of every pass `rowVariants` or `singleVariants`, in their order. */
  readonly kernels: readonly FunctionBytes[];
}

/** Bounds that kernels hold the weight in; none where several synapses share a weight, which is clamped when all have changed it. */
interface Bounds {
  readonly wMin: number;
  readonly wMax: number;
}

/**
 * @param ownWeights whether every synapse has a weight of its own
 * @param isSingle whether synapses are visited one by one: the arrays of kernels are gathered for them
 */
export function planRule(
  rule: CompiledRule,
  ownWeights: boolean,
  bounds: Bounds,
  isSingle = false,
): RulePlan {
  const variants = isSingle ? singleVariants : rowVariants;
  const [whole] = rule.whole;
  const lazy = !isSingle && ownWeights && rule.whole.length === 1 ? whole.lazy : null;
  const visited = lazy ? [{ ...whole, ...lazy, idle: 'never' as const }] : rule.whole;
  const groups = ownWeights || rule.isSummed ? [visited] : rule.byClause;
  const passes = groups.flat();
  const arrays: RuleArray[] = [
    { kind: 'synapse', name: 'w' },
    ...[...rule.synapse.keys()].map((name) => ({ kind: 'synapse' as const, name })),
    ...rule.traces.map(({ name, of }) => ({ kind: 'trace' as const, name, of })),
    ...[...rule.neurons].map(([name, { of, variable }]) => ({ kind: 'neuron' as const, name, of, variable })),
    ...rule.signals.map((name) => ({ kind: 'signal' as const, name })),
    ...(lazy ? [{ kind: 'learned' } as const, { kind: 'made' } as const] : []),
  ];
  const kernels = passes.flatMap((pass) =>
    variants.map((variant) =>
      emitKernel(pass, arrays, variant, ownWeights ? bounds : null, lazy?.step ?? null),
    ),
  );
  return {
    rule,
    isShared: !ownWeights,
    isLazy: lazy !== null,
    groups,
    passes,
    arrays,
    variants: variants.length,
    kernels,
  };
}

/** The function `visit(kernel, table, entries, end, marks, spikes)` over kernels that begin at function `first`. */
export function emitVisit(first: number, nKernels: number): FunctionBytes {
  const code = new FunctionBytes([i32, i32, i32, i32, i32, i32]);
  const [kernel, ...others] = [0, 1, 2, 3, 4, 5];
  for (let index = 0; index < nKernels; index++) {
    code.get(kernel).constI32(index).equalI32().if();
    for (const other of others) code.get(other);
    code.call(first + index).end();
  }
  return code;
}

/** Which synapses of a row a kernel visits, and what is known of their ends. */
interface Variant {
  /** Whether it visits listed vectors, and in them the synapses onto marked targets. */
  readonly isChosen: boolean;
  readonly source: 0 | 1;
  /** Whether the targets spike: none, all, or those of a second list of marks. */
  readonly target: 0 | 1 | 'some';
  /** Whether every array has a value for each synapse. */
  readonly isGathered?: boolean;
}

/**
 * The kernels of a pass, as the simulator numbers them. The first, of rows without any spike, is that of a lazy pass which makes no step
 * but brings all synapses up to date.
 */
const rowVariants: readonly Variant[] = [
  ...[false, true].flatMap((isChosen) =>
    ([0, 1] as const).flatMap((source) =>
      ([0, 'some'] as const).map((target) => ({ isChosen, source, target })),
    ),
  ),
  { isChosen: true, source: 0, target: 1 },
  { isChosen: true, source: 1, target: 1 },
];

/** By spikes of source and target, as the simulator numbers them. */
const singleVariants: readonly Variant[] = ([0, 1] as const).flatMap((source) =>
  ([0, 1] as const).map((target) => ({ isChosen: false, source, target, isGathered: true })),
);

const nameOf = (array: RuleArray) => ('name' in array ? array.name : null);

/** How far a node's values reach: the same for all rows of a call, for a row, or one for every synapse. */
const reaches = ['call', 'row', 'synapse'] as const;

type Reach = (typeof reaches)[number];

const reachOf = (array: RuleArray): Reach => {
  if (array.kind === 'signal' || array.kind === 'learned') return 'call';
  return 'of' in array && array.of === 'source' ? 'row' : 'synapse';
};

/**
 * Emits `kernel(table, entries, end, marks, spikes)`, which changes the synapses of all rows from the address `entries` to `end`.
 * Arrays of parameters that it needs join `arrays`.
 *
 * @param repeated the step that it first repeats as often as a synapse has not been visited; null: none is
 */
function emitKernel(
  pass: RulePass,
  arrays: RuleArray[],
  { isChosen, source, target, isGathered = false }: Variant,
  bounds: Bounds | null,
  repeated: SynapseGraph | null,
): FunctionBytes {
  const findReach = (array: RuleArray) => (isGathered && 'of' in array ? 'synapse' : reachOf(array));
  const isUpdate = repeated !== null && !isChosen && source === 0 && target === 0;
  const whole = target === 'some' ? joinGraphs(pass.graphs[source]) : pass.graphs[source][target];
  const { graph, results } = repeated ? keepState(isUpdate ? null : whole, repeated) : whole;
  const { nodes } = graph;
  const [table, entries, end, marks, spikes] = [0, 1, 2, 3, 4];
  const code = new FunctionBytes([i32, i32, i32, i32, i32]);
  const [entry, at, cursor, extent, list, marked, spiking] = [0, 1, 2, 3, 4, 5, 6].map(() => code.local(i32));
  const arrayOfNode = nodes.map((node) => findArray(node, arrays));
  const reachOfNode = nodes.map((): Reach => 'call');
  nodes.forEach((node, index) => {
    const array = arrayOfNode[index];
    const all = node.kind === 'operation' ? node.operands.map((each) => reachOfNode[each]) : [];
    if (node.kind === 'given' && node.name === targetSpikes) reachOfNode[index] = 'synapse';
    else reachOfNode[index] = array ? findReach(array) : widest(all);
  });
  const stored = [...results].map(([name, node]) => ({
    name,
    node,
    array: arrays.find((array) => array.kind === 'synapse' && array.name === name) as RuleArray,
  }));
  const [learned, made] = arrays.filter(({ kind }) => kind === 'learned' || kind === 'made');
  const ofRepeats = repeated
    ? [learned, made, ...repeated.graph.nodes.map((node) => findArray(node, arrays))]
    : [];
  const used = [...new Set([...arrayOfNode, ...ofRepeats, ...stored.map(({ array }) => array)])].filter(
    (array) => array !== null,
  );
  const places = new Map(used.map((array) => [array, { base: code.local(i32), row: code.local(i32) }]));
  const placeOf = (array: RuleArray) => places.get(array) as { readonly base: number; readonly row: number };
  const repeat = repeated && new RepeatEmitter(code, repeated);
  const isRepeated = (node: GraphNode) => node.kind === 'given' && repeat?.state.has(node.name) === true;
  const values = nodes.map(
    (node) => (node.kind === 'given' ? repeat?.state.get(node.name) : undefined) ?? code.local(v128),
  );
  const emitter = new NodeEmitter(code, nodes, values);
  const emit = (reach: Reach) => {
    nodes.forEach((node, index) => {
      if (reachOfNode[index] !== reach || isRepeated(node)) return;
      const array = arrayOfNode[index];
      if (node.kind === 'given' && node.name === targetSpikes) {
        code.get(spiking).get(at).addI32().load().set(values[index]);
      } else if (array) {
        code.get(reach === 'call' ? placeOf(array).base : placeOf(array).row);
        if (reach === 'synapse') code.get(at).addI32().load();
        else code.loadSplat();
        code.set(values[index]);
      } else if (node.kind === 'constant') code.splat(Number(node.value)).set(values[index]);
      else if (node.kind === 'operation') emitter.emit(node, values[index]);
    });
  };
  if (stored.length === 0) return code;
  for (const [array, { base }] of places)
    code
      .get(table)
      .loadI32(4 * arrays.indexOf(array))
      .set(base);
  emit('call');
  const [steps, missing] = [code.local(v128), code.local(v128)];
  if (repeat) code.get(placeOf(learned).base).loadSplat().set(steps);
  code.get(entries).set(entry);
  code.loop();
  for (const [array, { base, row }] of places) {
    if (findReach(array) === 'call') continue;
    const field = isGathered ? layout.entryRow : offsetField(array);
    code.get(base).get(entry).loadI32(field).addI32().set(row);
  }
  code.get(entry).loadI32(layout.entryExtent).set(extent);
  if (isChosen) {
    code.get(entry).loadI32(layout.entryList).set(list);
    code.get(marks).get(entry).loadI32(layout.entryTarget).addI32().set(marked);
  }
  if (target === 'some') code.get(spikes).get(entry).loadI32(layout.entryTarget).addI32().set(spiking);
  code.constI32(0).set(isChosen ? cursor : at);
  emit('row');
  code.loop();
  if (isChosen) code.get(list).get(cursor).addI32().loadI32(0).set(at);
  const loadVector = (array: RuleArray) => code.get(placeOf(array).row).get(at).addI32().load();
  const chooseMarked = () => code.get(marked).get(at).addI32().load().vector('v128.bitselect');
  if (repeat) {
    // All but the step that follows.
    code.get(steps);
    loadVector(made).vector('i32x4.sub');
    if (!isUpdate) code.splatI32(-1).vector('i32x4.add');
    if (isChosen) code.get(marked).get(at).addI32().load().vector('v128.and');
    code.set(missing);
    for (const [name, local] of repeat.state) {
      loadVector(arrays.find((array) => nameOf(array) === name) as RuleArray).set(local);
    }
    repeat.emit(missing, (node) => {
      if (node.kind === 'constant' && typeof node.value === 'number') code.splat(node.value);
      else loadVector(findArray(node, arrays) as RuleArray);
    });
  }
  emit('synapse');
  for (const { name, node, array } of stored) {
    const { row } = placeOf(array);
    code.get(row).get(at).addI32();
    emitter.number(node);
    if (name === 'w' && bounds !== null) emitBounds(code, bounds);
    if (isChosen) {
      const before = nodes.findIndex((each) => each.kind === 'given' && each.name === name);
      if (before >= 0) code.get(values[before]);
      else loadVector(array);
      chooseMarked();
    }
    code.store();
  }
  if (repeat) {
    code.get(placeOf(made).row).get(at).addI32().get(steps);
    if (isChosen) {
      loadVector(made);
      chooseMarked();
    }
    code.store();
  }
  const [index, step] = isChosen ? [cursor, 4] : [at, 16];
  code.get(index).constI32(step).addI32().set(index);
  code.get(index).get(extent).lessU32().again();
  code.get(entry).constI32(layout.entrySize).addI32().set(entry);
  code.get(entry).get(end).lessU32().again();
  return code;
}

/** Name of the mask of targets that spike, in a graph for rows with some of them. */
const targetSpikes = 'targetSpike';

/** One graph for targets that do not spike and for those that do. */
function joinGraphs([quiet, spiking]: readonly SynapseGraph[]): SynapseGraph {
  const graph = new Graph();
  const [without, withSpike] = [quiet, spiking].map((each) => copyResults(each, graph));
  const results = new Map<string, number>();
  for (const name of new Set([...without.keys(), ...withSpike.keys()])) {
    const [no, yes] = [without, withSpike].map((each) => each.get(name) ?? graph.given(name));
    results.set(name, no === yes ? no : graph.operation('choose', graph.given(targetSpikes), yes, no));
  }
  return { graph, results };
}

/** A graph, or none, that also leaves the state which was repeated before. */
function keepState(made: SynapseGraph | null, repeated: SynapseGraph): SynapseGraph {
  const graph = new Graph();
  const kept = [...repeated.results.keys()].map((name) => [name, graph.given(name)] as const);
  return { graph, results: new Map([...kept, ...(made ? copyResults(made, graph) : [])]) };
}

function copyResults({ graph: { nodes }, results }: SynapseGraph, graph: Graph): Map<string, number> {
  const copy = new GraphCopy(nodes, graph);
  return new Map([...results].map(([name, node]) => [name, copy.take(node)]));
}

/** The array that a node reads; parameters of every synapse that are new join `arrays`. */
function findArray(node: GraphNode, arrays: RuleArray[]): RuleArray | null {
  if (node.kind === 'given') return arrays.find((array) => nameOf(array) === node.name) ?? null;
  if (node.kind !== 'constant' || typeof node.value === 'number') return null;
  const { value } = node;
  const known = arrays.find((array) => array.kind === 'parameter' && isSame(array.values, value));
  if (known) return known;
  const made: RuleArray = { kind: 'parameter', values: value };
  arrays.push(made);
  return made;
}

function widest(all: readonly Reach[]): Reach {
  return reaches[Math.max(0, ...all.map((each) => reaches.indexOf(each)))];
}

/** The field of an entry that says where its row begins in an array. */
function offsetField(array: RuleArray): number {
  if (array.kind === 'synapse' || array.kind === 'parameter' || array.kind === 'made') return layout.entryRow;
  return reachOf(array) === 'row' ? layout.entrySource : layout.entryTarget;
}

/**
 * Clamps the vector on the stack, with the bits of Math.min and Math.max. Those of WebAssembly have many instructions for NaN and −0, which
 * one instruction of a processor handles too if its operands are in the right order and −0 is none of the bounds.
 */
function emitBounds(code: FunctionBytes, { wMin, wMax }: Bounds): void {
  if (wMin !== Number.NEGATIVE_INFINITY) {
    code.splat(wMin).vector(Object.is(wMin, -0) ? 'f32x4.max' : 'f32x4.pmax');
    // Of 0 and −0 the greater.
    if (Object.is(wMin, 0)) code.splat(0).vector('f32x4.add');
  }
  if (wMax !== Number.POSITIVE_INFINITY) {
    code.splat(wMax).vector(Object.is(wMax, -0) ? 'f32x4.min' : 'f32x4.pmin');
  }
}

function isSame(a: Floats, b: Floats): boolean {
  return a.length === b.length && a.every((each, i) => Object.is(each, b[i]));
}
