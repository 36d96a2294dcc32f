/** Synapses one by one: of sparse connections, whose weights are in no rows, and of connections with a delay for each. */
import { propagateDelayed } from './arrivals';
import { clampTo } from './learning';
import {
  columnChanged,
  connectionChangesAll,
  connectionColumnFlags,
  connectionColumns,
  connectionDelays,
  connectionDelayStride,
  connectionEntryTarget,
  connectionGroups,
  connectionIdentity,
  connectionLearned,
  connectionLongest,
  connectionMax,
  connectionMin,
  connectionNorm,
  connectionNormalized,
  connectionOutOfBounds,
  connectionPastEmitted,
  connectionRow,
  connectionRowLength,
  connectionRows,
  connectionSources,
  connectionSparse,
  connectionStart,
  connectionSums,
  connectionWeights,
  layerActive,
  layerActiveCount,
  layerChannels,
  layerEmitted,
  layerPastSteps,
  layerPositions,
  layerSize,
} from './layout';
import { spikesBefore } from './relays';

/**
 * Adds the weights of what has spiked, or spiked when it left, to the target's input. Of delays the longest come first.
 *
 * @param isNow before the target is stepped: what needs no step; else the rest
 */
export function propagateSingle(
  connection: usize,
  source: usize,
  scratch: usize,
  t: i32,
  spikes: usize,
  nSpikes: u32,
  input: usize,
  isNow: bool,
): void {
  if (load<u32>(connection, connectionDelays) == 0) {
    for (let s: u32 = 0; s < nSpikes; s++) addSparse(connection, load<u32>(spikes + (s << 2)), input);
    return;
  }
  if (load<u32>(connection, connectionSparse)) {
    propagateDelayed(connection, source, scratch, t, spikes, nSpikes, input, isNow);
    return;
  }
  const last: u32 = isNow ? 0 : 1;
  for (let steps = isNow ? 0 : load<u32>(connection, connectionLongest); ; steps--) {
    let list = spikes;
    let n = nSpikes;
    if (steps > 1) {
      const kept = spikesBefore(source, scratch, t, steps - 1);
      list = kept + 4;
      n = load<u32>(kept);
    }
    for (let s: u32 = 0; s < n; s++) addDelayed(connection, load<u32>(list + (s << 2)), steps, input);
    if (steps == last) return;
  }
}

function addSparse(connection: usize, source: u32, input: usize): void {
  const weights = load<u32>(connection, connectionWeights) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const start = load<u32>(connection, connectionStart) + (source << 2);
  const end = (load<u32>(start, 4) as usize) << 2;
  for (let at = (load<u32>(start) as usize) << 2; at < end; at += 4) {
    const to = input + ((load<u32>(targets + at) as usize) << 2);
    store<f32>(to, load<f32>(to) + load<f32>(weights + at));
  }
}

/** The synapses of a source with this delay, of rows. */
function addDelayed(connection: usize, source: u32, steps: u32, input: usize): void {
  const weights = load<u32>(connection, connectionWeights) as usize;
  const delays = load<u32>(connection, connectionDelays) as usize;
  const columns = load<u32>(connection, connectionColumns);
  const rowBytes = load<u32>(connection, connectionRowLength) << 2;
  const stride = load<u32>(connection, connectionDelayStride);
  if (load<u32>(connection, connectionIdentity)) {
    addChosen(weights + source * rowBytes, delays + source * stride, columns, steps, input);
    return;
  }
  const start = load<u32>(connection, connectionStart) + (source << 2);
  const rows = load<u32>(connection, connectionRow) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const end = load<u32>(start, 4) << 2;
  for (let entry = load<u32>(start) << 2; entry < end; entry += 4) {
    const row = load<u32>(rows + entry);
    const to = input + (load<u32>(targets + entry) << 2);
    addChosen(weights + row * rowBytes, delays + row * stride, columns, steps, to);
  }
}

/** Finds the delay among sixteen at once. */
// @ts-ignore: decorator
@inline
function addChosen(weights: usize, delays: usize, count: u32, steps: u32, input: usize): void {
  const wanted = i8x16.splat(steps as i8);
  for (let first: u32 = 0; first < count; first += 16) {
    let found = i8x16.bitmask(i8x16.eq(v128.load(delays + first), wanted)) as u32;
    if (count - first < 16) found &= (1 << (count - first)) - 1;
    while (found != 0) {
      const at = ((first + ctz(found)) as usize) << 2;
      found &= found - 1;
      store<f32>(input + at, load<f32>(input + at) + load<f32>(weights + at));
    }
  }
}

/** Adds weight · value of every synapse, sources ascending. @param isNow as of `propagateSingle` */
export function propagateSingleValues(
  connection: usize,
  source: usize,
  scratch: usize,
  t: i32,
  input: usize,
  isNow: bool,
): void {
  const values = scratch + load<u32>(source, layerEmitted);
  const isSparse = load<u32>(connection, connectionSparse) != 0;
  const rowLength = load<u32>(connection, connectionRowLength);
  const columns = load<u32>(connection, connectionColumns);
  const stride = load<u32>(connection, connectionDelayStride);
  const identity = load<u32>(connection, connectionIdentity) != 0;
  const start = load<u32>(connection, connectionStart) as usize;
  const rows = load<u32>(connection, connectionRow) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const nSources = load<u32>(connection, connectionSources);
  for (let i: u32 = 0; i < nSources; i++) {
    const first = identity ? i : load<u32>(start + (i << 2));
    const end = identity ? i + 1 : load<u32>(start + (i << 2), 4);
    for (let entry = first; entry < end; entry++) {
      const row = isSparse ? entry : identity ? i : load<u32>(rows + (entry << 2));
      const to = input + (identity ? 0 : load<u32>(targets + (entry << 2)) << 2);
      const weights = load<u32>(connection, connectionWeights) + ((row * rowLength) << 2);
      for (let k: u32 = 0; k < columns; k++) {
        const value = valueOf(connection, source, scratch, t, i, row * stride + k, values, isNow);
        if (value == 0) continue;
        const at = to + (k << 2);
        store<f32>(at, load<f32>(at) + load<f32>(weights + (k << 2)) * load<f32>(value));
      }
    }
  }
}

/** Address of what a source emitted when it left by a synapse; 0: it does not arrive now. */
// @ts-ignore: decorator
@inline
function valueOf(
  connection: usize,
  source: usize,
  scratch: usize,
  t: i32,
  neuron: u32,
  synapse: u32,
  values: usize,
  isNow: bool,
): usize {
  const delays = load<u32>(connection, connectionDelays);
  if (delays == 0) return values + (neuron << 2);
  const delay = load<u8>(delays + synapse) as u32;
  if ((delay == 0) != isNow) return 0;
  if (delay <= 1) return values + (neuron << 2);
  const steps = load<u32>(source, layerPastSteps);
  const slot = ((t as u32) + steps - (delay - 1)) % steps;
  const past = scratch + load<u32>(connection, connectionPastEmitted);
  return past + ((slot * load<u32>(source, layerSize) + neuron) << 2);
}

/** Of sparse connections: notes whether a weight is out of bounds. */
export function findSparseOutOfBounds(connection: usize): void {
  memory.fill(load<u32>(connection, connectionColumnFlags), 0, load<u32>(connection, connectionGroups));
  noteSparseBounds(connection);
}

function noteSparseBounds(connection: usize): void {
  const low = load<f32>(connection, connectionMin);
  const high = load<f32>(connection, connectionMax);
  const weights = load<u32>(connection, connectionWeights) as usize;
  const end = weights + (load<u32>(connection, connectionRows) << 2);
  let isOut = false;
  for (let at = weights; at < end; at += 4) {
    const w = load<f32>(at);
    isOut = isOut || w < low || w > high;
  }
  store<u32>(connection, isOut ? 1 : 0, connectionOutOfBounds);
}

/** As `clampOutOfBounds`. */
export function clampSparse(connection: usize): void {
  const low = load<f32>(connection, connectionMin);
  const high = load<f32>(connection, connectionMax);
  const weights = load<u32>(connection, connectionWeights) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const flags = load<u32>(connection, connectionColumnFlags) as usize;
  const bytes = load<u32>(connection, connectionRows) << 2;
  for (let at: u32 = 0; at < bytes; at += 4) {
    const w = load<f32>(weights + at);
    const within = clampTo(w, low, high);
    if (within == w) continue;
    store<f32>(weights + at, within);
    store<u8>(flags + load<u32>(targets + at), columnChanged);
  }
  store<u32>(connection, 0, connectionOutOfBounds);
}

/** As `markChanged`. */
export function markSparse(connection: usize, target: usize, scratch: usize): void {
  const flags = load<u32>(connection, connectionColumnFlags) as usize;
  const positions = load<u32>(target, layerPositions);
  const channels = load<u32>(target, layerChannels);
  for (let position: u32 = 0; position < positions; position++) {
    const first = scratch + load<u32>(target, layerActive) + ((position * channels) << 2);
    const count = load<u32>(scratch + load<u32>(target, layerActiveCount) + (position << 2));
    for (let a: u32 = 0; a < count; a++) {
      store<u8>(flags + position * channels + load<u32>(first + (a << 2)), columnChanged);
    }
  }
}

/** As `scaleChanged`. */
export function scaleSparse(connection: usize): void {
  const norm = load<f64>(connection, connectionNorm);
  const every = !load<u32>(connection, connectionNormalized) || load<u32>(connection, connectionChangesAll) != 0;
  const weights = load<u32>(connection, connectionWeights) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const flags = load<u32>(connection, connectionColumnFlags) as usize;
  const sums = load<u32>(connection, connectionSums) as usize;
  const nTargets = load<u32>(connection, connectionGroups);
  const bytes = load<u32>(connection, connectionRows) << 2;
  memory.fill(sums, 0, nTargets << 3);
  for (let at: u32 = 0; at < bytes; at += 4) {
    const sum = sums + (load<u32>(targets + at) << 3);
    store<f64>(sum, load<f64>(sum) + abs(load<f32>(weights + at) as f64));
  }
  for (let target: u32 = 0; target < nTargets; target++) {
    const isScaled = load<f64>(sums + (target << 3)) != 0 && (every || load<u8>(flags + target) != 0);
    const factor: f32 = isScaled ? ((norm / load<f64>(sums + (target << 3))) as f32) : 1;
    store<f32>(sums + (target << 3), factor);
    store<u8>(flags + target, 0);
  }
  for (let at: u32 = 0; at < bytes; at += 4) {
    const factor = load<f32>(sums + (load<u32>(targets + at) << 3));
    store<f32>(weights + at, load<f32>(weights + at) * factor);
  }
  noteSparseBounds(connection);
  store<u32>(connection, 1, connectionNormalized);
  store<u32>(connection, 0, connectionLearned);
}
