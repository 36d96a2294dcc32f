/** Emits WebAssembly for defined neurons: the operations of their graph, four neurons at a time, with the same bits as the interpreter. */
import { listNodes } from '../../definitions/graph.js';
import type { CompiledNeurons, NeuronGraph } from '../../definitions/neuron-graph.js';
import type { Floats } from '../../precision.js';
import { FunctionBytes, i32, v128 } from '../../wasm/module-bytes.js';
import { NodeEmitter } from './emit-nodes.js';
import { emitTogether, usedTogether } from './emit-together.js';
import { inputsOf, type NeuronModel } from '../../network/nodes/neuron-model.js';

/** An array that a step of defined neurons reads or writes, one value for every neuron. */
export type NeuronArray =
  | { readonly kind: 'state' | 'persistent' | 'input'; readonly name: string }
  /** A byte for every four neurons: a bit for each that spikes. */
  | { readonly kind: 'fired' }
  /** All bits where the neuron spiked in the step before; there where the equations ask for it. */
  | { readonly kind: 'spiked' }
  /** What every neuron draws in a step: call number `call` of the definition. */
  | { readonly kind: 'draw'; readonly name: string; readonly call: number }
  | { readonly kind: 'constant'; readonly values: Floats };

/** What memory and kernels must know of one defined layer. */
export interface NeuronPlan {
  /** In the order of their addresses in the table that a step is given. */
  readonly arrays: readonly NeuronArray[];
  readonly frozen: FunctionBytes;
  readonly learning: FunctionBytes;
  /** Of the images of a minibatch; null where it is not asked for. */
  readonly together: FunctionBytes | null;
}

/** What is emitted of a model for one length of a step. @param inMinibatches whether images learn at once */
export function planNeurons(
  compiled: CompiledNeurons,
  model: NeuronModel,
  inMinibatches = false,
): NeuronPlan {
  const arrays: NeuronArray[] = [
    ...[...compiled.initial.keys()].map((name) => ({
      kind: model.persistent.includes(name) ? ('persistent' as const) : ('state' as const),
      name,
    })),
    ...inputsOf(model).map((name) => ({ kind: 'input' as const, name })),
    { kind: 'fired' },
  ];
  const sampled = inMinibatches ? compiled.together() : null;
  const steps = [
    ...[compiled.frozen, compiled.learning].map((step) => ({ graph: step.graph, used: collectUsed(step) })),
    ...(sampled ? [{ graph: sampled.graph, used: usedTogether(sampled) }] : []),
  ];
  const asked = new Set(
    steps.flatMap(({ graph, used }) =>
      [...used].flatMap((index) => {
        const node = graph.nodes[index];
        return node.kind === 'given' ? [node.name] : [];
      }),
    ),
  );
  if (asked.has('spiked')) arrays.push({ kind: 'spiked' });
  model.draws?.forEach(({ name }, call) => {
    if (asked.has(name)) arrays.push({ kind: 'draw', name, call });
  });
  return {
    arrays,
    frozen: emitStep(compiled.frozen, arrays),
    learning: emitStep(compiled.learning, arrays),
    together: sampled && emitTogether(sampled, arrays),
  };
}

/** The function `step(model, learns, bytes, table)`: a step of the neurons of one position of a layer, which clears their input. */
export function emitStepOf(first: number, nFunctions: number): FunctionBytes {
  const [model, learns, bytes, table] = [0, 1, 2, 3];
  const step = new FunctionBytes([i32, i32, i32, i32]);
  for (let index = 0; index < nFunctions; index++) {
    step.get(model).get(model).addI32().get(learns).addI32().constI32(index).equalI32();
    step
      .if()
      .get(bytes)
      .get(table)
      .call(first + index)
      .end();
  }
  return step;
}

/** Emits a graph; arrays of constants that it needs join `arrays`. */
function emitStep(step: NeuronGraph, arrays: NeuronArray[]): FunctionBytes {
  const { graph, state, quiet, spike } = step;
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
  const used = collectUsed(step);
  const sources = graph.nodes.map((node, index) => {
    if (!used.has(index)) return -1;
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
  const spiked = findKind('spiked') < 0 ? null : addressOf(findKind('spiked'));
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
  const emitter = new NodeEmitter(code, graph.nodes, values, ['spiked']);
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
    listNodes(graph, [...targets.map(({ node }) => node), spike]);
  const all = needed([...usually, ...atSpikes]);
  code.loop();
  // What is given is read before anything is stored.
  emitNodes(new Set([...all].filter((index) => graph.nodes[index].kind === 'given')));
  emitNodes(needed(usually));
  storeAll(usually);
  for (const input of inputs) code.get(input).get(at).addI32().splat(0).store();
  if (spiked !== null) {
    code.get(spiked).get(at).addI32();
    emitter.mask(spike);
    code.store();
  }
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

/** The nodes that a step computes or reads. */
function collectUsed({ graph, state, quiet, spike }: NeuronGraph): Set<number> {
  return listNodes(graph, [...state.values(), ...quiet.values(), spike]);
}
