/** Pair-based STDP on the rows and columns that spikes touch: the same arithmetic as src/core/network/learning/post-pre.ts. */
import {
  columnChanged,
  columnOutOfBounds,
  connectionChangesAll,
  connectionColumnFlags,
  connectionColumns,
  connectionEntryTarget,
  connectionFanInRow,
  connectionFanInSource,
  connectionFanInStart,
  connectionGroups,
  connectionIdentity,
  connectionLearned,
  connectionMask,
  connectionMaskSelf,
  connectionMax,
  connectionMin,
  connectionNorm,
  connectionNormGroups,
  connectionNormalized,
  connectionNuPost,
  connectionNuPre,
  connectionOutOfBounds,
  connectionRow,
  connectionRule,
  connectionRowLength,
  connectionRows,
  connectionSparse,
  connectionStart,
  connectionWeightDecay,
  connectionWeights,
  layerActive,
  layerActiveCount,
  layerChannels,
  layerDelta,
  layerLastSpike,
  layerPositions,
  layerTracePost,
  layerTracePre,
} from './layout';
import { clampSparse, findSparseOutOfBounds, markSparse, scaleSparse } from './sparse';

/** Above this share of active channels (1 / n) whole rows are cheaper than picking the active ones. */
const sparseShare: u32 = 6;

/**
 * One step of learning: for spikes of the source, then of the target, then clamping and the mask.  Only what a trace or a
 * spike touches can change, so nothing else is visited (weight decay apart).
 */
export function learnPostPre(
  connection: usize,
  source: usize,
  target: usize,
  scratch: usize,
  t: i32,
  sourceSpikes: usize,
  nSourceSpikes: u32,
  targetSpikes: usize,
  nTargetSpikes: u32,
): void {
  const identity = load<u32>(connection, connectionIdentity) != 0;
  const decay = load<f32>(connection, connectionWeightDecay);
  store<u32>(connection, 1, connectionLearned);
  if (nSourceSpikes != 0) updateDeltas(connection, target, scratch, t);
  if (identity && nTargetSpikes == 0 && decay == 0) {
    if (nSourceSpikes != 0) {
      visitRows<SubtractAndClamp>(connection, target, scratch, sourceSpikes, nSourceSpikes);
    }
    return;
  }
  visitRows<Subtract>(connection, target, scratch, sourceSpikes, nSourceSpikes);
  visitColumns<Add>(connection, source, target, scratch, t, targetSpikes, nTargetSpikes);
  if (decay != 0) {
    decayAll(connection, decay);
  } else {
    visitRows<Clamp>(connection, target, scratch, sourceSpikes, nSourceSpikes);
    visitColumns<Clamp>(connection, source, target, scratch, t, targetSpikes, nTargetSpikes);
  }
  if (load<u32>(connection, connectionMaskSelf)) maskSelf(connection, target, targetSpikes, nTargetSpikes, decay);
}

// What is done to the weights of a row or column.
class Subtract {}
class SubtractAndClamp {}
class Add {}
class Clamp {}

/** nuPre · trace of every active target. */
function updateDeltas(connection: usize, target: usize, scratch: usize, t: i32): void {
  const nuPre = load<f32>(connection, connectionNuPre);
  const traces = load<u32>(target, layerTracePost) as usize;
  const positions = load<u32>(target, layerPositions);
  const channels = load<u32>(target, layerChannels);
  let active = scratch + load<u32>(target, layerActive);
  let last = scratch + load<u32>(target, layerLastSpike);
  let delta = scratch + load<u32>(target, layerDelta);
  const counts = scratch + load<u32>(target, layerActiveCount);
  const bytes = channels << 2;
  for (let position: u32 = 0; position < positions; position++) {
    const end = active + (load<u32>(counts + (position << 2)) << 2);
    for (let a = active; a < end; a += 4) {
      const at = (load<u32>(a) as usize) << 2;
      const since = t - load<i32>(last + at);
      store<f32>(delta + at, nuPre * load<f32>(traces + (since << 2)));
    }
    active += bytes;
    last += bytes;
    delta += bytes;
  }
}

/** Visits the rows that the spiking sources reach, in the columns of active targets. */
function visitRows<Action>(
  connection: usize,
  target: usize,
  scratch: usize,
  spikes: usize,
  nSpikes: u32,
): void {
  const weights = load<u32>(connection, connectionWeights) as usize;
  const rowBytes = (load<u32>(connection, connectionRowLength) as usize) << 2;
  const channels = load<u32>(target, layerChannels);
  const active = scratch + load<u32>(target, layerActive);
  const counts = scratch + load<u32>(target, layerActiveCount);
  const deltas = scratch + load<u32>(target, layerDelta);
  const low = load<f32>(connection, connectionMin);
  const high = load<f32>(connection, connectionMax);
  const end = spikes + ((nSpikes as usize) << 2);
  if (load<u32>(connection, connectionIdentity)) {
    const nActive = load<u32>(counts);
    if (nActive == 0) return;
    for (let spike = spikes; spike < end; spike += 4) {
      const row = weights + load<u32>(spike) * rowBytes;
      visitRow<Action>(row, rowBytes, active, nActive, deltas, low, high);
    }
    return;
  }
  const start = load<u32>(connection, connectionStart) as usize;
  const rows = load<u32>(connection, connectionRow) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  for (let spike = spikes; spike < end; spike += 4) {
    const index = start + (load<u32>(spike) << 2);
    const last = load<u32>(index, 4) << 2;
    for (let entry = load<u32>(index) << 2; entry < last; entry += 4) {
      const first = load<u32>(targets + entry);
      const nActive = load<u32>(counts + ((first / channels) << 2));
      if (nActive == 0) continue;
      const row = weights + load<u32>(rows + entry) * rowBytes;
      visitRow<Action>(row, rowBytes, active + (first << 2), nActive, deltas + (first << 2), low, high);
    }
  }
}

// @ts-ignore: decorator
@inline
function visitRow<Action>(
  row: usize,
  rowBytes: usize,
  active: usize,
  nActive: u32,
  deltas: usize,
  low: f32,
  high: f32,
): void {
  if (nActive * sparseShare > ((rowBytes >> 2) as u32)) {
    const lows = f32x4.splat(low);
    const highs = f32x4.splat(high);
    for (let at: usize = 0; at < rowBytes; at += 16) {
      let w = v128.load(row + at);
      if (idof<Action>() != idof<Clamp>()) w = f32x4.sub(w, v128.load(deltas + at));
      if (idof<Action>() != idof<Subtract>()) w = f32x4.pmin(highs, f32x4.pmax(lows, w));
      v128.store(row + at, w);
    }
    return;
  }
  const end = active + (nActive << 2);
  for (let a = active; a < end; a += 4) {
    const at = (load<u32>(a) as usize) << 2;
    let w = load<f32>(row + at);
    if (idof<Action>() != idof<Clamp>()) w = w - load<f32>(deltas + at);
    if (idof<Action>() != idof<Subtract>()) w = clampTo(w, low, high);
    store<f32>(row + at, w);
  }
}

/** Visits the columns of the spiking targets, in the rows of sources that have spiked. */
function visitColumns<Action>(
  connection: usize,
  source: usize,
  target: usize,
  scratch: usize,
  t: i32,
  spikes: usize,
  nSpikes: u32,
): void {
  const weights = load<u32>(connection, connectionWeights) as usize;
  const rowBytes = (load<u32>(connection, connectionRowLength) as usize) << 2;
  const channels = load<u32>(target, layerChannels);
  const nuPost = load<f32>(connection, connectionNuPost);
  const traces = load<u32>(source, layerTracePre) as usize;
  const last = scratch + load<u32>(source, layerLastSpike);
  const low = load<f32>(connection, connectionMin);
  const high = load<f32>(connection, connectionMax);
  const identity = load<u32>(connection, connectionIdentity) != 0;
  const fanIn = load<u32>(connection, connectionFanInStart) as usize;
  const sources = load<u32>(connection, connectionFanInSource) as usize;
  const rows = load<u32>(connection, connectionFanInRow) as usize;
  for (let s: u32 = 0; s < nSpikes; s++) {
    const neuron = load<u32>(spikes + (s << 2));
    const position = neuron / channels;
    const column = weights + ((neuron % channels) << 2);
    if (identity) {
      const active = scratch + load<u32>(source, layerActive);
      const end = active + (load<u32>(scratch + load<u32>(source, layerActiveCount)) << 2);
      for (let a = active; a < end; a += 4) {
        const i = load<u32>(a);
        visitWeight<Action>(column + i * rowBytes, t - load<i32>(last + (i << 2)), traces, nuPost, low, high);
      }
      continue;
    }
    const end = load<u32>(fanIn + (position << 2), 4) << 2;
    for (let entry = load<u32>(fanIn + (position << 2)) << 2; entry < end; entry += 4) {
      const lastSpike = load<i32>(last + (load<u32>(sources + entry) << 2));
      if (lastSpike < 0) continue;
      visitWeight<Action>(
        column + load<u32>(rows + entry) * rowBytes,
        t - lastSpike,
        traces,
        nuPost,
        low,
        high,
      );
    }
  }
}

// @ts-ignore: decorator
@inline
function visitWeight<Action>(at: usize, since: i32, traces: usize, nuPost: f32, low: f32, high: f32): void {
  let w = load<f32>(at);
  w = idof<Action>() == idof<Add>() ? w + nuPost * load<f32>(traces + (since << 2)) : clampTo(w, low, high);
  store<f32>(at, w);
}

// @ts-ignore: decorator
@inline
export function clampTo(w: f32, low: f32, high: f32): f32 {
  const atLeast: f32 = w < low ? low : w;
  return atLeast > high ? high : atLeast;
}

/** Weight decay and clamping of every weight. */
function decayAll(connection: usize, decay: f32): void {
  const lows = v128.load32_splat(connection, connectionMin);
  const highs = v128.load32_splat(connection, connectionMax);
  const decays = f32x4.splat(decay);
  let w = load<u32>(connection, connectionWeights) as usize;
  const end = w + ((load<u32>(connection, connectionRows) * load<u32>(connection, connectionRowLength)) << 2);
  for (; w < end; w += 16) {
    v128.store(w, f32x4.pmin(highs, f32x4.pmax(lows, f32x4.sub(v128.load(w), decays))));
  }
}

/** Holds the weights of neurons onto themselves at 0: those of the spiking ones, or all where decay has touched all. */
function maskSelf(connection: usize, layer: usize, spikes: usize, nSpikes: u32, decay: f32): void {
  const weights = load<u32>(connection, connectionWeights) as usize;
  const rowLength = load<u32>(connection, connectionRowLength);
  const columns = load<u32>(connection, connectionColumns);
  const channels = load<u32>(layer, layerChannels);
  if (decay != 0) {
    const rows = load<u32>(connection, connectionRows);
    for (let row: u32 = 0; row < rows; row++) {
      store<f32>(weights + ((row * rowLength + (row % columns)) << 2), 0);
    }
    return;
  }
  for (let s: u32 = 0; s < nSpikes; s++) {
    const neuron = load<u32>(spikes + (s << 2));
    const channel = neuron % channels;
    const row = (neuron / channels) * columns + channel;
    store<f32>(weights + ((row * rowLength + channel) << 2), 0);
  }
}

/** Whether the connection has no synapse at the place of a weight. */
// @ts-ignore: decorator
@inline
function isAbsent(connection: usize, weight: usize): bool {
  const mask = load<u32>(connection, connectionMask) as usize;
  return mask != 0 && load<u32>(mask + (weight - load<u32>(connection, connectionWeights))) == 0;
}

/** Holds weights without a synapse at 0: in the rows and columns that spikes touch, or all where decay or equations may have touched all. */
export function holdAbsent(
  connection: usize,
  target: usize,
  sourceSpikes: usize,
  nSourceSpikes: u32,
  targetSpikes: usize,
  nTargetSpikes: u32,
): void {
  const weights = load<u32>(connection, connectionWeights) as usize;
  const mask = load<u32>(connection, connectionMask) as usize;
  const rowBytes = (load<u32>(connection, connectionRowLength) as usize) << 2;
  if (load<f32>(connection, connectionWeightDecay) != 0 || load<u32>(connection, connectionRule) >= 2) {
    maskRow(weights, mask, load<u32>(connection, connectionRows) * rowBytes);
    return;
  }
  const identity = load<u32>(connection, connectionIdentity) != 0;
  const start = load<u32>(connection, connectionStart) as usize;
  const rows = load<u32>(connection, connectionRow) as usize;
  for (let s: u32 = 0; s < nSourceSpikes; s++) {
    const source = load<u32>(sourceSpikes + (s << 2));
    if (identity) {
      maskRow(weights + source * rowBytes, mask + source * rowBytes, rowBytes);
      continue;
    }
    const end = load<u32>(start + (source << 2), 4) << 2;
    for (let entry = load<u32>(start + (source << 2)) << 2; entry < end; entry += 4) {
      const row = load<u32>(rows + entry) * rowBytes;
      maskRow(weights + row, mask + row, rowBytes);
    }
  }
  const channels = load<u32>(target, layerChannels);
  const groups = load<u32>(connection, connectionGroups);
  const groupBytes = (load<u32>(connection, connectionRows) / groups) * rowBytes;
  for (let s: u32 = 0; s < nTargetSpikes; s++) {
    const neuron = load<u32>(targetSpikes + (s << 2));
    const group = groups == 1 ? 0 : neuron / channels;
    const first = group * groupBytes + ((neuron % channels) << 2);
    for (let at = first; at < first + groupBytes; at += rowBytes) {
      store<u32>(weights + at, load<u32>(weights + at) & load<u32>(mask + at));
    }
  }
}

// @ts-ignore: decorator
@inline
function maskRow(weights: usize, mask: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(weights + at, v128.and(v128.load(weights + at), v128.load(mask + at)));
  }
}

/** Notes which columns hold a weight out of bounds: the next learning step clamps them. */
export function findOutOfBounds(connection: usize): void {
  if (load<u32>(connection, connectionSparse)) {
    findSparseOutOfBounds(connection);
    return;
  }
  const groups = load<u32>(connection, connectionGroups);
  const columns = load<u32>(connection, connectionColumns);
  const rowLength = load<u32>(connection, connectionRowLength);
  store<u32>(connection, 0, connectionOutOfBounds);
  for (let group: u32 = 0; group < groups; group++) {
    for (let column: u32 = 0; column < columns; column++) {
      const flags = load<u32>(connection, connectionColumnFlags) + group * rowLength + column;
      store<u8>(flags, 0);
      noteBounds(connection, group, column, flags);
    }
  }
}

function noteBounds(connection: usize, group: u32, column: u32, flags: usize): void {
  const low = load<f32>(connection, connectionMin);
  const high = load<f32>(connection, connectionMax);
  const rowBytes = (load<u32>(connection, connectionRowLength) as usize) << 2;
  const groupRows = load<u32>(connection, connectionRows) / load<u32>(connection, connectionGroups);
  const first = columnStart(connection, group, column);
  const end = first + groupRows * rowBytes;
  const self = load<u32>(connection, connectionMaskSelf) ? first + column * rowBytes : 0;
  for (let at = first; at < end; at += rowBytes) {
    const w = load<f32>(at);
    if ((w < low || w > high) && noteOutOfBounds(connection, at, self, flags)) return;
  }
}

/** Notes that a weight is out of bounds, unless it has no synapse; returns whether it has one. */
function noteOutOfBounds(connection: usize, weight: usize, self: usize, flags: usize): bool {
  if (weight == self || isAbsent(connection, weight)) return false;
  store<u8>(flags, load<u8>(flags) | columnOutOfBounds);
  store<u32>(connection, load<u32>(connection, connectionOutOfBounds) + 1, connectionOutOfBounds);
  return true;
}

// @ts-ignore: decorator
@inline
function columnStart(connection: usize, group: u32, column: u32): usize {
  const rowBytes = (load<u32>(connection, connectionRowLength) as usize) << 2;
  const groupRows = load<u32>(connection, connectionRows) / load<u32>(connection, connectionGroups);
  return load<u32>(connection, connectionWeights) + group * groupRows * rowBytes + (column << 2);
}

/** Row of a group whose weight in this column is held at 0; a number beyond all rows where none is. */
// @ts-ignore: decorator
@inline
function selfRow(connection: usize, column: u32): u32 {
  return load<u32>(connection, connectionMaskSelf) ? column : u32.MAX_VALUE;
}

/** After a learning step: clamps what normalisation (or the user) has put out of bounds before it. */
export function clampOutOfBounds(connection: usize): void {
  if (load<u32>(connection, connectionSparse)) {
    clampSparse(connection);
    return;
  }
  const groups = load<u32>(connection, connectionGroups);
  const columns = load<u32>(connection, connectionColumns);
  const rowLength = load<u32>(connection, connectionRowLength);
  const groupRows = load<u32>(connection, connectionRows) / groups;
  const low = load<f32>(connection, connectionMin);
  const high = load<f32>(connection, connectionMax);
  for (let group: u32 = 0; group < groups; group++) {
    for (let column: u32 = 0; column < columns; column++) {
      const flags = load<u32>(connection, connectionColumnFlags) + group * rowLength + column;
      if ((load<u8>(flags) & columnOutOfBounds) == 0) continue;
      const self = selfRow(connection, column);
      let at = columnStart(connection, group, column);
      for (let row: u32 = 0; row < groupRows; row++, at += (rowLength as usize) << 2) {
        if (row != self && !isAbsent(connection, at)) store<f32>(at, clampTo(load<f32>(at), low, high));
      }
      store<u8>(flags, columnChanged);
    }
  }
  store<u32>(connection, 0, connectionOutOfBounds);
}

/** After a training image: scales the columns that have changed to the norm. */
export function normalizeConnection(connection: usize, target: usize, scratch: usize): void {
  if (load<f64>(connection, connectionNorm) == 0) return;
  markChanged(connection, target, scratch);
  scaleChanged(connection);
}

/** Notes the columns of targets that have spiked in an image. */
export function markChanged(connection: usize, target: usize, scratch: usize): void {
  if (load<u32>(connection, connectionSparse)) {
    markSparse(connection, target, scratch);
    return;
  }
  const groups = load<u32>(connection, connectionGroups);
  const rowLength = load<u32>(connection, connectionRowLength);
  const flags = load<u32>(connection, connectionColumnFlags) as usize;
  const positions = load<u32>(target, layerPositions);
  const channels = load<u32>(target, layerChannels);
  const active = scratch + load<u32>(target, layerActive);
  const counts = scratch + load<u32>(target, layerActiveCount);
  for (let position: u32 = 0; position < positions; position++) {
    const first = active + ((position * channels) << 2);
    const end = first + (load<u32>(counts + (position << 2)) << 2);
    const group = groups == 1 ? 0 : position;
    for (let a = first; a < end; a += 4) {
      const flag = flags + group * rowLength + load<u32>(a);
      store<u8>(flag, load<u8>(flag) | columnChanged);
    }
  }
}

/** Scales the noted columns, or all, to the norm. */
export function scaleChanged(connection: usize): void {
  if (load<u32>(connection, connectionSparse)) {
    scaleSparse(connection);
    return;
  }
  const norm = load<f64>(connection, connectionNorm);
  const groups = load<u32>(connection, connectionGroups);
  const columns = load<u32>(connection, connectionColumns);
  const rowLength = load<u32>(connection, connectionRowLength);
  const flags = load<u32>(connection, connectionColumnFlags) as usize;
  const every = !load<u32>(connection, connectionNormalized) || load<u32>(connection, connectionChangesAll) != 0;
  const normGroups = load<u32>(connection, connectionNormGroups);
  if (normGroups != groups) {
    for (let group: u32 = 0; group < normGroups; group++) scaleGroup(connection, norm, group, every);
    findOutOfBounds(connection);
    store<u32>(connection, 1, connectionNormalized);
    store<u32>(connection, 0, connectionLearned);
    return;
  }
  const groupRows = load<u32>(connection, connectionRows) / groups;
  const rowBytes = (rowLength as usize) << 2;
  for (let group: u32 = 0; group < groups; group++) {
    for (let column: u32 = 0; column < columns; column++) {
      const flag = flags + group * rowLength + column;
      const changed = (load<u8>(flag) & columnChanged) != 0;
      if (!every && !changed) continue;
      if (load<u8>(flag) & columnOutOfBounds) {
        store<u32>(connection, load<u32>(connection, connectionOutOfBounds) - 1, connectionOutOfBounds);
      }
      store<u8>(flag, 0);
      let sum: f64 = 0;
      let at = columnStart(connection, group, column);
      for (let row: u32 = 0; row < groupRows; row++, at += rowBytes) sum += abs(load<f32>(at) as f64);
      if (sum != 0) {
        const factor = (norm / sum) as f32;
        at = columnStart(connection, group, column);
        for (let row: u32 = 0; row < groupRows; row++, at += rowBytes) store<f32>(at, load<f32>(at) * factor);
      }
      noteBounds(connection, group, column, flag);
    }
  }
  store<u32>(connection, 1, connectionNormalized);
  store<u32>(connection, 0, connectionLearned);
}

/** Scales the columns of a group of rows that is a part of a group of the wiring, or consists of several. */
function scaleGroup(connection: usize, norm: f64, group: u32, every: bool): void {
  const groups = load<u32>(connection, connectionGroups);
  const normGroups = load<u32>(connection, connectionNormGroups);
  const columns = load<u32>(connection, connectionColumns);
  const rowLength = load<u32>(connection, connectionRowLength);
  const rowBytes = (rowLength as usize) << 2;
  const groupRows = load<u32>(connection, connectionRows) / normGroups;
  const firstGroup = (group * groups) / normGroups;
  const endGroup = firstGroup + max(1, groups / normGroups);
  const first = load<u32>(connection, connectionWeights) + group * groupRows * rowBytes;
  for (let column: u32 = 0; column < columns; column++) {
    let changed = every;
    for (let each = firstGroup; each < endGroup; each++) {
      const flags = load<u8>(load<u32>(connection, connectionColumnFlags) + each * rowLength + column);
      changed = changed || (flags & columnChanged) != 0;
    }
    if (!changed) continue;
    const end = first + groupRows * rowBytes;
    let sum: f64 = 0;
    for (let at = first; at < end; at += rowBytes) sum += abs(load<f32>(at + (column << 2)) as f64);
    if (sum == 0) continue;
    const factor = (norm / sum) as f32;
    for (let at = first; at < end; at += rowBytes) {
      store<f32>(at + (column << 2), load<f32>(at + (column << 2)) * factor);
    }
  }
}
