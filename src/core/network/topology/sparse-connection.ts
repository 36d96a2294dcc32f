/** Sparse: synapses between some pairs of neurons, which are drawn, listed or chosen by a condition. */
import { invalidArgument } from '../../../errors.js';
import { callback, custom, number, readOptions, type Schema } from '../../../options.js';
import { countNeurons, engineOrder, type LayerShape } from '../shape.js';
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
    const { probability, condition, pairs, ...synapses } = readOptions(place, schema, parameters);
    super(synapses, place);
    if (pairs === undefined && probability === undefined && condition === undefined)
      throw invalidArgument(place, 'a probability, a condition or pairs', parameters);
    if (pairs !== undefined && (probability !== undefined || condition !== undefined))
      throw invalidArgument(place, 'pairs without a probability or condition', { probability, condition });
    this.probability = probability ?? null;
    this.condition = condition ?? null;
    this.pairs = pairs ?? null;
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
  const isChosen = source.map((from, at) => (condition(from, target[at]) ? 1 : 0));
  const choose = (neurons: Uint32Array) => neurons.filter((_, at) => isChosen[at] === 1);
  return { source: choose(source), target: choose(target) };
}

/** Sorts pairs by source and target, as engines keep them. */
function wirePairs(source: LayerShape, target: LayerShape, pairs: Pairs): Wiring {
  const [fromOrder, ontoOrder] = [engineOrder(source), engineOrder(target)];
  const from = pairs.source.map((neuron) => fromOrder[neuron]);
  const onto = pairs.target.map((neuron) => ontoOrder[neuron]);
  const count = from.length;
  // By target first, then by source: each time those that are equal keep their order.
  const isSorted = from.every((neuron, at) => {
    if (at === 0 || neuron > from[at - 1]) return true;
    return neuron === from[at - 1] && onto[at] >= onto[at - 1];
  });
  const numbers = Uint32Array.from({ length: count }, (_, at) => at);
  const order = isSorted ? numbers : sortBy(from, sortBy(onto, numbers, ontoOrder.length), fromOrder.length);
  const engineIndex = isSorted ? numbers : new Uint32Array(count);
  const targets = isSorted ? onto : new Uint32Array(count);
  if (!isSorted) {
    order.forEach((pair, at) => {
      engineIndex[pair] = at;
      targets[at] = onto[pair];
    });
  }
  return {
    fanOut: {
      nSources: fromOrder.length,
      nRows: count,
      rowLength: 1,
      start: countStarts(from, fromOrder.length),
      row: numbers,
      target: targets,
    },
    weightShape: [count],
    engineIndex,
    nGroups: ontoOrder.length,
    maskSelf: false,
    isSparse: true,
  };
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
  const [fromPublished, ontoPublished] = [source, target].map((shape) => {
    const published = new Uint32Array(countNeurons(shape));
    engineOrder(shape).forEach((at, neuron) => {
      published[at] = neuron;
    });
    return published;
  });
  const sources = new Uint32Array(engineIndex.length);
  for (let i = 0; i < fanOut.nSources; i++)
    sources.fill(fromPublished[i], fanOut.start[i], fanOut.start[i + 1]);
  return {
    source: engineIndex.map((at) => sources[at]),
    target: engineIndex.map((at) => ontoPublished[fanOut.target[at]]),
  };
}
