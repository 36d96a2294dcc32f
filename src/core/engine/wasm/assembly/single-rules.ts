/**
 * Compiled rules of single synapses: of sparse connections, and where each has a delay. What a visit needs is gathered from where it
 * lies, of the source as it was when the spikes left that arrive now, and put back.
 */
import {
  connectionColumns,
  connectionDelays,
  connectionDelayStride,
  connectionEntryTarget,
  connectionEquations,
  connectionFanInRow,
  connectionFanInSource,
  connectionFanInStart,
  connectionIdentity,
  connectionRow,
  connectionRowLength,
  connectionSources,
  connectionSparse,
  connectionStart,
  entryExtent,
  entryRow,
  entrySize,
  gatherBase,
  gatherIsChanged,
  gatherIsShared,
  gatherOf,
  gatherPast,
  gatherRecordSize,
  gatherSource,
  gatherSynapse,
  gatherValues,
  layerChannels,
  layerSize,
  mostSingle,
  passForAll,
  passIdle,
  passKernel,
  passOfWeight,
  passSource,
  passTarget,
  ruleAddresses,
  ruleIsSetByHand,
  ruleSingle,
  ruleTargetActive,
  ruleTargetSpikes,
  singleArrayCount,
  singleArrays,
  singleEntry,
  singleFirst,
  singleMarks,
  singleSteps,
  singleWaiting,
  waitingLag,
  waitingSize,
  waitingSource,
  waitingTarget,
  waitingWeight,
} from './layout';
import { visit } from './visits';

// When a pass visits: never, where the partner, or both, have spiked since the reset, or always.
const never: u32 = 0;
const whereActive: u32 = 1;
const always: u32 = 2;

// What the visits of the present pass are of.
let rule: usize = 0;
let single: usize = 0;
let pass: usize = 0;
let scratch: usize = 0;
let nSources: u32 = 0;
let now: i32 = 0;
let isSetByHand = false;
// Synapses that wait: between silent neurons, onto a target that spikes, from a source that spikes, between both.
let waiting0: u32 = 0;
let waiting1: u32 = 0;
let waiting2: u32 = 0;
let waiting3: u32 = 0;

/** Before an image: no source has spiked, and its variables were what they are. */
export function resetSingle(connection: usize, source: usize, own: usize): void {
  const record = load<u32>(load<u32>(connection, connectionEquations), ruleSingle) as usize;
  const size = load<u32>(source, layerSize);
  const steps = load<u32>(record, singleSteps);
  memory.fill(own + load<u32>(record, singleFirst), 0xff, size << 2);
  memory.fill(own + load<u32>(record, singleMarks), 0, size * steps);
  for (let step: u32 = 0; step < steps; step++) keepSources(record, size, own, step);
}

/** Keeps what synapses will see of a step of the source. */
export function followSingle(
  connection: usize,
  source: usize,
  own: usize,
  t: i32,
  spikes: usize,
  nSpikes: u32,
): void {
  const record = load<u32>(load<u32>(connection, connectionEquations), ruleSingle) as usize;
  const size = load<u32>(source, layerSize);
  const slot = (t as u32) % load<u32>(record, singleSteps);
  const first = own + load<u32>(record, singleFirst);
  const marks = own + load<u32>(record, singleMarks) + slot * size;
  memory.fill(marks, 0, size);
  for (let s: u32 = 0; s < nSpikes; s++) {
    const neuron = load<u32>(spikes + (s << 2));
    store<u8>(marks + neuron, 1);
    if (load<i32>(first + (neuron << 2)) < 0) store<i32>(first + (neuron << 2), t);
  }
  keepSources(record, size, own, slot);
}

function keepSources(record: usize, size: u32, own: usize, slot: u32): void {
  let array = load<u32>(record, singleArrays) as usize;
  const end = array + load<u32>(record, singleArrayCount) * gatherRecordSize;
  for (; array < end; array += gatherRecordSize) {
    if (load<u32>(array, gatherOf) != gatherSource) continue;
    const values = own + load<u32>(array, gatherBase);
    memory.copy(own + load<u32>(array, gatherPast) + ((slot * size) << 2), values, size << 2);
  }
}

/** Makes a pass over the synapses that a step changes. */
export function makeSinglePass(
  connection: usize,
  ofRule: usize,
  ofPass: usize,
  source: usize,
  target: usize,
  own: usize,
  t: i32,
  targetSpikes: usize,
  nTargetSpikes: u32,
): void {
  rule = ofRule;
  single = load<u32>(rule, ruleSingle);
  pass = ofPass;
  scratch = own;
  nSources = load<u32>(source, layerSize);
  now = t;
  isSetByHand = load<u32>(rule, ruleIsSetByHand) != 0;
  const isOfWeight = load<u32>(pass, passOfWeight) != 0 || load<u32>(pass, passForAll) != 0;
  if (isOfWeight || load<u32>(pass, passIdle) != never) {
    const n = load<u32>(connection, connectionSources);
    for (let i: u32 = 0; i < n; i++) visitSource(connection, i, isOfWeight, -1);
  } else {
    if (load<u32>(pass, passSource) != never || nTargetSpikes != 0) visitArriving(connection);
    if (load<u32>(pass, passTarget) != never) {
      for (let s: u32 = 0; s < nTargetSpikes; s++) {
        visitTarget(connection, target, load<u32>(targetSpikes + (s << 2)));
      }
    }
  }
  for (let spikes: u32 = 0; spikes < 4; spikes++) flush(spikes);
}

/** The sources whose spikes arrive, by any delay. */
function visitArriving(connection: usize): void {
  const n = load<u32>(connection, connectionSources);
  const steps = load<u32>(single, singleSteps);
  const marks = scratch + load<u32>(single, singleMarks);
  for (let lag: u32 = 0; lag < steps && (lag as i32) <= now; lag++) {
    const slot = marks + (((now as u32) - lag) % steps) * nSources;
    for (let i: u32 = 0; i < n; i++) {
      if (load<u8>(slot + i)) visitSource(connection, i, false, lag as i32);
    }
  }
}

/**
 * @param isOfWeight whether its synapses are visited whatever has spiked
 * @param only those that see the source so many steps late; −1: all
 */
function visitSource(connection: usize, i: u32, isOfWeight: bool, only: i32): void {
  const isSparse = load<u32>(connection, connectionSparse) != 0;
  const identity = load<u32>(connection, connectionIdentity) != 0;
  const start = load<u32>(connection, connectionStart) as usize;
  const rows = load<u32>(connection, connectionRow) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const columns = load<u32>(connection, connectionColumns);
  const rowLength = load<u32>(connection, connectionRowLength);
  const first = identity ? i : load<u32>(start + (i << 2));
  const end = identity ? i + 1 : load<u32>(start + (i << 2), 4);
  for (let entry = first; entry < end; entry++) {
    const row = isSparse ? entry : identity ? i : load<u32>(rows + (entry << 2));
    const onto = identity ? 0 : load<u32>(targets + (entry << 2));
    for (let k: u32 = 0; k < columns; k++) {
      const lag = lagOf(connection, row, k);
      if (only >= 0 && (lag as i32) != only) continue;
      if (isOfWeight) wait(row * rowLength + k, i, onto + k, 0, 0);
      else consider(row * rowLength + k, i, onto + k, lag);
    }
  }
}

/** The synapses onto a target that spikes, from sources whose spikes do not arrive. */
function visitTarget(connection: usize, target: usize, neuron: u32): void {
  const rowLength = load<u32>(connection, connectionRowLength);
  const channels = load<u32>(connection, connectionSparse) ? 1 : load<u32>(target, layerChannels);
  const position = neuron / channels;
  const k = neuron % channels;
  const identity = load<u32>(connection, connectionIdentity) != 0;
  const fanIn = load<u32>(connection, connectionFanInStart) as usize;
  const sources = load<u32>(connection, connectionFanInSource) as usize;
  const rows = load<u32>(connection, connectionFanInRow) as usize;
  const first: u32 = identity ? 0 : load<u32>(fanIn + (position << 2));
  const end = identity ? load<u32>(connection, connectionSources) : load<u32>(fanIn + (position << 2), 4);
  for (let entry = first; entry < end; entry++) {
    const i = identity ? entry : load<u32>(sources + (entry << 2));
    const row = identity ? entry : load<u32>(rows + (entry << 2));
    const lag = lagOf(connection, row, k);
    if (!arrives(i, lag)) consider(row * rowLength + k, i, neuron, lag);
  }
}

// @ts-ignore: decorator
@inline
function lagOf(connection: usize, row: u32, k: u32): u32 {
  const delays = load<u32>(connection, connectionDelays);
  if (delays == 0) return 0;
  const delay = load<u8>(delays + row * load<u32>(connection, connectionDelayStride) + k) as u32;
  return delay > 1 ? delay - 1 : 0;
}

/** Whether a spike of a source arrives that left so many steps ago. */
// @ts-ignore: decorator
@inline
function arrives(source: u32, lag: u32): bool {
  if ((lag as i32) > now) return false;
  const slot = ((now as u32) - lag) % load<u32>(single, singleSteps);
  return load<u8>(scratch + load<u32>(single, singleMarks) + slot * nSources + source) != 0;
}

/** Lets a synapse wait if the pass visits it. */
function consider(weight: u32, source: u32, target: u32, lag: u32): void {
  const first = load<i32>(scratch + load<u32>(single, singleFirst) + (source << 2));
  const sourceActive = isSetByHand || (first >= 0 && first <= now - (lag as i32));
  const targetActive =
    isSetByHand || load<i32>(scratch + load<u32>(rule, ruleTargetActive) + (target << 2)) != 0;
  const isSource = arrives(source, lag);
  const isTarget = load<i32>(scratch + load<u32>(rule, ruleTargetSpikes) + (target << 2)) != 0;
  const idle = load<u32>(pass, passIdle);
  let isVisited = idle == always || (idle == whereActive && sourceActive && targetActive);
  if (!isVisited && isSource) isVisited = isTarget || meets(load<u32>(pass, passSource), targetActive);
  else if (!isVisited && isTarget) isVisited = meets(load<u32>(pass, passTarget), sourceActive);
  if (isVisited) wait(weight, source, target, lag, ((isSource as u32) << 1) | (isTarget as u32));
}

// @ts-ignore: decorator
@inline
function meets(visits: u32, isActive: bool): bool {
  return visits == always || (visits == whereActive && isActive);
}

/** @param spikes 2 if the source spikes, and 1 if the target does */
function wait(weight: u32, source: u32, target: u32, lag: u32, spikes: u32): void {
  const n = countOf(spikes);
  const at = listOf(spikes) + n * waitingSize;
  store<u32>(at, weight, waitingWeight);
  store<u32>(at, source, waitingSource);
  store<u32>(at, target, waitingTarget);
  store<u32>(at, lag, waitingLag);
  setCount(spikes, n + 1);
  if (n + 1 == mostSingle) flush(spikes);
}

// @ts-ignore: decorator
@inline
function listOf(spikes: u32): usize {
  return scratch + load<u32>(single, singleWaiting) + spikes * mostSingle * waitingSize;
}

// @ts-ignore: decorator
@inline
function countOf(spikes: u32): u32 {
  return spikes == 0 ? waiting0 : spikes == 1 ? waiting1 : spikes == 2 ? waiting2 : waiting3;
}

// @ts-ignore: decorator
@inline
function setCount(spikes: u32, count: u32): void {
  if (spikes == 0) waiting0 = count;
  else if (spikes == 1) waiting1 = count;
  else if (spikes == 2) waiting2 = count;
  else waiting3 = count;
}

/** Visits the synapses that wait. */
function flush(spikes: u32): void {
  const n = countOf(spikes);
  if (n == 0) return;
  setCount(spikes, 0);
  const list = listOf(spikes);
  moveValues(list, n, false);
  const entry = scratch + load<u32>(single, singleEntry);
  store<u32>(entry, 0, entryRow);
  store<u32>(entry, n << 2, entryExtent);
  const table = scratch + load<u32>(rule, ruleAddresses);
  visit(load<u32>(pass, passKernel) + spikes, table, entry, entry + entrySize, 0, 0);
  moveValues(list, n, true);
}

/** Gathers the values of the synapses of a list, or puts back what has changed. */
function moveValues(list: usize, n: u32, isBack: bool): void {
  let array = load<u32>(single, singleArrays) as usize;
  const end = array + load<u32>(single, singleArrayCount) * gatherRecordSize;
  for (; array < end; array += gatherRecordSize) {
    if (isBack && !load<u32>(array, gatherIsChanged)) continue;
    const gathered = scratch + load<u32>(array, gatherValues);
    const side = load<u32>(array, gatherOf);
    if (side == gatherSource) {
      gatherSources(list, n, scratch + load<u32>(array, gatherPast), gathered);
      continue;
    }
    const base = (load<u32>(array, gatherIsShared) ? 0 : scratch) + load<u32>(array, gatherBase);
    const field: usize = side == gatherSynapse ? waitingWeight : waitingTarget;
    for (let k: u32 = 0; k < n; k++) {
      const at = base + ((load<u32>(list + k * waitingSize + field) as usize) << 2);
      if (isBack) store<f32>(at, load<f32>(gathered + (k << 2)));
      else store<f32>(gathered + (k << 2), load<f32>(at));
    }
  }
}

function gatherSources(list: usize, n: u32, past: usize, gathered: usize): void {
  const steps = load<u32>(single, singleSteps);
  for (let k: u32 = 0; k < n; k++) {
    const at = list + k * waitingSize;
    // Slots of steps before the first hold the values of the reset.
    const slot = ((now as u32) + steps - load<u32>(at, waitingLag)) % steps;
    const value = load<f32>(past + ((slot * nSources + load<u32>(at, waitingSource)) << 2));
    store<f32>(gathered + (k << 2), value);
  }
}
