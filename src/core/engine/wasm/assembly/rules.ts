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
  connectionSource,
  connectionStart,
  connectionTarget,
  connectionWeights,
  layerActive,
  layerActiveCount,
  layerChannels,
  layerLastSpike,
  layerPositions,
  layerSize,
  passForAll,
  passGroup,
  passIdle,
  passKernel,
  passOfWeight,
  passRecordSize,
  passSource,
  passTarget,
  ruleActiveBlocks,
  ruleActiveCounts,
  ruleAddresses,
  ruleArrayCount,
  ruleArrays,
  ruleBlockCounts,
  ruleBlocks,
  ruleEntries,
  ruleIsIdle,
  ruleIsSetByHand,
  ruleIsShared,
  ruleIsSummed,
  ruleLearned,
  ruleOutlives,
  rulePassCount,
  rulePasses,
  ruleSingle,
  ruleSourceCount,
  ruleStateCount,
  ruleStates,
  ruleTargetActive,
  ruleTargetSpikes,
  ruleTraceCount,
  ruleTraces,
  scratchSpikeCount,
  scratchSpikeLists,
  spikeListSize,
  traceAdds,
  traceBytes,
  traceDecay,
  traceRecordSize,
  traceScale,
  traceSeen,
  traceSide,
  traceTable,
  traceValues,
} from './layout';
import { makeSinglePass } from './single-rules';
import { addVisit, areWaiting, beginVisits, locateArrays, resetStates, visitWaiting } from './visits';

// Kernels of a pass: of a silent or a spiking source, all synapses of a row or chosen ones, where no target spikes or some do; or chosen
// ones onto targets that all spike.
const ofSpikingSource: u32 = 2;
const withSpikes: u32 = 1;
const ofChosen: u32 = 4;
const ontoSpiking: u32 = 8;

// When a pass visits: where the partner, or both, have spiked since the reset.
const never: u32 = 0;
const whereActive: u32 = 1;
const always: u32 = 2;

/** Clears traces, and the state of synapses that no image outlives. */
export function resetRule(connection: usize, target: usize, scratch: usize): void {
  const rule = load<u32>(connection, connectionEquations) as usize;
  locateArrays(load<u32>(rule, ruleArrays), load<u32>(rule, ruleArrayCount), load<u32>(rule, ruleAddresses), scratch);
  store<u32>(rule, 0, ruleIsSetByHand);
  const positions = load<u32>(target, layerPositions);
  const targets = load<u32>(target, layerSize) << 2;
  memory.fill(scratch + load<u32>(rule, ruleTargetActive), 0, targets);
  memory.fill(scratch + load<u32>(rule, ruleTargetSpikes), 0, targets);
  memory.fill(scratch + load<u32>(rule, ruleActiveCounts), 0, positions << 2);
  memory.fill(scratch + load<u32>(rule, ruleBlockCounts), 0, positions << 2);
  const traces = load<u32>(rule, ruleTraces) as usize;
  const nTraces = load<u32>(rule, ruleTraceCount);
  for (let index: u32 = 0; index < nTraces; index++) {
    const trace = traces + index * traceRecordSize;
    memory.fill(scratch + load<u32>(trace, traceValues), 0, load<u32>(trace, traceBytes));
    memory.fill(scratch + load<u32>(trace, traceSeen), 0, load<u32>(trace, traceBytes));
  }
  resetStates(load<u32>(rule, ruleStates), load<u32>(rule, ruleStateCount), scratch);
}

/** Lets the traces of a rule, and its list of active targets, follow the spikes of a step. */
export function followSpikes(
  connection: usize,
  target: usize,
  scratch: usize,
  sourceSpikes: usize,
  nSourceSpikes: u32,
  targetSpikes: usize,
  nTargetSpikes: u32,
): void {
  const rule = load<u32>(connection, connectionEquations) as usize;
  const traces = load<u32>(rule, ruleTraces) as usize;
  const nTraces = load<u32>(rule, ruleTraceCount);
  const isSetByHand = load<u32>(rule, ruleIsSetByHand) != 0;
  for (let index: u32 = 0; index < nTraces; index++) {
    const trace = traces + index * traceRecordSize;
    const ofTarget = load<u32>(trace, traceSide) != 0;
    const values = scratch + load<u32>(trace, traceValues);
    const seen = scratch + load<u32>(trace, traceSeen);
    if (isSetByHand || !(ofTarget || load<u32>(trace, traceTable))) decayTrace(trace, values);
    else if (ofTarget) decayActive(rule, target, scratch, trace, values);
    if (seen != values) memory.copy(seen, values, load<u32>(trace, traceBytes));
    const first = ofTarget ? targetSpikes : sourceSpikes;
    const end = first + (((ofTarget ? nTargetSpikes : nSourceSpikes) as usize) << 2);
    const scale = load<f32>(trace, traceScale);
    const adds = load<u32>(trace, traceAdds) != 0;
    for (let spike = first; spike < end; spike += 4) {
      const at = values + ((load<u32>(spike) as usize) << 2);
      store<f32>(at, adds ? load<f32>(at) + scale : scale);
    }
  }
  markTargets(
    target,
    targetSpikes,
    nTargetSpikes,
    scratch + load<u32>(rule, ruleTargetActive),
    scratch + load<u32>(rule, ruleActiveCounts),
    scratch + load<u32>(rule, ruleActiveBlocks),
  );
}

function decayTrace(trace: usize, values: usize): void {
  const decay = v128.load32_splat(trace, traceDecay);
  const end = values + load<u32>(trace, traceBytes);
  for (let at = values; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), decay));
}

/** Of targets: those that have not spiked have a trace of 0. */
function decayActive(rule: usize, target: usize, scratch: usize, trace: usize, values: usize): void {
  const decay = v128.load32_splat(trace, traceDecay);
  const positions = load<u32>(target, layerPositions);
  const channels = load<u32>(target, layerChannels);
  const counts = scratch + load<u32>(rule, ruleActiveCounts);
  const blocks = scratch + load<u32>(rule, ruleActiveBlocks);
  for (let position: u32 = 0; position < positions; position++) {
    const list = blocks + position * channels;
    const end = list + (load<u32>(counts + (position << 2)) << 2);
    const first = values + ((position * channels) << 2);
    for (let block = list; block < end; block += 4) {
      const at = first + load<u32>(block);
      v128.store(at, f32x4.mul(v128.load(at), decay));
    }
  }
}

/** Makes the traces of a silent source that are not decayed in every step. */
function refreshSource(rule: usize, scratch: usize, neuron: u32, lastSpike: i32, t: i32): void {
  const traces = load<u32>(rule, ruleTraces) as usize;
  const nTraces = load<u32>(rule, ruleTraceCount);
  for (let index: u32 = 0; index < nTraces; index++) {
    const trace = traces + index * traceRecordSize;
    const table = load<u32>(trace, traceTable);
    if (table == 0 || lastSpike < 0) continue;
    const value = load<f32>(table + ((t - lastSpike) << 2));
    store<f32>(scratch + load<u32>(trace, traceValues) + (neuron << 2), value);
  }
}

/** Brings the state of all synapses up to date where visits are lazy. */
export function catchUp(connection: usize, scratch: usize): void {
  const rule = load<u32>(connection, connectionEquations) as usize;
  const learned = load<u32>(rule, ruleLearned);
  if (learned == 0 || load<u32>(scratch + learned) == 0) return;
  beginRule(rule, scratch);
  visitWeights(connection, load<u32>(rule, rulePasses));
  visitWaiting();
}

/** `catchUp` where state outlives the image that ends. */
export function endRule(connection: usize, scratch: usize): void {
  if (load<u32>(load<u32>(connection, connectionEquations), ruleOutlives)) catchUp(connection, scratch);
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
  if (load<u32>(rule, ruleIsSummed)) {
    const fromList = load<u32>(connection, connectionSource) * spikeListSize;
    const ontoList = load<u32>(connection, connectionTarget) * spikeListSize;
    learnTogether(connection, source, target, scratch, 0, 1, t, fromList, ontoList);
    return;
  }
  store<u32>(connection, 1, connectionLearned);
  const learned = load<u32>(rule, ruleLearned);
  if (learned != 0) store<u32>(scratch + learned, load<u32>(scratch + learned) + 1);
  const isSingle = load<u32>(rule, ruleSingle) != 0;
  // Spikes of earlier steps may arrive by single synapses.
  if (!isSingle && (nSourceSpikes | nTargetSpikes | load<u32>(rule, ruleIsIdle)) == 0) return;
  markSpikes(rule, target, scratch, targetSpikes, nTargetSpikes);
  beginRule(rule, scratch);
  const passes = load<u32>(rule, rulePasses) as usize;
  const nPasses = load<u32>(rule, rulePassCount);
  let visited = false;
  for (let index: u32 = 0; index < nPasses; index++) {
    const pass = passes + index * passRecordSize;
    if (isSingle) {
      makeSinglePass(connection, rule, pass, source, target, scratch, t, targetSpikes, nTargetSpikes);
      visited = true;
      continue;
    }
    if (!isNeeded(pass, nSourceSpikes, nTargetSpikes)) continue;
    visited = true;
    makePass(connection, rule, pass, source, target, scratch, t, sourceSpikes, nSourceSpikes, nTargetSpikes);
    visitWaiting();
  }
  clearMarks(rule, target, scratch, targetSpikes, nTargetSpikes);
  if (visited) endVisits(connection, rule);
}

// @ts-ignore: decorator
@inline
function beginRule(rule: usize, scratch: usize): void {
  beginVisits(
    scratch + load<u32>(rule, ruleAddresses),
    scratch + load<u32>(rule, ruleTargetSpikes),
    scratch + load<u32>(rule, ruleEntries),
  );
}

// @ts-ignore: decorator
@inline
function markSpikes(rule: usize, target: usize, scratch: usize, spikes: usize, nSpikes: u32): void {
  markTargets(
    target,
    spikes,
    nSpikes,
    scratch + load<u32>(rule, ruleTargetSpikes),
    scratch + load<u32>(rule, ruleBlockCounts),
    scratch + load<u32>(rule, ruleBlocks),
  );
}

/** Whether a pass changes anything in a step with so many spikes. */
// @ts-ignore: decorator
@inline
function isNeeded(pass: usize, nSourceSpikes: u32, nTargetSpikes: u32): bool {
  if (load<u32>(pass, passIdle) != never) return true;
  if (nSourceSpikes == 0) return nTargetSpikes != 0 && load<u32>(pass, passTarget) != never;
  return nTargetSpikes != 0 || load<u32>(pass, passSource) != never;
}

// @ts-ignore: decorator
@inline
function makePass(
  connection: usize,
  rule: usize,
  pass: usize,
  source: usize,
  target: usize,
  scratch: usize,
  t: i32,
  sourceSpikes: usize,
  nSourceSpikes: u32,
  nTargetSpikes: u32,
): void {
  const isSetByHand = load<u32>(rule, ruleIsSetByHand) != 0;
  const onSource = load<u32>(pass, passSource);
  const onTarget = load<u32>(pass, passTarget);
  if (load<u32>(pass, passOfWeight)) {
    visitWeights(connection, pass);
    return;
  }
  const isMixed = load<u32>(rule, ruleIsShared) != 0 && onSource != never && onTarget != never;
  if (isSetByHand || load<u32>(pass, passIdle) != never || isMixed) {
    visitSources(connection, rule, pass, source, target, scratch, t, isSetByHand);
    return;
  }
  if (onSource != never) visitSpiking(connection, rule, pass, target, scratch, sourceSpikes, nSourceSpikes);
  if (nTargetSpikes != 0 && (onTarget != never || onSource == never)) {
    visitTargets(connection, rule, pass, source, target, scratch, t, onSource == never);
  }
}

/** Bounds and mask, after a step that has visited synapses. */
// @ts-ignore: decorator
@inline
function endVisits(connection: usize, rule: usize): void {
  if (load<u32>(rule, ruleIsShared)) clampAll(connection);
  if (load<u32>(connection, connectionMaskSelf)) clearSelf(connection);
}

/**
 * One step of learning of all images of a minibatch: each adds to sums, from which passes for all make the change.
 *
 * @param fromList where the scratch of an image has the spikes of the source, and their number
 */
export function learnTogether(
  connection: usize,
  source: usize,
  target: usize,
  scratch: usize,
  stride: u32,
  members: u32,
  t: i32,
  fromList: usize,
  ontoList: usize,
): void {
  const rule = load<u32>(connection, connectionEquations) as usize;
  store<u32>(connection, 1, connectionLearned);
  for (let member: u32 = 0; member < members; member++) {
    const own = scratch + member * stride;
    const onto = own + ontoList;
    markSpikes(rule, target, own, load<u32>(onto, scratchSpikeLists), load<u32>(onto, scratchSpikeCount));
  }
  const passes = load<u32>(rule, rulePasses) as usize;
  const end = passes + load<u32>(rule, rulePassCount) * passRecordSize;
  const takesTurns = load<u32>(rule, ruleIsShared) != 0 && load<u32>(rule, ruleIsSummed) == 0;
  let visited = false;
  for (let pass = passes; pass < end; ) {
    const next = pass + load<u32>(pass, passGroup) * passRecordSize;
    const isInTurn = takesTurns && load<u32>(pass, passGroup) > 1 && !load<u32>(pass, passOfWeight);
    const found = isInTurn
      ? visitInTurn(connection, rule, pass, next, target, source, scratch, stride, members, t)
      : visitTogether(connection, rule, pass, next, target, source, scratch, stride, members, t, fromList, ontoList);
    visited = visited || found;
    pass = next;
  }
  for (let member: u32 = 0; member < members; member++) {
    const own = scratch + member * stride;
    const onto = own + ontoList;
    clearMarks(rule, target, own, load<u32>(onto, scratchSpikeLists), load<u32>(onto, scratchSpikeCount));
  }
  if (visited) endVisits(connection, rule);
}

/** Pass after pass, each over all synapses; returns whether any was visited. */
function visitTogether(
  connection: usize,
  rule: usize,
  first: usize,
  end: usize,
  target: usize,
  source: usize,
  scratch: usize,
  stride: u32,
  members: u32,
  t: i32,
  fromList: usize,
  ontoList: usize,
): bool {
  const isSingle = load<u32>(rule, ruleSingle) != 0;
  let visited = false;
  for (let pass = first; pass < end; pass += passRecordSize) {
    if (isSingle) {
      visited = true;
      const samples: u32 = load<u32>(pass, passForAll) ? 1 : members;
      for (let member: u32 = 0; member < samples; member++) {
        const own = scratch + member * stride;
        const spikes = load<u32>(own + ontoList, scratchSpikeLists);
        const nSpikes = load<u32>(own + ontoList, scratchSpikeCount);
        makeSinglePass(connection, rule, pass, source, target, own, t, spikes, nSpikes);
      }
      continue;
    }
    if (load<u32>(pass, passForAll)) {
      if (!visited && load<u32>(pass, passIdle) == never) continue;
      visited = true;
      beginRule(rule, scratch);
      visitWeights(connection, pass);
      visitWaiting();
      continue;
    }
    for (let member: u32 = 0; member < members; member++) {
      const own = scratch + member * stride;
      const nSourceSpikes = load<u32>(own + fromList, scratchSpikeCount);
      const nTargetSpikes = load<u32>(own + ontoList, scratchSpikeCount);
      if (!isNeeded(pass, nSourceSpikes, nTargetSpikes)) continue;
      visited = true;
      const spikes = load<u32>(own + fromList, scratchSpikeLists);
      beginRule(rule, own);
      makePass(connection, rule, pass, source, target, own, t, spikes, nSourceSpikes, nTargetSpikes);
      visitWaiting();
    }
  }
  return visited;
}

/** Synapse after synapse, since each changes the weight that it shares with others: all passes of a row, then those of the next. */
function visitInTurn(
  connection: usize,
  rule: usize,
  first: usize,
  end: usize,
  target: usize,
  source: usize,
  scratch: usize,
  stride: u32,
  members: u32,
  t: i32,
): bool {
  const rowBytes = load<u32>(connection, connectionRowLength) << 2;
  const isIdentity = load<u32>(connection, connectionIdentity) != 0;
  const rows = load<u32>(connection, connectionRow) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const starts = load<u32>(connection, connectionStart) as usize;
  const nSources = load<u32>(rule, ruleSourceCount);
  const last = scratch + load<u32>(source, layerLastSpike);
  let visited = false;
  for (let i: u32 = 0; i < nSources; i++) {
    for (let member: u32 = 0; member < members; member++) {
      const lastSpike = load<i32>(last + member * stride + (i << 2));
      if (lastSpike != t) refreshSource(rule, scratch + member * stride, i, lastSpike, t);
    }
    const begin = isIdentity ? i : load<u32>(starts + (i << 2));
    const stop = isIdentity ? i + 1 : load<u32>(starts + (i << 2), 4);
    for (let entry = begin; entry < stop; entry++) {
      const row = (isIdentity ? i : load<u32>(rows + (entry << 2))) * rowBytes;
      const onto = isIdentity ? 0 : load<u32>(targets + (entry << 2));
      let isVisited = false;
      for (let pass = first; pass < end; pass += passRecordSize) {
        if (load<u32>(pass, passForAll)) {
          if (!isVisited && load<u32>(pass, passIdle) == never) continue;
          isVisited = true;
          beginRule(rule, scratch);
          addVisit(load<u32>(pass, passKernel), 0, row, 0, 0, rowBytes, 0);
          visitWaiting();
          continue;
        }
        const onTarget = load<u32>(pass, passTarget);
        for (let member: u32 = 0; member < members; member++) {
          const own = scratch + member * stride;
          const lastSpike = load<i32>(last + member * stride + (i << 2));
          const spikes = lastSpike == t;
          const isActive = lastSpike >= 0;
          const isHeard = spikes || onTarget == always || (onTarget == whereActive && isActive);
          const idle = load<u32>(pass, passIdle);
          if (idle != always && !isHeard && (idle == never || !isActive)) continue;
          beginRule(rule, own);
          visitRow(rule, pass, target, own, row, i, onto, rowBytes, spikes, isHeard, false);
          isVisited = isVisited || areWaiting();
          visitWaiting();
        }
      }
      visited = visited || isVisited;
    }
  }
  return visited;
}

/** Marks targets, and lists by position the vectors of a row that hold marked ones [bytes]. */
function markTargets(
  target: usize,
  spikes: usize,
  nSpikes: u32,
  marks: usize,
  counts: usize,
  blocks: usize,
): void {
  const channels = load<u32>(target, layerChannels);
  for (let s: u32 = 0; s < nSpikes; s++) {
    const neuron = load<u32>(spikes + (s << 2));
    const position = neuron / channels;
    const vector = marks + ((neuron >> 2) << 4);
    if (!v128.any_true(v128.load(vector))) {
      const count = counts + (position << 2);
      const n = load<u32>(count);
      store<u32>(blocks + position * channels + (n << 2), ((neuron - position * channels) >> 2) << 4);
      store<u32>(count, n + 1);
    }
    store<i32>(marks + (neuron << 2), -1);
  }
}

function clearMarks(rule: usize, target: usize, scratch: usize, spikes: usize, nSpikes: u32): void {
  const channels = load<u32>(target, layerChannels);
  const marks = scratch + load<u32>(rule, ruleTargetSpikes);
  const counts = scratch + load<u32>(rule, ruleBlockCounts);
  for (let s: u32 = 0; s < nSpikes; s++) {
    const neuron = load<u32>(spikes + (s << 2));
    store<i32>(marks + (neuron << 2), 0);
    store<u32>(counts + ((neuron / channels) << 2), 0);
  }
}

/** A pass that looks at weights alone. */
function visitWeights(connection: usize, pass: usize): void {
  const rowBytes = load<u32>(connection, connectionRowLength) << 2;
  const nRows = load<u32>(connection, connectionRows);
  const kernel = load<u32>(pass, passKernel);
  for (let row: u32 = 0; row < nRows; row++) addVisit(kernel, 0, row * rowBytes, 0, 0, rowBytes, 0);
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
  isSetByHand: bool,
): void {
  const onTarget = load<u32>(pass, passTarget);
  const idle = load<u32>(pass, passIdle);
  const nSources = load<u32>(rule, ruleSourceCount);
  const last = scratch + load<u32>(source, layerLastSpike);
  const visitsAll = idle == always || (isSetByHand && idle != never);
  for (let i: u32 = 0; i < nSources; i++) {
    const lastSpike = load<i32>(last + (i << 2));
    const spikes = lastSpike == t;
    const isActive = isSetByHand || lastSpike >= 0;
    const isHeard = spikes || onTarget == always || (onTarget == whereActive && isActive);
    if (!visitsAll && !isHeard && (idle == never || !isActive)) continue;
    if (!spikes && !isSetByHand) refreshSource(rule, scratch, i, lastSpike, t);
    visitSource(connection, rule, pass, target, scratch, i, spikes, isHeard, isSetByHand);
  }
}

/** The sources that spike, of a pass that visits nothing between silent neurons. */
function visitSpiking(
  connection: usize,
  rule: usize,
  pass: usize,
  target: usize,
  scratch: usize,
  spikes: usize,
  nSpikes: u32,
): void {
  const rowBytes = load<u32>(connection, connectionRowLength) << 2;
  const kernel = load<u32>(pass, passKernel) + ofSpikingSource;
  const visitsAll = load<u32>(pass, passSource) == always;
  const counts = scratch + load<u32>(rule, ruleActiveCounts);
  const spiking = scratch + load<u32>(rule, ruleBlockCounts);
  const lists = scratch + load<u32>(rule, ruleActiveBlocks);
  const chosen: u32 = visitsAll ? 0 : ofChosen;
  const marks = visitsAll ? 0 : scratch + load<u32>(rule, ruleTargetActive);
  if (load<u32>(connection, connectionIdentity)) {
    // One position: what is visited is the same for all.
    const nActive = load<u32>(counts);
    if (!visitsAll && nActive == 0) return;
    const variant = kernel + chosen + (load<u32>(spiking) != 0 ? withSpikes : 0);
    const extent = visitsAll ? rowBytes : nActive << 2;
    for (let s: u32 = 0; s < nSpikes; s++) {
      const i = load<u32>(spikes + (s << 2));
      addVisit(variant, marks, i * rowBytes, i, 0, extent, lists);
    }
    return;
  }
  const channels = load<u32>(target, layerChannels);
  const rows = load<u32>(connection, connectionRow) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const starts = load<u32>(connection, connectionStart) as usize;
  for (let s: u32 = 0; s < nSpikes; s++) {
    const i = load<u32>(spikes + (s << 2));
    const end = load<u32>(starts + (i << 2), 4) << 2;
    for (let entry = load<u32>(starts + (i << 2)) << 2; entry < end; entry += 4) {
      const first = load<u32>(targets + entry);
      const place = (first / channels) << 2;
      const nActive = load<u32>(counts + place);
      if (!visitsAll && nActive == 0) continue;
      const variant = kernel + chosen + (load<u32>(spiking + place) != 0 ? withSpikes : 0);
      // The list of a position lies as many bytes from the first as its neurons are from the first.
      addVisit(variant, marks, load<u32>(rows + entry) * rowBytes, i, first, visitsAll ? rowBytes : nActive << 2, lists + first);
    }
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
  isSetByHand: bool,
): void {
  const rowBytes = load<u32>(connection, connectionRowLength) << 2;
  if (load<u32>(connection, connectionIdentity)) {
    visitRow(rule, pass, target, scratch, neuron * rowBytes, neuron, 0, rowBytes, spikes, isHeard, isSetByHand);
    return;
  }
  const rows = load<u32>(connection, connectionRow) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const start = load<u32>(connection, connectionStart) + (neuron << 2);
  const end = load<u32>(start, 4) << 2;
  for (let entry = load<u32>(start) << 2; entry < end; entry += 4) {
    const row = load<u32>(rows + entry) * rowBytes;
    const first = load<u32>(targets + entry);
    visitRow(rule, pass, target, scratch, row, neuron, first, rowBytes, spikes, isHeard, isSetByHand);
  }
}

// @ts-ignore: decorator
@inline
function visitRow(
  rule: usize,
  pass: usize,
  target: usize,
  scratch: usize,
  row: u32,
  source: u32,
  first: u32,
  rowBytes: u32,
  spikes: bool,
  isHeard: bool,
  isSetByHand: bool,
): void {
  const idle = load<u32>(pass, passIdle);
  const onSource = spikes ? load<u32>(pass, passSource) : never;
  const channels = load<u32>(target, layerChannels);
  const position = first / channels;
  const nSpiking = load<u32>(scratch + load<u32>(rule, ruleBlockCounts) + (position << 2));
  const base = load<u32>(pass, passKernel);
  const kernel = base + (spikes ? ofSpikingSource : 0) + (nSpiking != 0 ? withSpikes : 0);
  if (idle == always || onSource == always || (isSetByHand && (idle != never || onSource != never))) {
    addVisit(kernel, 0, row, source, first, rowBytes, 0);
    return;
  }
  // Targets that spike are active, so that the visit of all active ones is the visit of them too.
  if (!isSetByHand && (idle == whereActive || onSource == whereActive)) {
    const n = load<u32>(scratch + load<u32>(rule, ruleActiveCounts) + (position << 2));
    if (n == 0) return;
    const list = scratch + load<u32>(rule, ruleActiveBlocks) + position * channels;
    const marks = scratch + load<u32>(rule, ruleTargetActive);
    addVisit(kernel + ofChosen, marks, row, source, first, n << 2, list);
    return;
  }
  if (nSpiking == 0 || !isHeard) return;
  const list = scratch + load<u32>(rule, ruleBlocks) + position * channels;
  const chosen = base + ontoSpiking + (spikes as u32);
  addVisit(chosen, scratch + load<u32>(rule, ruleTargetSpikes), row, source, first, nSpiking << 2, list);
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
  const channels = load<u32>(target, layerChannels);
  const positions = load<u32>(target, layerPositions);
  const last = scratch + load<u32>(source, layerLastSpike);
  const marks = scratch + load<u32>(rule, ruleTargetSpikes);
  const counts = scratch + load<u32>(rule, ruleBlockCounts);
  const blocks = scratch + load<u32>(rule, ruleBlocks);
  if (load<u32>(connection, connectionIdentity)) {
    const extent = load<u32>(counts) << 2;
    const active = scratch + load<u32>(source, layerActive);
    const visitsActive = onTarget != always;
    const n = visitsActive
      ? load<u32>(scratch + load<u32>(source, layerActiveCount))
      : load<u32>(rule, ruleSourceCount);
    for (let at: u32 = 0; at < n; at++) {
      const i = visitsActive ? load<u32>(active + (at << 2)) : at;
      const lastSpike = load<i32>(last + (i << 2));
      const spikes = lastSpike == t;
      if (spikes ? !ofSpiking : onTarget == never) continue;
      if (!spikes) refreshSource(rule, scratch, i, lastSpike, t);
      addVisit(kernel + ontoSpiking + (spikes as u32), marks, i * rowBytes, i, 0, extent, blocks);
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
    const end = load<u32>(fanIn + (position << 2), 4) << 2;
    for (let entry = load<u32>(fanIn + (position << 2)) << 2; entry < end; entry += 4) {
      const i = load<u32>(sources + entry);
      const lastSpike = load<i32>(last + (i << 2));
      const spikes = lastSpike == t;
      if (spikes ? !ofSpiking : onTarget == never || (onTarget == whereActive && lastSpike < 0)) continue;
      if (!spikes) refreshSource(rule, scratch, i, lastSpike, t);
      const row = load<u32>(rows + entry) * rowBytes;
      addVisit(kernel + ontoSpiking + (spikes as u32), marks, row, i, position * channels, extent, list);
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
