/** Emits WebAssembly for synapse models: sources, and rows of their synapses, four at a time, with the same bits as the interpreter. */
import type { GraphNode } from '../../definitions/graph.js';
import type { Side } from '../../definitions/rule-definition.js';
import {
  type CompiledSynapse,
  type ResultGraph,
  sent,
  type SynapsePass,
} from '../../definitions/synapse-graph.js';
import type { Floats } from '../../precision.js';
import { FunctionBytes, i32, v128 } from '../../wasm/module-bytes.js';
import * as layout from './assembly/layout.js';
import { NodeEmitter } from './emit-nodes.js';

/** An array that a synapse model reads or writes. */
export type SynapseArray =
  | { readonly kind: 'weights' | 'mask' | 'input' }
  | { readonly kind: 'state'; readonly name: string; readonly of: 'source' | 'synapse' }
  /** What sources pass on to their synapses. */
  | { readonly kind: 'passed'; readonly name: string }
  | { readonly kind: 'neuron'; readonly name: string; readonly of: Side; readonly variable: string }
  /** What the synapses of one row draw by a call of the equations. */
  | { readonly kind: 'draw'; readonly name: string; readonly call: number }
  | { readonly kind: 'parameter'; readonly of: 'source' | 'synapse'; readonly values: Floats };

export interface SynapsePlan {
  readonly synapse: CompiledSynapse;
  /** In the order of their addresses in the table that kernels are given. */
  readonly arrays: readonly SynapseArray[];
  /** Of every pass, those of its sources and of its rows; null where there is nothing to do. */
  readonly passes: readonly { readonly sources: number | null; readonly rows: number | null }[];
  readonly kernels: readonly FunctionBytes[];
}

/** @param isMasked whether rows have places without a synapse, where nothing is sent */
export function planSynapse(synapse: CompiledSynapse, isMasked: boolean): SynapsePlan {
  const { state, neurons, draws, passes } = synapse;
  const passed = passes.flatMap(({ source }) =>
    [...source.results.keys()].filter((name) => !state.has(name)),
  );
  const arrays: SynapseArray[] = [
    { kind: 'weights' },
    { kind: 'input' },
    ...(isMasked ? [{ kind: 'mask' } as const] : []),
    ...[...state].map(([name, { of }]) => ({ kind: 'state' as const, name, of })),
    ...[...new Set(passed)].map((name) => ({ kind: 'passed' as const, name })),
    ...[...neurons].map(([name, { of, variable }]) => ({ kind: 'neuron' as const, name, of, variable })),
    ...draws.map(({ name }, call) => ({ kind: 'draw' as const, name, call })),
  ];
  const kernels: FunctionBytes[] = [];
  const add = ({ results }: ResultGraph, emit: () => FunctionBytes) =>
    results.size === 0 ? null : kernels.push(emit()) - 1;
  const numbered = passes.map((pass) => ({
    sources: add(pass.source, () => emitSources(pass, arrays)),
    rows: add(pass.synapse, () => emitRows(pass, arrays)),
  }));
  return { synapse, arrays, passes: numbered, kernels };
}

/** Of the function `visit` of rules, of which these kernels are some too: the last two are for rules alone. */
const [table, first, end] = [0, 1, 2];
const parameters = [i32, i32, i32, i32, i32];

/**
 * Emits `kernel(table, first, end)`: a step of all sources, whose values lie from offset `first` to `end`, four at a time; or of those in
 * the list of neurons from `first` to `end`, one at a time.
 */
function emitSources(
  { over, source: { graph, results } }: SynapsePass,
  arrays: SynapseArray[],
): FunctionBytes {
  const { nodes } = graph;
  const code = new FunctionBytes(parameters);
  const cursor = code.local(i32);
  const at = over === 'all' ? cursor : code.local(i32);
  const addresses = new Addresses(code, arrays);
  const read = nodes.map((node) => findArray(node, arrays, 'source'));
  const values = nodes.map(() => code.local(v128));
  const emitter = new NodeEmitter(code, nodes, values);
  const targets = [...results].map(([name, node]) => ({ node, array: findNamed(name, arrays) }));
  addresses.load([...read, ...targets.map(({ array }) => array)]);
  emitConstants(code, nodes, values);
  code.get(first).set(cursor);
  code.loop();
  if (over === 'spiking') code.get(cursor).loadI32(0).constI32(2).shiftLeftI32().set(at);
  nodes.forEach((node, index) => {
    const array = read[index];
    if (array) {
      code.get(addresses.of(array)).get(at).addI32();
      (over === 'all' ? code.load() : code.loadSplat()).set(values[index]);
    } else if (node.kind === 'operation') emitter.emit(node, values[index]);
  });
  for (const { node, array } of targets) {
    code.get(addresses.of(array)).get(at).addI32();
    emitter.number(node);
    if (over === 'all') code.store();
    else code.storeLane();
  }
  code
    .get(cursor)
    .constI32(over === 'all' ? 16 : 4)
    .addI32()
    .set(cursor);
  code.get(cursor).get(end).lessU32().again();
  return code;
}

/** Emits `kernel(table, first, end)`, which steps the synapses of all rows that wait from the address `first` to `end`. */
function emitRows({ synapse: { graph, results } }: SynapsePass, arrays: SynapseArray[]): FunctionBytes {
  const { nodes } = graph;
  const code = new FunctionBytes(parameters);
  const [entry, at, extent] = [0, 1, 2].map(() => code.local(i32));
  const addresses = new Addresses(code, arrays);
  const read = nodes.map((node) => findArray(node, arrays, 'synapse'));
  const isOfRow = findRowValues(nodes, read);
  const values = nodes.map(() => code.local(v128));
  const emitter = new NodeEmitter(code, nodes, values);
  const targets = [...results].map(([name, node]) => ({
    node,
    array: name === sent ? find('input', arrays) : findNamed(name, arrays),
  }));
  const mask = results.has(sent) ? arrays.find(({ kind }) => kind === 'mask') : undefined;
  addresses.load([...read, ...targets.map(({ array }) => array), mask ?? null]);
  const rows = new Map(addresses.arrays.map((array) => [array, code.local(i32)]));
  const rowOf = (array: SynapseArray) => rows.get(array) as number;
  const emit = (ofRow: boolean) => {
    nodes.forEach((node, index) => {
      const array = read[index];
      if (isOfRow[index] !== ofRow || (node.kind === 'constant' && !array)) return;
      if (array && ofRow) code.get(rowOf(array)).loadSplat().set(values[index]);
      else if (array) code.get(rowOf(array)).get(at).addI32().load().set(values[index]);
      else if (node.kind === 'operation') emitter.emit(node, values[index]);
    });
  };
  emitConstants(code, nodes, values);
  code.get(first).set(entry);
  code.loop();
  for (const [array, row] of rows) {
    code.get(addresses.of(array));
    const field = offsetField(array);
    if (field !== null) code.get(entry).loadI32(field).addI32();
    code.set(row);
  }
  code.get(entry).loadI32(layout.entryExtent).set(extent);
  emit(true);
  code.constI32(0).set(at);
  code.loop();
  emit(false);
  for (const { node, array } of targets) {
    code.get(rowOf(array)).get(at).addI32();
    if (array.kind === 'input') {
      code.get(rowOf(array)).get(at).addI32().load();
      emitter.number(node);
      if (mask) code.get(rowOf(mask)).get(at).addI32().load().vector('v128.and');
      code.vector('f32x4.add');
    } else emitter.number(node);
    code.store();
  }
  code.get(at).constI32(16).addI32().set(at);
  code.get(at).get(extent).lessU32().again();
  code.get(entry).constI32(layout.entrySize).addI32().set(entry);
  code.get(entry).get(end).lessU32().again();
  return code;
}

/** Locals with the addresses of arrays. */
class Addresses {
  readonly #locals = new Map<SynapseArray, number>();

  constructor(
    private readonly code: FunctionBytes,
    private readonly known: readonly SynapseArray[],
  ) {}

  get arrays(): SynapseArray[] {
    return [...this.#locals.keys()];
  }

  /** Reads those of arrays from the table. */
  load(arrays: readonly (SynapseArray | null)[]): void {
    for (const array of arrays) {
      if (!array || this.#locals.has(array)) continue;
      const local = this.code.local(i32);
      this.code
        .get(table)
        .loadI32(4 * this.known.indexOf(array))
        .set(local);
      this.#locals.set(array, local);
    }
  }

  of(array: SynapseArray): number {
    return this.#locals.get(array) as number;
  }
}

function emitConstants(code: FunctionBytes, nodes: readonly GraphNode[], values: readonly number[]): void {
  nodes.forEach((node, index) => {
    if (node.kind === 'constant' && typeof node.value === 'number') code.splat(node.value).set(values[index]);
  });
}

/** Whether each node has one value for a row. */
function findRowValues(nodes: readonly GraphNode[], read: readonly (SynapseArray | null)[]): boolean[] {
  const found: boolean[] = [];
  nodes.forEach((node, index) => {
    const array = read[index];
    if (node.kind === 'operation') found.push(node.operands.every((operand) => found[operand]));
    else found.push(array === null || array.kind === 'passed');
  });
  return found;
}

/** The array that a node reads; lists of parameters that are new join `arrays`. */
function findArray(node: GraphNode, arrays: SynapseArray[], of: 'source' | 'synapse'): SynapseArray | null {
  if (node.kind === 'given')
    return node.name === 'w' ? find('weights', arrays) : findNamed(node.name, arrays);
  if (node.kind !== 'constant' || typeof node.value === 'number') return null;
  const made: SynapseArray = { kind: 'parameter', of, values: node.value };
  arrays.push(made);
  return made;
}

function find(kind: SynapseArray['kind'], arrays: readonly SynapseArray[]): SynapseArray {
  return arrays.find((array) => array.kind === kind) as SynapseArray;
}

function findNamed(name: string, arrays: readonly SynapseArray[]): SynapseArray {
  return arrays.find((array) => 'name' in array && array.name === name) as SynapseArray;
}

/** The field of an entry that says where its row begins in an array; null of what has but one row. */
function offsetField(array: SynapseArray): number | null {
  switch (array.kind) {
    case 'draw':
      return null;
    case 'passed':
      return layout.entrySource;
    case 'input':
    case 'neuron':
      return layout.entryTarget;
    default:
      return layout.entryRow;
  }
}
