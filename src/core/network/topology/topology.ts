/** What a connection is to a user (a description) and to an engine (its wiring). */
import { invalidArgument } from '../../../errors.js';
import {
  type Field,
  filledText,
  flag,
  isObject,
  number,
  numbers,
  readOptions,
  type Schema,
} from '../../../options.js';
import type { Floats } from '../../precision.js';
import { type Delay, delayField } from '../delays.js';
import { distributionField, type ParameterDistribution } from '../../definitions/parameter-values.js';
import { type SynapseModel, synapseField } from '../../definitions/define-synapse.js';
import { NoOp } from '../learning/no-op.js';
import { type LearningRule, ruleField } from '../learning/learning-rule.js';
import { type LayerShape, listSides } from '../shape.js';
import type { FanOut } from './fan-out.js';

/** A topology laid out for two given layers. */
export interface Wiring {
  readonly fanOut: FanOut;
  /** Shape of the weights as they are published. */
  readonly weightShape: readonly number[];
  /** Row-major engine index (row · rowLength + column) of every published weight; every synapse has one. */
  readonly engineIndex: Uint32Array;
  /**
   * Rows come in this many equal groups; every column of a group holds the weights onto one target neuron (one group
   * per position) or onto one channel (one group).  Normalisation sums over them.
   */
  readonly nGroups: number;
  /** Whether the weight of a neuron onto itself is held at 0. */
  readonly maskSelf: boolean;
  /** [row, column] 1 where there is a synapse; all other weights are held at 0. None: a synapse everywhere. */
  readonly mask?: Uint8Array;
  /** Equal groups of rows whose weights in a column sum to the norm. Default: `nGroups`. */
  readonly normGroups?: number;
  /** How synapses that share a weight change it: one after the other (default), or at once by the sum of what each makes of it. */
  readonly updates?: Updates;
  /** What reaches the target. Default: the rows of all sources that spike. */
  readonly delivery?: Delivery;
  /**
   * Whether every row is one synapse: row e that of entry e, onto any neuron of the target. Each neuron of the target has a group then,
   * in which normalisation sums, and rows are in the order of their sources and not of groups.
   */
  readonly isSparse?: boolean;
}

/** What a topology may be drawn from: the seed of the network and the number of the connection. */
export interface WireContext {
  readonly seed: number;
  readonly index: number;
}

export const updateModes = ['in turn', 'summed'] as const;

export type Updates = (typeof updateModes)[number];

/**
 * `mean`: every row once, times the mean of the spikes of all sources. `max`: of the sources that share a row onto a position, the spike of
 * the one with the highest rate, the first of several; in every step, rate ← rate − decay · rate + spike.
 */
export type Delivery = { readonly kind: 'mean' } | { readonly kind: 'max'; readonly decay: number };

/** [row, column] 1 where there is a synapse; null: everywhere. */
export function listSynapses({ fanOut: { nRows, rowLength }, maskSelf, mask }: Wiring): Uint8Array | null {
  if (!maskSelf) return mask ?? null;
  const own = mask?.slice() ?? new Uint8Array(nRows * rowLength).fill(1);
  for (let row = 0; row < nRows; row++) own[row * rowLength + (row % rowLength)] = 0;
  return own;
}

/**
 * Weights that are drawn from the network's seed, uniform in [low, high) or normal, a constant, or weights in their published shape; what is
 * given in float64 is rounded to the precision of the network.
 */
export type InitialWeights = ParameterDistribution | number | Floats;

export interface SynapseParameters {
  /** Default: uniform in [0, 1). */
  w?: InitialWeights;
  /** Name of the target's input that it adds to, of those that its model has. Default: the first. */
  into?: string;
  /** Default: `new NoOp()`. */
  rule?: LearningRule;
  /** What it sends in place of its weights. Default: the weight at every spike of the source. */
  synapse?: SynapseModel;
  /** Default: a step, or none as the network's `propagation` says. */
  delay?: Delay;
  /** Where there is a synapse: 1 or 0 for every weight, in the weights' published shape; other weights are held at 0. */
  mask?: ArrayLike<number>;
  /** Bounds that learning clamps to: one for all, or one for every weight. Default: −Infinity and Infinity, no bounds. */
  wMin?: number | ArrayLike<number>;
  wMax?: number | ArrayLike<number>;
  /**
   * Dale's law: 1 (excitatory) or −1 (inhibitory), for all sources or for each. Learning clamps at 0, so that no weight changes its sign;
   * weights that are drawn, and one number for all, take it; weights in a list must have it.
   */
  sign?: number | ArrayLike<number>;
  /** What every target receives in every step beside the spikes: one for all, one for each, or drawn. Default: nothing. */
  bias?: InitialWeights;
  /** Sum of the magnitudes of the weights onto one target after every training image; none: not normalised. */
  norm?: number;
  /** Whether the initial weights are normalised too. Default: if there is a norm. */
  normalizeInitially?: boolean;
}

/** Initial weights, or biases: finite ones. */
const initialWeights: Field<InitialWeights> = (place, name, value) => {
  if (isObject(value)) return distributionField(place, name, value as object);
  const isList = value instanceof Float32Array || value instanceof Float64Array;
  const given = isList ? value : [value];
  if (!given.every((w) => typeof w === 'number' && Number.isFinite(Math.fround(w)))) {
    const forms =
      'a finite number, { uniform: [low, high] }, { normal: [mean, deviation] } or a Float32Array or Float64Array of finite numbers';
    throw invalidArgument(place, `${name} to be ${forms}`, value);
  }
  return value as InitialWeights;
};

/** A list of numbers or a typed array whose values are all accepted. */
function listOf(expectation: string, accepts: (value: number) => boolean): Field<ArrayLike<number>> {
  return (place, name, value) => {
    const stray = Array.from(numbers(place, name, value)).find((each) => !accepts(each));
    if (stray !== undefined) throw invalidArgument(place, expectation, stray);
    return value as ArrayLike<number>;
  };
}

/** One number, or a list of them, all of them accepted. */
function oneOrList(
  expectation: string,
  accepts: (value: number) => boolean,
): Field<number | ArrayLike<number>> {
  const list = listOf(`${expectation} for every one`, accepts);
  return (place, name, value) => {
    if (typeof value !== 'number') return list(place, name, value);
    if (!accepts(value)) throw invalidArgument(place, `${name} to be ${expectation}`, value);
    return value;
  };
}

const bound = number({ infinite: true });

const bounds: Field<number | ArrayLike<number>> = (place, name, value) =>
  typeof value === 'number'
    ? bound(place, name, value)
    : listOf(`${name} without NaN`, (each) => !Number.isNaN(each))(place, name, value);

export const synapseSchema: Schema<SynapseParameters> = {
  w: initialWeights,
  into: filledText,
  rule: ruleField,
  synapse: synapseField,
  delay: delayField,
  mask: listOf('a mask of 0 and 1', (each) => each === 0 || each === 1),
  wMin: bounds,
  wMax: bounds,
  sign: oneOrList('1, −1 or a list of them', (each) => each === 1 || each === -1),
  bias: initialWeights,
  norm: number({ above: 0 }),
  normalizeInitially: flag,
};

/** A connection made of weights.  A new topology is a file beside this one and a line in `index.ts`. */
export abstract class SynapticConnection {
  readonly kind = 'synapses';
  readonly w: InitialWeights;
  readonly into: string | null;
  readonly rule: LearningRule;
  readonly synapse: SynapseModel | null;
  readonly delay: Delay | null;
  readonly mask: ArrayLike<number> | null;
  readonly wMin: number | ArrayLike<number>;
  readonly wMax: number | ArrayLike<number>;
  readonly sign: number | ArrayLike<number> | null;
  readonly bias: InitialWeights | null;
  readonly norm: number | null;
  readonly normalizeInitially: boolean;
  /** What its class was given, enough to make it again. */
  readonly options: object;

  /**
   * @param place names the class in errors
   * @param options all that the class was given, where that is more than the parameters or other
   */
  constructor(parameters: SynapseParameters, place: string, options?: object) {
    const given = readOptions(place, synapseSchema, parameters);
    this.options = options ?? given;
    this.w = given.w ?? { uniform: [0, 1] };
    this.into = given.into ?? null;
    this.rule = given.rule ?? new NoOp();
    this.synapse = given.synapse ?? null;
    this.delay = given.delay ?? null;
    this.mask = given.mask ?? null;
    this.wMin = given.wMin ?? Number.NEGATIVE_INFINITY;
    this.wMax = given.wMax ?? Number.POSITIVE_INFINITY;
    this.sign = given.sign ?? null;
    this.bias = given.bias ?? null;
    this.norm = given.norm ?? null;
    this.normalizeInitially = given.normalizeInitially ?? this.norm !== null;
    if (typeof this.wMin === 'number' && typeof this.wMax === 'number' && this.wMin > this.wMax)
      throw invalidArgument(place, `wMin ≤ wMax = ${this.wMax}`, this.wMin);
  }

  /** Lays the connection out between two layers. */
  abstract wire(source: LayerShape, target: LayerShape, place: string, context: WireContext): Wiring;
}

/** Throws unless every source neuron has a counterpart in the target. */
export function checkSameShape(source: LayerShape, target: LayerShape, place: string): void {
  const sides = [source, target].map(listSides);
  if (sides[0].join() !== sides[1].join())
    throw invalidArgument(place, 'a source and a target of the same shape', sides);
}
