/** What a connection is to a user (a description) and to an engine (its wiring). */
import { invalidArgument } from '../../../errors.js';
import {
  count,
  type Field,
  filledText,
  flag,
  number,
  readOptions,
  required,
  type Schema,
} from '../../../options.js';
import type { Floats } from '../../precision.js';
import { type SynapseModel, synapseField } from '../../definitions/define-synapse.js';
import { NoOp } from '../learning/no-op.js';
import { type LearningRule, ruleField } from '../learning/learning-rule.js';
import type { LayerShape } from '../shape.js';
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
}

/** [row, column] 1 where there is a synapse; null: everywhere. */
export function listSynapses({ fanOut: { nRows, rowLength }, maskSelf, mask }: Wiring): Uint8Array | null {
  if (!maskSelf) return mask ?? null;
  const own = mask?.slice() ?? new Uint8Array(nRows * rowLength).fill(1);
  for (let row = 0; row < nRows; row++) own[row * rowLength + (row % rowLength)] = 0;
  return own;
}

/**
 * Uniform random weights in [low, high) drawn from the network's seed, a constant, or weights in their published shape; what is given in
 * float64 is rounded to the precision of the network.
 */
export type InitialWeights = { readonly uniform: readonly [number, number] } | number | Floats;

export interface SynapseParameters {
  /** Default: uniform in [0, 1). */
  w?: InitialWeights;
  /** Name of the target's input that it adds to, of those that its model has. Default: the first. */
  into?: string;
  /** Default: `new NoOp()`. */
  rule?: LearningRule;
  /** What it sends in place of its weights. Default: the weight at every spike of the source. */
  synapse?: SynapseModel;
  /** Bounds that learning clamps to. Default: −Infinity and Infinity, no bounds. */
  wMin?: number;
  wMax?: number;
  /** Sum of the magnitudes of the weights onto one target after every training image; none: not normalised. */
  norm?: number;
  /** Whether the initial weights are normalised too. Default: if there is a norm. */
  normalizeInitially?: boolean;
}

/** Initial weights: finite ones, and as a range the lower bound first. */
const initialWeights: Field<InitialWeights> = (place, name, value) => {
  const { uniform } = (value ?? {}) as { uniform?: unknown };
  const given: unknown[] = typeof value === 'number' ? [value] : Array.isArray(uniform) ? uniform : [];
  const isFinite = given.every((w) => typeof w === 'number' && Number.isFinite(Math.fround(w)));
  const isRange = given.length === 2 && Number(given[0]) <= Number(given[1]);
  const isList = value instanceof Float32Array || value instanceof Float64Array;
  const isWeights = isList && value.every((w) => Number.isFinite(Math.fround(w)));
  if (!isWeights && !(isFinite && (typeof value === 'number' || isRange))) {
    const forms =
      'a finite number, { uniform: [low, high] } or a Float32Array or Float64Array of finite numbers';
    throw invalidArgument(place, `${name} to be ${forms}`, value);
  }
  return value as InitialWeights;
};

export const synapseSchema: Schema<SynapseParameters> = {
  w: initialWeights,
  into: filledText,
  rule: ruleField,
  synapse: synapseField,
  wMin: number({ infinite: true }),
  wMax: number({ infinite: true }),
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
  readonly wMin: number;
  readonly wMax: number;
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
    this.wMin = given.wMin ?? Number.NEGATIVE_INFINITY;
    this.wMax = given.wMax ?? Number.POSITIVE_INFINITY;
    this.norm = given.norm ?? null;
    this.normalizeInitially = given.normalizeInitially ?? this.norm !== null;
    if (!(this.wMin <= this.wMax)) throw invalidArgument(place, `wMin ≤ wMax = ${this.wMax}`, this.wMin);
  }

  /** Lays the connection out between two layers. */
  abstract wire(source: LayerShape, target: LayerShape, place: string): Wiring;
}

/** Throws unless every source neuron has a counterpart in the target. */
export function checkSameShape(source: LayerShape, target: LayerShape, place: string): void {
  const sides = ({ channels, height, width }: LayerShape) => [channels, height, width];
  if (sides(source).join() !== sides(target).join()) {
    throw invalidArgument(place, 'a source and a target of the same shape', [sides(source), sides(target)]);
  }
}

/** Kernel, stride and padding of convolution-like topologies. */
export interface WindowParameters {
  /** Side of the square receptive field [neurons]. */
  kernelSize: number;
  /** Distance of neighbouring receptive fields [neurons]. Default: 1; of pooling, the kernel's side. */
  stride?: number;
  /** Rows and columns of silence around the source. Default: 0. */
  padding?: number;
}

export const windowSchema: Schema<WindowParameters> = {
  kernelSize: required(count()),
  stride: count(),
  padding: count({ least: 0 }),
};

export interface Window {
  readonly kernelSize: number;
  readonly stride: number;
  readonly padding: number;
}

/** Number of positions of a window along one side: ⌊(size + 2 padding − kernel) / stride⌋ + 1. */
export function countWindows(size: number, { kernelSize, stride, padding }: Window): number {
  return Math.floor((size + 2 * padding - kernelSize) / stride) + 1;
}

/** Throws unless the target's map has one position per window. */
export function checkMap(source: LayerShape, target: LayerShape, window: Window, place: string): void {
  const height = countWindows(source.height, window);
  const width = countWindows(source.width, window);
  if (height < 1 || width < 1) {
    throw invalidArgument(place, `kernelSize ≤ ${Math.min(source.height, source.width)}`, window.kernelSize);
  }
  if (target.height !== height || target.width !== width) {
    throw invalidArgument(place, `a target of ${height} × ${width} positions`, [target.height, target.width]);
  }
}

/** Visits every (position, tap, source) of a window over a source; taps count (channel, ky, kx), positions (row, column). */
export function* windowTaps(
  source: LayerShape,
  target: LayerShape,
  { kernelSize, stride, padding }: Window,
): Generator<{ position: number; tap: number; source: number }> {
  for (let row = 0; row < target.height; row++) {
    for (let column = 0; column < target.width; column++) {
      for (let channel = 0; channel < source.channels; channel++) {
        for (let ky = 0; ky < kernelSize; ky++) {
          for (let kx = 0; kx < kernelSize; kx++) {
            const y = row * stride + ky - padding;
            const x = column * stride + kx - padding;
            if (y < 0 || x < 0 || y >= source.height || x >= source.width) continue;
            yield {
              position: row * target.width + column,
              tap: (channel * kernelSize + ky) * kernelSize + kx,
              source: (y * source.width + x) * source.channels + channel,
            };
          }
        }
      }
    }
  }
}
