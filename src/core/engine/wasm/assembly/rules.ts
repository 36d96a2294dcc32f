/** Compiled learning rules: their traces, and which synapses a step visits. The arithmetic of a visit is emitted. */
import {
  connectionEntryTarget,
  connectionEquations,
  connectionFanInRow,
  connectionFanInSource,
  connectionFanInStart,
  connectionIdentity,
  connectionLearned,
  connectionMaskSelf,
  connectionColumns,
  connectionMax,
  connectionMin,
  connectionRow,
  connectionRowLength,
  connectionRows,
  connectionStart,
  connectionWeights,
  layerActive,
  layerActiveCount,
  layerChannels,
  layerLastSpike,
  layerPositions,
  passIdle,
  passKernel,
  passOfWeight,
  passRecordSize,
  passSource,
  passTarget,
  ruleAddresses,
  ruleArrayBase,
  ruleArrayCount,
  ruleArrayIsShared,
  ruleArrayRecordSize,
  ruleArrays,
  ruleBlockCounts,
  ruleBlocks,
  ruleIsShared,
  rulePassCount,
  rulePasses,
  ruleSourceCount,
  ruleStateCount,
  ruleStates,
  ruleTargetSpikes,
  ruleTraceCount,
  ruleTraces,
  stateBytes,
  stateInitial,
  stateOffset,
  stateRecordSize,
  stateValue,
  traceAdds,
  traceBytes,
  traceDecay,
  traceRecordSize,
  traceScale,
  traceSeen,
  traceSide,
  traceValues,
} from './layout';

// Kernels of a pass.
const silentSource: u32 = 0;
const spikingSource: u32 = 1;
const chosenOfSilent: u32 = 2;
const chosenOfSpiking: u32 = 3;

// When a pass visits.
const never: u32 = 0;
const whereActive: u32 = 1;

/**
 * Changes the synapses of a row: all of them in `extent` bytes, or the vectors of the list whose lengths are `extent` bytes. `row`,
 * `source` and `target` are byte offsets in arrays of synapses, sources and targets.
 */
// @ts-ignore: decorator
@external("env", "visit")
declare function visit(
  kernel: u32,
  table: usize,
  row: u32,
  source: u32,
  target: u32,
  extent: u32,
  list: usize,
): void;

/** Clears traces, and the state of synapses that no image outlives. */
export function resetRule(connection: usize, scratch: usize): void {
  const rule = load<u32>(connection, connectionEquations) as usize;
  const traces = load<u32>(rule, ruleTraces) as usize;
  const nTraces = load<u32>(rule, ruleTraceCount);
  for (let index: u32 = 0; index < nTraces; index++) {
    const trace = traces + index * traceRecordSize;
    memory.fill(scratch + load<u32>(trace, traceValues), 0, load<u32>(trace, traceBytes));
    memory.fill(scratch + load<u32>(trace, traceSeen), 0, load<u32>(trace, traceBytes));
  }
  const states = load<u32>(rule, ruleStates) as usize;
  const nStates = load<u32>(rule, ruleStateCount);
  for (let index: u32 = 0; index < nStates; index++) {
    const state = states + index * stateRecordSize;
    const values = scratch + load<u32>(state, stateOffset);
    const bytes = load<u32>(state, stateBytes) as usize;
    const initial = load<u32>(state, stateInitial) as usize;
    if (initial != 0) {
      memory.copy(values, initial, bytes);
      continue;
    }
    const value = v128.load32_splat(state, stateValue);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(values + at, value);
  }
}

/** Lets the traces of a rule follow the spikes of a step. */
export function followSpikes(
  connection: usize,
  scratch: usize,
  sourceSpikes: usize,
  nSourceSpikes: u32,
  targetSpikes: usize,
  nTargetSpikes: u32,
): void {
  const rule = load<u32>(connection, connectionEquations) as usize;
  const traces = load<u32>(rule, ruleTraces) as usize;
  const nTraces = load<u32>(rule, ruleTraceCount);
  for (let index: u32 = 0; index < nTraces; index++) {
    const trace = traces + index * traceRecordSize;
    const values = scratch + load<u32>(trace, traceValues);
    const seen = scratch + load<u32>(trace, traceSeen);
    const bytes = load<u32>(trace, traceBytes) as usize;
    const decay = v128.load32_splat(trace, traceDecay);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(values + at, f32x4.mul(v128.load(values + at), decay));
    }
    if (seen != values) memory.copy(seen, values, bytes);
    const ofTarget = load<u32>(trace, traceSide) != 0;
    const first = ofTarget ? targetSpikes : sourceSpikes;
    const end = first + (((ofTarget ? nTargetSpikes : nSourceSpikes) as usize) << 2);
    const scale = load<f32>(trace, traceScale);
    const adds = load<u32>(trace, traceAdds) != 0;
    for (let spike = first; spike < end; spike += 4) {
      const at = values + ((load<u32>(spike) as usize) << 2);
      store<f32>(at, adds ? load<f32>(at) + scale : scale);
    }
  }
}

/** One step of learning of a compiled rule, with bounds and mask. */
export function learnByEquations(
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
  const rule = load<u32>(connection, connectionEquations) as usize;
  store<u32>(connection, 1, connectionLearned);
  locateArrays(rule, scratch);
  markTargets(rule, target, scratch, targetSpikes, nTargetSpikes);
  const passes = load<u32>(rule, rulePasses) as usize;
  const nPasses = load<u32>(rule, rulePassCount);
  let visited = false;
  for (let index: u32 = 0; index < nPasses; index++) {
    const pass = passes + index * passRecordSize;
    const onSource = load<u32>(pass, passSource);
    const onTarget = load<u32>(pass, passTarget);
    const isIdle = load<u32>(pass, passIdle) != 0;
    if (!isIdle && nSourceSpikes == 0 && (nTargetSpikes == 0 || onTarget == never)) continue;
    if (!isIdle && nTargetSpikes == 0 && onSource == never) continue;
    visited = true;
    if (load<u32>(pass, passOfWeight)) {
      visitWeights(connection, rule, pass, scratch);
    } else if (isIdle || (load<u32>(rule, ruleIsShared) && onSource != never && onTarget != never)) {
      visitSources(connection, rule, pass, source, target, scratch, t);
    } else {
      if (onSource != never) {
        visitSpiking(connection, rule, pass, target, scratch, sourceSpikes, nSourceSpikes);
      }
      if (nTargetSpikes != 0 && (onTarget != never || onSource == never)) {
        visitTargets(connection, rule, pass, source, target, scratch, t, onSource == never);
      }
    }
  }
  for (let s: u32 = 0; s < nTargetSpikes; s++) {
    const neuron = load<u32>(targetSpikes + (s << 2));
    store<f32>(scratch + load<u32>(rule, ruleTargetSpikes) + (neuron << 2), 0);
    const position = neuron / load<u32>(target, layerChannels);
    store<u32>(scratch + load<u32>(rule, ruleBlockCounts) + (position << 2), 0);
  }
  if (!visited) return;
  if (load<u32>(rule, ruleIsShared)) clampAll(connection);
  if (load<u32>(connection, connectionMaskSelf)) clearSelf(connection);
}

/** Writes the addresses of the arrays that kernels read and write. */
function locateArrays(rule: usize, scratch: usize): void {
  const arrays = load<u32>(rule, ruleArrays) as usize;
  const nArrays = load<u32>(rule, ruleArrayCount);
  const addresses = scratch + load<u32>(rule, ruleAddresses);
  for (let index: u32 = 0; index < nArrays; index++) {
    const array = arrays + index * ruleArrayRecordSize;
    const base = load<u32>(array, ruleArrayBase);
    store<u32>(addresses + (index << 2), load<u32>(array, ruleArrayIsShared) ? base : ((scratch + base) as u32));
  }
}

/** Marks the targets that spike, and lists the vectors of a row that hold them. */
function markTargets(rule: usize, target: usize, scratch: usize, spikes: usize, nSpikes: u32): void {
  const channels = load<u32>(target, layerChannels);
  const marks = scratch + load<u32>(rule, ruleTargetSpikes);
  const counts = scratch + load<u32>(rule, ruleBlockCounts);
  const blocks = scratch + load<u32>(rule, ruleBlocks);
  for (let s: u32 = 0; s < nSpikes; s++) {
    const neuron = load<u32>(spikes + (s << 2));
    const position = neuron / channels;
    store<f32>(marks + (neuron << 2), 1);
    const block = ((neuron - position * channels) >> 2) << 4;
    const count = counts + (position << 2);
    const n = load<u32>(count);
    const list = blocks + position * channels;
    if (n != 0 && load<u32>(list + ((n - 1) << 2)) == block) continue;
    store<u32>(list + (n << 2), block);
    store<u32>(count, n + 1);
  }
}

/** A pass that looks at weights alone. */
function visitWeights(connection: usize, rule: usize, pass: usize, scratch: usize): void {
  const rowBytes = load<u32>(connection, connectionRowLength) << 2;
  const nRows = load<u32>(connection, connectionRows);
  const table = scratch + load<u32>(rule, ruleAddresses);
  const kernel = load<u32>(pass, passKernel);
  for (let row: u32 = 0; row < nRows; row++) visit(kernel, table, row * rowBytes, 0, 0, rowBytes, 0);
}

/** All sources in their order, and what each of their synapses needs. */
function visitSources(
  connection: usize,
  rule: usize,
  pass: usize,
  source: usize,
  target: usize,
  scratch: usize,
  t: i32,
): void {
  const onTarget = load<u32>(pass, passTarget);
  const isIdle = load<u32>(pass, passIdle) != 0;
  const nSources = load<u32>(rule, ruleSourceCount);
  const last = scratch + load<u32>(source, layerLastSpike);
  for (let i: u32 = 0; i < nSources; i++) {
    const lastSpike = load<i32>(last + (i << 2));
    const spikes = lastSpike == t;
    const isHeard = spikes || (onTarget > whereActive || (onTarget == whereActive && lastSpike >= 0));
    if (!isIdle && !isHeard) continue;
    visitSource(connection, rule, pass, target, scratch, i, spikes, isHeard);
  }
}

/** The sources that spike. */
function visitSpiking(
  connection: usize,
  rule: usize,
  pass: usize,
  target: usize,
  scratch: usize,
  spikes: usize,
  nSpikes: u32,
): void {
  for (let s: u32 = 0; s < nSpikes; s++) {
    visitSource(connection, rule, pass, target, scratch, load<u32>(spikes + (s << 2)), true, true);
  }
}

/** @param isHeard whether a spike of its target changes its synapse */
function visitSource(
  connection: usize,
  rule: usize,
  pass: usize,
  target: usize,
  scratch: usize,
  neuron: u32,
  spikes: bool,
  isHeard: bool,
): void {
  const rowBytes = load<u32>(connection, connectionRowLength) << 2;
  const table = scratch + load<u32>(rule, ruleAddresses);
  if (load<u32>(connection, connectionIdentity)) {
    visitEntry(rule, pass, target, scratch, table, neuron * rowBytes, neuron, 0, rowBytes, spikes, isHeard);
    return;
  }
  const rows = load<u32>(connection, connectionRow) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const start = load<u32>(connection, connectionStart) + (neuron << 2);
  const end = load<u32>(start, 4) << 2;
  for (let entry = load<u32>(start) << 2; entry < end; entry += 4) {
    const row = load<u32>(rows + entry) * rowBytes;
    const first = load<u32>(targets + entry);
    visitEntry(rule, pass, target, scratch, table, row, neuron, first, rowBytes, spikes, isHeard);
  }
}

// @ts-ignore: decorator
@inline
function visitEntry(
  rule: usize,
  pass: usize,
  target: usize,
  scratch: usize,
  table: usize,
  row: u32,
  source: u32,
  first: u32,
  rowBytes: u32,
  spikes: bool,
  isHeard: bool,
): void {
  const kernel = load<u32>(pass, passKernel);
  const onSource = load<u32>(pass, passSource);
  const channels = load<u32>(target, layerChannels);
  const position = first / channels;
  const isActive = load<u32>(scratch + load<u32>(target, layerActiveCount) + (position << 2)) != 0;
  const visitsAll =
    load<u32>(pass, passIdle) != 0 || (spikes && (onSource > whereActive || (onSource == whereActive && isActive)));
  if (visitsAll) {
    visit(kernel + (spikes ? spikingSource : silentSource), table, row, source << 2, first << 2, rowBytes, 0);
    return;
  }
  const nBlocks = load<u32>(scratch + load<u32>(rule, ruleBlockCounts) + (position << 2));
  if (nBlocks == 0 || !isHeard) return;
  const list = scratch + load<u32>(rule, ruleBlocks) + position * channels;
  const chosen = kernel + (spikes ? chosenOfSpiking : chosenOfSilent);
  visit(chosen, table, row, source << 2, first << 2, nBlocks << 2, list);
}

/** The targets that spike: their synapses from silent sources, and from spiking ones where `ofSpiking`. */
function visitTargets(
  connection: usize,
  rule: usize,
  pass: usize,
  source: usize,
  target: usize,
  scratch: usize,
  t: i32,
  ofSpiking: bool,
): void {
  const onTarget = load<u32>(pass, passTarget);
  const kernel = load<u32>(pass, passKernel);
  const rowBytes = load<u32>(connection, connectionRowLength) << 2;
  const table = scratch + load<u32>(rule, ruleAddresses);
  const channels = load<u32>(target, layerChannels);
  const positions = load<u32>(target, layerPositions);
  const last = scratch + load<u32>(source, layerLastSpike);
  const counts = scratch + load<u32>(rule, ruleBlockCounts);
  const blocks = scratch + load<u32>(rule, ruleBlocks);
  if (load<u32>(connection, connectionIdentity)) {
    const extent = load<u32>(counts) << 2;
    if (onTarget > whereActive) {
      const nSources = load<u32>(rule, ruleSourceCount);
      for (let i: u32 = 0; i < nSources; i++) {
        const spikes = load<i32>(last + (i << 2)) == t;
        if (spikes && !ofSpiking) continue;
        visit(kernel + (spikes ? chosenOfSpiking : chosenOfSilent), table, i * rowBytes, i << 2, 0, extent, blocks);
      }
      return;
    }
    const active = scratch + load<u32>(source, layerActive);
    const end = active + (load<u32>(scratch + load<u32>(source, layerActiveCount)) << 2);
    for (let a = active; a < end; a += 4) {
      const i = load<u32>(a);
      const spikes = load<i32>(last + (i << 2)) == t;
      if (spikes ? !ofSpiking : onTarget == never) continue;
      visit(kernel + (spikes ? chosenOfSpiking : chosenOfSilent), table, i * rowBytes, i << 2, 0, extent, blocks);
    }
    return;
  }
  const fanIn = load<u32>(connection, connectionFanInStart) as usize;
  const sources = load<u32>(connection, connectionFanInSource) as usize;
  const rows = load<u32>(connection, connectionFanInRow) as usize;
  for (let position: u32 = 0; position < positions; position++) {
    const extent = load<u32>(counts + (position << 2)) << 2;
    if (extent == 0) continue;
    const list = blocks + position * channels;
    const first = (position * channels) << 2;
    const end = load<u32>(fanIn + (position << 2), 4) << 2;
    for (let entry = load<u32>(fanIn + (position << 2)) << 2; entry < end; entry += 4) {
      const i = load<u32>(sources + entry);
      const lastSpike = load<i32>(last + (i << 2));
      const spikes = lastSpike == t;
      if (spikes ? !ofSpiking : onTarget == never || (onTarget == whereActive && lastSpike < 0)) continue;
      const row = load<u32>(rows + entry) * rowBytes;
      visit(kernel + (spikes ? chosenOfSpiking : chosenOfSilent), table, row, i << 2, first, extent, list);
    }
  }
}

/** Clamps every weight. */
function clampAll(connection: usize): void {
  const lows = v128.load32_splat(connection, connectionMin);
  const highs = v128.load32_splat(connection, connectionMax);
  let w = load<u32>(connection, connectionWeights) as usize;
  const end = w + ((load<u32>(connection, connectionRows) * load<u32>(connection, connectionRowLength)) << 2);
  for (; w < end; w += 16) v128.store(w, f32x4.min(highs, f32x4.max(lows, v128.load(w))));
}

/** Holds the weights of neurons onto themselves at 0. */
function clearSelf(connection: usize): void {
  const weights = load<u32>(connection, connectionWeights) as usize;
  const rowLength = load<u32>(connection, connectionRowLength);
  const columns = load<u32>(connection, connectionColumns);
  const rows = load<u32>(connection, connectionRows);
  for (let row: u32 = 0; row < rows; row++) {
    store<f32>(weights + ((row * rowLength + (row % columns)) << 2), 0);
  }
}
