/** Parameters of a layer of defined neurons: a number, one for every neuron, or a distribution that they are drawn from. */
import { invalidArgument } from '../../errors.js';
import { custom, type Field, isObject } from '../../options.js';
import { normalOfWord } from '../random/normal.js';
import { RandomStream } from '../random/stream.js';
import type { Known } from './graph.js';

/** What every neuron draws for itself: uniform in [low, high), or normal. */
export type ParameterDistribution =
  | { readonly uniform: readonly [low: number, high: number] }
  | { readonly normal: readonly [mean: number, deviation: number] };

/** A parameter of a layer: in the unit of the definition; where it is one for every neuron, in published order. */
export type ParameterValue = number | readonly number[] | Float32Array | Float64Array | ParameterDistribution;

/** Numbers that float32 can hold, infinite ones included; those of a distribution are finite. */
export function parameterField(place: string, name: string, value: unknown): ParameterValue {
  if (isNumberOrList(value)) return value;
  if (isObject(value) && !isList(value)) return distributionField(place, name, value as object);
  throw invalidArgument(
    place,
    `${name} to be a number (float32), one for every neuron, or { uniform: [low, high] } or { normal: [mean, deviation] }`,
    value,
  );
}

/** Numbers that float32 can hold: one, or one for every such thing. */
export function numberOrList(each: string): Field<NumberOrList> {
  return custom(`to be a number (float32), or one for every ${each}`, isNumberOrList);
}

type NumberOrList = number | readonly number[] | Float32Array | Float64Array;

function isNumberOrList(value: unknown): value is NumberOrList {
  return (
    fitsFloat32(value) || (isList(value) && value.length > 0 && Array.from<unknown>(value).every(fitsFloat32))
  );
}

function isList(value: unknown): value is readonly unknown[] | Float32Array | Float64Array {
  return Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array;
}

function fitsFloat32(value: unknown): boolean {
  return (
    typeof value === 'number' &&
    !Number.isNaN(value) &&
    Number.isFinite(Math.fround(value)) === Number.isFinite(value)
  );
}

export function distributionField(place: string, name: string, value: object): ParameterDistribution {
  const [[kind, numbers] = ['', null], ...others] = Object.entries(value) as [string, unknown][];
  const isPair =
    Array.isArray(numbers) &&
    numbers.length === 2 &&
    numbers.every((each) => Number.isFinite(each) && fitsFloat32(each));
  if (isPair && others.length === 0) {
    const [first, second] = numbers as [number, number];
    if (kind === 'uniform' && first <= second) return { uniform: [first, second] };
    if (kind === 'normal' && second >= 0) return { normal: [first, second] };
  }
  const forms =
    '{ uniform: [low, high] } with low ≤ high, or { normal: [mean, deviation] } with deviation ≥ 0';
  throw invalidArgument(place, `${name} to be ${forms}`, value);
}

export function isDistribution(value: ParameterValue | Known): value is ParameterDistribution {
  return isObject(value) && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/**
 * A parameter in mV, ms, pA, engine order.
 *
 * @param scale one of the definition's unit
 * @param order engine index of every published index
 * @throws LocusError unless there is one value, or one for every neuron
 */
export function readParameter(
  value: ParameterValue,
  scale: number,
  order: Uint32Array,
  [place, name]: readonly [place: string, name: string],
): Known | ParameterDistribution {
  if (typeof value === 'number') return value * scale;
  if (isDistribution(value)) {
    return 'uniform' in value
      ? { uniform: [value.uniform[0] * scale, value.uniform[1] * scale] }
      : { normal: [value.normal[0] * scale, value.normal[1] * scale] };
  }
  if (value.length !== order.length) {
    throw invalidArgument(place, `${name} of ${order.length} neurons, or one number`, value.length);
  }
  return arrangeValues(order, (neuron) => value[neuron] * scale);
}

/**
 * Draws one value for every neuron: word i of the stream is that of published index i.
 *
 * @param layer number of the layer in its network
 * @param parameter number of the parameter in its definition
 */
export function drawParameter(
  distribution: ParameterDistribution,
  order: Uint32Array,
  seed: number,
  layer: number,
  parameter: number,
): Float64Array {
  const stream = new RandomStream(seed, 'neuronParameters', layer, parameter);
  if ('uniform' in distribution) {
    const [low, high] = distribution.uniform;
    return arrangeValues(order, () => low + (high - low) * stream.nextFloat());
  }
  const [mean, deviation] = distribution.normal;
  return arrangeValues(order, () => mean + deviation * normalOfWord(stream.nextUint32()));
}

/** One value for every neuron in engine order, asked for in published order. */
function arrangeValues(order: Uint32Array, valueOf: (neuron: number) => number): Float64Array {
  const values = new Float64Array(order.length);
  order.forEach((at, neuron) => {
    values[at] = valueOf(neuron);
  });
  return values;
}
