/**
 * Emits WebAssembly for the defined neurons of a minibatch: four neurons at a time in all of its images, which share what is persistent,
 * with the same bits as the interpreter.
 */
import { listNodes } from '../../definitions/graph.js';
import type { SampledNeurons } from '../../definitions/neuron-graph.js';
import { FunctionBytes, i32, v128 } from '../../wasm/module-bytes.js';
import type { NeuronArray } from './emit-neurons.js';
import { NodeEmitter } from './emit-nodes.js';

/** The nodes that a step of a minibatch computes or reads. */
export function usedTogether({ graph, state, spike, sums }: SampledNeurons): Set<number> {
  return listNodes(graph, [...state.values(), spike, ...sums.map(({ node }) => node)]);
}

/**
 * The function `together(members, stride, bytes, table)`: a step of the neurons of one position, which clears their inputs. The table of
 * each image's addresses lies `stride` bytes behind that of the one before. Arrays of constants that it needs join `arrays`.
 */
export function emitTogether(step: SampledNeurons, arrays: NeuronArray[]): FunctionBytes {
  const { graph, state, spike, sums } = step;
  const { nodes } = graph;
  const [members, stride, bytes, table] = [0, 1, 2, 3];
  const code = new FunctionBytes([i32, i32, i32, i32]);
  const [at, member, own, mask] = [0, 1, 2, 3].map(() => code.local(i32));
  const isSum = (index: number) => {
    const node = nodes[index];
    return node.kind === 'given' && sums.some(({ name }) => name === node.name);
  };
  const findKind = (kind: NeuronArray['kind']) => arrays.findIndex((array) => array.kind === kind);
  const find = (name: string) =>
    name === 'spiked' ? findKind(name) : arrays.findIndex((array) => 'name' in array && array.name === name);
  const used = usedTogether(step);
  /** The array that a node is read from; −1: none. */
  const sources = nodes.map((node, index) => {
    if (!used.has(index) || isSum(index)) return -1;
    if (node.kind === 'given') return find(node.name);
    if (node.kind !== 'constant' || typeof node.value === 'number') return -1;
    arrays.push({ kind: 'constant', values: node.value });
    return arrays.length - 1;
  });
  const values = nodes.map((node) => {
    const local = code.local(v128);
    if (node.kind === 'constant' && typeof node.value === 'number') code.splat(node.value).set(local);
    return local;
  });
  const emitter = new NodeEmitter(code, nodes, values, ['spiked']);
  const isShared = nodes.map((_, index) => isSum(index) || step.isShared(index));
  /** The place of four neurons in an array of the image whose table a local holds. */
  const place = (array: number, of: number) =>
    code
      .get(of)
      .loadI32(4 * array)
      .get(at)
      .addI32();
  const emit = (index: number, of: number) => {
    const node = nodes[index];
    if (sources[index] >= 0) place(sources[index], of).load().set(values[index]);
    else if (node.kind === 'operation') emitter.emit(node, values[index]);
  };
  const inOrder = (wanted: readonly number[], shared: boolean) =>
    [...listNodes(graph, wanted)].filter((index) => isShared[index] === shared).toSorted((a, b) => a - b);
  const known = new Set<number>();
  /** Computes what is the same for all images. */
  const emitShared = (wanted: readonly number[]) => {
    for (const index of inOrder(wanted, true)) {
      if (!known.has(index)) emit(index, table);
      known.add(index);
    }
  };
  /** Computes what each image has of its own, reading before anything is written, and does something with it. */
  const emitMembers = (wanted: readonly number[], use: () => void) => {
    emitShared(wanted);
    code.constI32(0).set(member).get(table).set(own).loop();
    const computed = inOrder(wanted, false);
    const isRead = (index: number) => nodes[index].kind !== 'operation';
    for (const index of [...computed.filter(isRead), ...computed.filter((each) => !isRead(each))])
      emit(index, own);
    use();
    code.get(own).get(stride).addI32().set(own);
    code.get(member).constI32(1).addI32().set(member);
    code.get(member).get(members).lessU32().again();
  };
  const store = (array: number, of: number, node: number) => {
    place(array, of);
    emitter.number(node);
    code.store();
  };
  const isPersistent = (name: string) => arrays[find(name)].kind === 'persistent';
  const ofImages = [...state].filter(([name]) => !isPersistent(name));
  const shared = [...state].filter(([name]) => isPersistent(name));
  code.loop();
  for (const { name, node } of sums) {
    const sum = graph.given(name);
    code.splat(0).set(values[sum]);
    emitMembers([node], () => {
      code.get(values[sum]);
      emitter.number(node);
      code.vector('f32x4.add').set(values[sum]);
    });
  }
  emitMembers([...ofImages.map(([, node]) => node), spike], () => {
    for (const [name, node] of ofImages) store(find(name), own, node);
    if (findKind('spiked') >= 0) {
      place(findKind('spiked'), own);
      emitter.mask(spike);
      code.store();
    }
    arrays.forEach(({ kind }, array) => {
      if (kind === 'input') place(array, own).splat(0).store();
    });
    emitter.mask(spike);
    code.vector('i32x4.bitmask').set(mask);
    code
      .get(own)
      .loadI32(4 * findKind('fired'))
      .get(at)
      .constI32(4)
      .shiftRightI32()
      .addI32();
    code.get(mask).storeByte();
  });
  emitShared(shared.map(([, node]) => node));
  for (const [name, node] of shared) store(find(name), table, node);
  code.get(at).constI32(16).addI32().set(at);
  code.get(at).get(bytes).lessU32().again();
  return code;
}

/** The function `stepTogether(model, members, stride, bytes, table)` over functions that begin at `first`. */
export function emitTogetherOf(first: number, nFunctions: number): FunctionBytes {
  const code = new FunctionBytes([i32, i32, i32, i32, i32]);
  const [model, ...others] = [0, 1, 2, 3, 4];
  for (let index = 0; index < nFunctions; index++) {
    code.get(model).constI32(index).equalI32().if();
    for (const other of others) code.get(other);
    code.call(first + index).end();
  }
  return code;
}
