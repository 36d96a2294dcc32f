/** Sparse: synapses between some pairs of neurons, which are drawn, listed or chosen by a condition. */
import { invalidArgument } from '../../../errors.js';
import { callback, custom, number, readOptions, type Schema } from '../../../options.js';
import { countNeurons, countPositions, engineOrder, invertOrder, type LayerShape } from '../shape.js';
import { drawPairs, type Pairs } from './draw-pairs.js';
import {
  SynapticConnection,
  type SynapseParameters,
  synapseSchema,
  type WireContext,
  type Wiring,
} from './topology.js';

/** Source and target of every synapse, in published numbers of neurons. */
export type PairList =
  | readonly (readonly [source: number, target: number])[]
  | { readonly source: ArrayLike<number>; readonly target: ArrayLike<number> };

export interface SparseParameters extends SynapseParameters {
  /** Of each pair of neurons to have a synapse, drawn from the network's seed. Default: 1, if `pairs` are not given. */
  probability?: number;
  /** Which pairs may have a synapse, in published numbers of neurons. */
  condition?: (source: number, target: number) => boolean;
  /** The pairs themselves; a pair that is listed twice has two synapses. */
  pairs?: PairList;
}

const schema: Schema<SparseParameters> = {
  ...synapseSchema,
  probability: number({ least: 0, most: 1 }),
  condition: callback(),
  pairs: custom('to be a list of [source, target], or { source, target } of equal lengths', (value) => {
    const { source, target } = (value ?? {}) as Partial<Pairs>;
    const isListOf = (list: unknown) => typeof list === 'object' && list !== null && 'length' in list;
    return (
      Array.isArray(value) || (isListOf(source) && isListOf(target) && source?.length === target?.length)
    );
  }),
};

/**
 * Engines keep the synapses of a source side by side: 8 bytes for each, a ninth where each has a delay, and 8 more where a rule needs to
 * find them by target.
 */
export class SparseConnection extends SynapticConnection {
  readonly probability: number | null;
  readonly condition: ((source: number, target: number) => boolean) | null;
  readonly pairs: PairList | null;

  constructor(parameters: SparseParameters) {
    const place = 'SparseConnection';
    const given = readOptions(place, schema, parameters);
    const { probability, condition, pairs, ...synapses } = given;
    super(synapses, place, given);
    if (pairs === undefined && probability === undefined && condition === undefined)
      throw invalidArgument(place, 'a probability, a condition or pairs', parameters);
    if (pairs !== undefined && (probability !== undefined || condition !== undefined))
      throw invalidArgument(place, 'pairs without a probability or condition', { probability, condition });
    this.probability = probability ?? null;
    this.condition = condition ?? null;
    this.pairs = pairs ?? null;
  }

  /** The same connection with a list of its pairs, which descriptions of networks can hold, instead of a condition. */
  withoutCondition(
    source: LayerShape,
    target: LayerShape,
    place: string,
    context: WireContext,
  ): SparseConnection {
    if (!this.condition) return this;
    const pairs = listPairs(this.wire(source, target, place, context), source, target);
    return new SparseConnection({ ...this.options, probability: undefined, condition: undefined, pairs });
  }

  /** Published weights: one for every pair, in the order of the pairs; of those that are drawn or chosen sources ascend, then targets. */
  wire(source: LayerShape, target: LayerShape, place: string, { seed, index }: WireContext): Wiring {
    const [nSources, nTargets] = [countNeurons(source), countNeurons(target)];
    if (this.pairs) return wirePairs(source, target, readPairs(this.pairs, nSources, nTargets, place));
    const pairs = drawPairs(nSources, nTargets, this.probability ?? 1, seed, index);
    return wirePairs(source, target, this.condition ? choosePairs(pairs, this.condition) : pairs);
  }
}

function readPairs(pairs: PairList, nSources: number, nTargets: number, place: string): Pairs {
  const isList = !('source' in pairs);
  const length = isList ? pairs.length : pairs.source.length;
  const [source, target] = [new Uint32Array(length), new Uint32Array(length)];
  for (let at = 0; at < length; at++) {
    const [from, onto] = isList ? pairs[at] : [pairs.source[at], pairs.target[at]];
    if (!(from >>> 0 === from && from < nSources && onto >>> 0 === onto && onto < nTargets)) {
      const expectation = `pairs of a source below ${nSources} and a target below ${nTargets} (pair ${at})`;
      throw invalidArgument(place, expectation, [from, onto]);
    }
    source[at] = from;
    target[at] = onto;
  }
  return { source, target };
}

function choosePairs(
  { source, target }: Pairs,
  condition: (source: number, target: number) => boolean,
): Pairs {
  const [from, onto] = [new Uint32Array(source.length), new Uint32Array(source.length)];
  let count = 0;
  // A loop: `filter` with a function takes ten times as long.
  for (let at = 0; at < source.length; at++) {
    if (!condition(source[at], target[at])) continue;
    from[count] = source[at];
    onto[count++] = target[at];
  }
  return { source: from.slice(0, count), target: onto.slice(0, count) };
}

/** Sorts pairs by source and target, as engines keep them. */
function wirePairs(source: LayerShape, target: LayerShape, pairs: Pairs): Wiring {
  const from = renumber(pairs.source, source);
  const onto = renumber(pairs.target, target);
  const count = from.length;
  const [nSources, nTargets] = [countNeurons(source), countNeurons(target)];
  const numbers = listNumbers(count);
  let engineIndex = numbers;
  let targets = onto;
  if (!isSorted(from, onto)) {
    // By target first, then by source: those that are equal keep their order.
    const order = sortBy(from, sortBy(onto, numbers, nTargets), nSources);
    engineIndex = new Uint32Array(count);
    targets = new Uint32Array(count);
    for (let at = 0; at < count; at++) {
      engineIndex[order[at]] = at;
      targets[at] = onto[order[at]];
    }
  }
  return {
    fanOut: {
      nSources,
      nRows: count,
      rowLength: 1,
      start: countStarts(from, nSources),
      row: numbers,
      target: targets,
    },
    weightShape: [count],
    engineIndex,
    nGroups: nTargets,
    maskSelf: false,
    isSparse: true,
  };
}

/** Engine numbers of neurons. */
function renumber(neurons: Uint32Array, shape: LayerShape): Uint32Array {
  if (countPositions(shape) === 1) return neurons;
  const order = engineOrder(shape);
  return neurons.map((neuron) => order[neuron]);
}

function isSorted(from: Uint32Array, onto: Uint32Array): boolean {
  for (let at = 1; at < from.length; at++) {
    if (from[at] < from[at - 1] || (from[at] === from[at - 1] && onto[at] < onto[at - 1])) return false;
  }
  return true;
}

// A loop: `from` with a function takes ten times as long.
function listNumbers(count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  for (let at = 0; at < count; at++) numbers[at] = at;
  return numbers;
}

/** Where each of `size` keys begins in a list that is sorted by them. */
function countStarts(keys: Uint32Array, size: number): Uint32Array {
  const start = new Uint32Array(size + 1);
  for (const key of keys) start[key + 1]++;
  for (let i = 0; i < size; i++) start[i + 1] += start[i];
  return start;
}

function sortBy(keys: Uint32Array, order: Uint32Array, size: number): Uint32Array {
  const next = countStarts(keys, size);
  const sorted = new Uint32Array(order.length);
  for (const at of order) sorted[next[keys[at]]++] = at;
  return sorted;
}

/** Source and target of every published weight of a sparse connection. */
export function listPairs({ fanOut, engineIndex }: Wiring, source: LayerShape, target: LayerShape): Pairs {
  const [fromPublished, ontoPublished] = [source, target].map((shape) => invertOrder(engineOrder(shape)));
  const sources = new Uint32Array(engineIndex.length);
  for (let i = 0; i < fanOut.nSources; i++)
    sources.fill(fromPublished[i], fanOut.start[i], fanOut.start[i + 1]);
  return {
    source: engineIndex.map((at) => sources[at]),
    target: engineIndex.map((at) => ontoPublished[fanOut.target[at]]),
  };
}
