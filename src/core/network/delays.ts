/** Delays of synapses: how many steps after a spike its target gains from it. */
import { invalidArgument } from '../../errors.js';
import type { Field } from '../../options.js';
import { RandomStream } from '../random/stream.js';

/** A step for each of so many is kept of a source; a delay of a synapse takes one byte. */
export const mostDelaySteps = 255;

/**
 * Delay [ms] of all synapses of a connection, or of each in the published order of the weights: whole numbers of steps; or drawn uniformly
 * in [low, high) from the network's seed, rounded to whole steps. A spike of step t is part of the target's input in step t + delay / dt.
 */
export type Delay = number | { readonly uniform: readonly [number, number] } | ArrayLike<number>;

/** Steps of all synapses of a connection, or of each [row, column]. */
export type DelaySteps = number | Uint8Array;

export const delayField: Field<Delay> = (place, name, value) => {
  const { uniform, length } = (value ?? {}) as { uniform?: unknown; length?: unknown };
  const isRange = Array.isArray(uniform) && uniform.length === 2 && Number(uniform[0]) <= Number(uniform[1]);
  const isList = typeof value === 'object' && uniform === undefined && typeof length === 'number';
  const given: readonly unknown[] = isRange
    ? uniform
    : isList
      ? Array.from(value as ArrayLike<unknown>)
      : [value];
  if (!given.every((each) => typeof each === 'number' && Number.isFinite(Math.fround(each)) && each >= 0)) {
    const forms = 'a number ≥ 0 [ms], { uniform: [low, high] } or a list of numbers';
    throw invalidArgument(place, `${name} to be ${forms}`, value);
  }
  return value as Delay;
};

/** What the delay of a connection is counted for. */
export interface DelayContext {
  /** Length of a step [ms]. */
  readonly dt: number;
  readonly seed: number;
  /** Number of the connection. */
  readonly index: number;
  /** Steps where none is given. */
  readonly standard: number;
  /** Whether a spike may arrive in its own step: the target was added after the source. */
  readonly isForward: boolean;
  /** Names the connection in errors. */
  readonly place: string;
}

/** The one delay of a connection without weights. */
export function countDelay(delay: number | null, context: DelayContext): number {
  return delay === null ? context.standard : countOne(delay, context);
}

/**
 * The delays of a connection's synapses.
 *
 * @param engineIndex [row, column] of every published weight
 * @param size weights that engines keep
 * @throws LocusError `INVALID_ARGUMENT` for a delay that is no whole number of steps, too short or too long
 */
export function countDelays(
  delay: Delay | null,
  engineIndex: Uint32Array,
  size: number,
  context: DelayContext,
): DelaySteps {
  if (delay === null || typeof delay === 'number') return countDelay(delay, context);
  const steps = 'uniform' in delay ? drawDelays(delay.uniform, engineIndex.length, context) : null;
  const given = steps ?? (delay as ArrayLike<number>);
  if (given.length !== engineIndex.length) {
    throw invalidArgument(context.place, `${engineIndex.length} delays, one for each weight`, given.length);
  }
  const each = steps ?? Uint8Array.from(delay as ArrayLike<number>, (value) => countOne(value, context));
  const [first = context.standard] = each;
  if (each.every((value) => value === first)) return first;
  // Where there is no synapse, no delay is longer than those of synapses.
  const placed = new Uint8Array(size).fill(first);
  for (let weight = 0; weight < each.length; weight++) placed[engineIndex[weight]] = each[weight];
  return placed;
}

function drawDelays(
  [low, high]: readonly [number, number],
  length: number,
  { dt, seed, index, ...context }: DelayContext,
): Uint8Array {
  for (const end of [low, high]) checkSteps(Math.round(end / dt), end, { dt, seed, index, ...context });
  const stream = new RandomStream(seed, 'synapticDelays', 0, index);
  const steps = new Uint8Array(length);
  for (let i = 0; i < length; i++) steps[i] = Math.round((low + (high - low) * stream.nextFloat()) / dt);
  return steps;
}

function countOne(delay: number, context: DelayContext): number {
  const ratio = delay / context.dt;
  const steps = Math.round(ratio);
  // As near as delays in float32 are.
  if (Math.abs(steps - ratio) > 1e-6 * Math.max(1, ratio)) {
    throw invalidArgument(context.place, `a delay of a whole number of steps of ${context.dt} ms`, delay);
  }
  checkSteps(steps, delay, context);
  return steps;
}

function checkSteps(steps: number, delay: number, { dt, isForward, place }: DelayContext): void {
  if (steps > mostDelaySteps) {
    throw invalidArgument(place, `a delay of at most ${mostDelaySteps} steps of ${dt} ms`, `${delay} ms`);
  }
  if (steps === 0 && !isForward) {
    const expectation = `a delay of at least a step of ${dt} ms onto a layer that was not added after the source`;
    throw invalidArgument(place, expectation, `${delay} ms`);
  }
}

/** Of delays that were looked at before: they never change. */
const knownBounds = new WeakMap<Uint8Array, readonly [shortest: number, longest: number]>();

/** The shortest and the longest of the delays. */
export function boundsOf(delay: DelaySteps): readonly [shortest: number, longest: number] {
  if (typeof delay === 'number') return [delay, delay];
  let bounds = knownBounds.get(delay);
  if (!bounds) {
    let [shortest, longest] = [mostDelaySteps, 0];
    for (const steps of delay) {
      if (steps < shortest) shortest = steps;
      if (steps > longest) longest = steps;
    }
    bounds = [shortest, longest];
    knownBounds.set(delay, bounds);
  }
  return bounds;
}

/**
 * Steps from a spike to the step at whose end it leaves for its target: 0 with a delay of one step. A rule sees the source as it was so many
 * steps ago.
 */
export function lagOf(steps: number): number {
  return Math.max(0, steps - 1);
}
