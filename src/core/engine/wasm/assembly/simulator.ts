/** Entry points of the simulator: encoding, presenting a batch of images, and single steps. */
import { beginImage } from './draws';
import { encodeImages } from './encode';
import {
  blockFirst,
  blockInputs,
  blockLearn,
  blockSignals,
  blockSpikes,
  blockSteps,
  connectionInput,
  connectionArrivalsChunks,
  connectionKind,
  connectionLearned,
  connectionLows,
  connectionMask,
  connectionNorm,
  connectionNormalized,
  connectionPlastic,
  connectionRecordSize,
  connectionRule,
  connectionLater,
  connectionNow,
  connectionOutOfBounds,
  connectionSource,
  connectionTarget,
  kindEmitted,
  kindMax,
  kindMean,
  kindModel,
  kindSingle,
  kindSingleEmitted,
  kindUniform,
  jobCountEvery,
  jobCounts,
  jobCountSize,
  jobCountWindows,
  jobEvents,
  jobImageCount,
  jobInputLayer,
  jobItems,
  jobLearn,
  jobMembers,
  jobNext,
  jobPurpose,
  jobScratchStride,
  jobShardCount,
  jobShards,
  jobSignalImage,
  jobSignals,
  jobSignalStep,
  jobSpikeTotals,
  jobSteps,
  layerActive,
  layerActiveCount,
  layerDelta,
  layerInput,
  layerEmitted,
  layerInputMap,
  layerKind,
  layerLastSpike,
  layerPositions,
  layerRecordSize,
  layerRefracCount,
  layerRest,
  layerSize,
  layerSpikes,
  layerVoltage,
  layerClamp,
  layerCountBase,
  scratchSpikeCount,
  scratchSpikeLists,
  scratchSpikeTotal,
  shardBusy,
  shardConnectionCount,
  shardConnections,
  shardHasArrivals,
  shardLayerCount,
  shardLayers,
  shardKeepsPast,
  shardProgress,
  shardRelayCount,
  shardShare,
  shardSignalCount,
  shardSignals,
  spikeListSize,
} from './layout';
import { clampToOwnBounds } from './bounds';
import { addBiases, propagateMax, propagateMean, resetRates } from './deliveries';
import { catchUp, endRule, followSpikes, learnByEquations, learnTogether, resetRule } from './rules';
import {
  clampOutOfBounds,
  findOutOfBounds,
  holdAbsent,
  learnPostPre,
  markChanged,
  normalizeConnection,
  scaleChanged,
} from './learning';
import { resetDefined, stepLeaky, stepOther, stepTogether } from './neurons';
import { deliver, resetModel } from './synapses';
import { resetPasts, stepRelays } from './relays';
import { followSingle, resetSingle } from './single-rules';
import { propagateSingle, propagateSingleValues } from './sparse';
import { resetArrivals } from './arrivals';
import { propagateSpikes, propagateValues } from './propagate';

export { beginImage, catchUp, encodeImages, findOutOfBounds, normalizeConnection };

/** Resets what does not survive an image; where something was learned and never normalised, no column counts as normalised. */
export function resetShard(shard: usize, scratch: usize): void {
  endRules(shard, scratch);
  resetLayers(shard, scratch);
  const nConnections = load<u32>(shard, shardConnectionCount);
  for (let index: u32 = 0; index < nConnections; index++) {
    const connection = load<u32>(shard, shardConnections) + index * connectionRecordSize;
    if (!load<u32>(connection, connectionLearned)) continue;
    store<u32>(connection, 0, connectionNormalized);
    store<u32>(connection, 0, connectionLearned);
  }
}

/** Brings what outlives an image up to date. */
function endRules(shard: usize, scratch: usize): void {
  const nConnections = load<u32>(shard, shardConnectionCount);
  for (let index: u32 = 0; index < nConnections; index++) {
    const connection = load<u32>(shard, shardConnections) + index * connectionRecordSize;
    if (load<u32>(connection, connectionRule) == 2) endRule(connection, scratch);
  }
}

function resetLayers(shard: usize, scratch: usize): void {
  const nConnections = load<u32>(shard, shardConnectionCount);
  for (let index: u32 = 0; index < nConnections; index++) {
    const connection = load<u32>(shard, shardConnections) + index * connectionRecordSize;
    const kind = load<u32>(connection, connectionKind);
    if (kind == kindModel) resetModel(connection, scratch);
    else if (load<u32>(connection, connectionArrivalsChunks) != 0) resetArrivals(connection, scratch);
    else if (kind == kindMax) {
      const source = load<u32>(connection, connectionSource);
      resetRates(connection, load<u32>(shard, shardLayers) + source * layerRecordSize, scratch);
    }
    if (load<u32>(connection, connectionRule) < 2) continue;
    const target = load<u32>(shard, shardLayers) + load<u32>(connection, connectionTarget) * layerRecordSize;
    resetRule(connection, target, scratch);
  }
  const nLayers = load<u32>(shard, shardLayerCount) + load<u32>(shard, shardRelayCount);
  const layers = load<u32>(shard, shardLayers) as usize;
  for (let index: u32 = 0; index < nLayers; index++) {
    const layer = layers + index * layerRecordSize;
    const bytes = load<u32>(layer, layerSize) << 2;
    memory.fill(scratch + load<u32>(layer, layerLastSpike), 0xff, bytes);
    memory.fill(scratch + load<u32>(layer, layerActiveCount), 0, load<u32>(layer, layerPositions) << 2);
    store<u32>(scratch + index * spikeListSize, 0, scratchSpikeCount);
    store<u32>(scratch + index * spikeListSize, 0, scratchSpikeTotal);
    if (load<u32>(layer, layerKind) == 0) continue;
    memory.fill(scratch + load<u32>(layer, layerInput), 0, bytes);
    memory.fill(scratch + load<u32>(layer, layerDelta), 0, bytes);
    if (load<u32>(layer, layerKind) == 2) {
      resetDefined(layer, scratch);
      continue;
    }
    memory.fill(scratch + load<u32>(layer, layerRefracCount), 0, bytes);
    const rest = v128.load32_splat(layer, layerRest);
    const voltage = scratch + load<u32>(layer, layerVoltage);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(voltage + at, rest);
  }
  resetPasts(shard, scratch);
  for (let index: u32 = 0; index < nConnections; index++) {
    const connection = load<u32>(shard, shardConnections) + index * connectionRecordSize;
    if (load<u32>(connection, connectionRule) != 3) continue;
    resetSingle(connection, layers + load<u32>(connection, connectionSource) * layerRecordSize, scratch);
  }
}

/** Hands this step's spikes of the whole input layer to a shard. */
export function giveInput(
  shard: usize,
  scratch: usize,
  index: u32,
  t: i32,
  neurons: usize,
  count: u32,
  track: bool,
): void {
  const layer = load<u32>(shard, shardLayers) + index * layerRecordSize;
  const map = load<u32>(layer, layerInputMap) as usize;
  let list = neurons;
  let n = count;
  if (map != 0) {
    list = scratch + load<u32>(layer, layerSpikes);
    n = 0;
    for (let s: u32 = 0; s < count; s++) {
      const local = load<i32>(map + (load<u32>(neurons + (s << 2)) << 2));
      // Written always and counted only where the neuron belongs to the shard: no branch to mispredict.
      store<i32>(list + (n << 2), local);
      n += (local >= 0) as u32;
    }
  }
  const entry = scratch + index * spikeListSize;
  store<u32>(entry, list as u32, scratchSpikeLists);
  store<u32>(entry, n, scratchSpikeCount);
  if (track) noteInputSpikes(layer, scratch, t, list, list + (n << 2));
}

/** `noteSpike` for all spikes of an input layer. */
function noteInputSpikes(layer: usize, scratch: usize, t: i32, first: usize, end: usize): void {
  const lastSpike = scratch + load<u32>(layer, layerLastSpike);
  const active = scratch + load<u32>(layer, layerActive);
  const count = scratch + load<u32>(layer, layerActiveCount);
  let n = load<u32>(count);
  for (let spike = first; spike < end; spike += 4) {
    const neuron = load<u32>(spike);
    const last = lastSpike + (neuron << 2);
    // Written always and counted only at the first spike: no branch to mispredict.
    store<u32>(active + (n << 2), neuron);
    n += (load<i32>(last) < 0) as u32;
    store<i32>(last, t);
  }
  store<u32>(count, n);
}

/** One step of a shard whose input has been given; `counts` is the image's row of counts or 0. */
export function stepShard(
  shard: usize,
  scratch: usize,
  t: i32,
  learn: bool,
  track: bool,
  counts: usize,
): void {
  const nLayers = load<u32>(shard, shardLayerCount);
  const layers = load<u32>(shard, shardLayers) as usize;
  const hasArrivals = load<u32>(shard, shardHasArrivals) != 0;
  for (let index: u32 = 0; index < nLayers; index++) {
    const layer = layers + index * layerRecordSize;
    const kind = load<u32>(layer, layerKind);
    if (kind == 0) continue;
    if (hasArrivals) receive(shard, scratch, index, layer, t);
    const row = load<u32>(layer, layerCountBase) != 0 ? counts : 0;
    const n =
      kind == 1 && load<u32>(layer, layerClamp) == 0
        ? stepLeaky(layer, scratch, t, learn, track, row)
        : stepOther(layer, scratch, t, learn, track, row);
    const entry = scratch + index * spikeListSize;
    store<u32>(entry, (scratch + load<u32>(layer, layerSpikes)) as u32, scratchSpikeLists);
    store<u32>(entry, n, scratchSpikeCount);
    store<u32>(entry, load<u32>(entry, scratchSpikeTotal) + n, scratchSpikeTotal);
  }
  if (load<u32>(shard, shardKeepsPast)) stepRelays(shard, scratch, t, learn || track);
  const nConnections = load<u32>(shard, shardConnectionCount);
  const connections = load<u32>(shard, shardConnections) as usize;
  if (learn || track) {
    for (let index: u32 = 0; index < nConnections; index++) {
      const connection = connections + index * connectionRecordSize;
      const rule = load<u32>(connection, connectionRule);
      if (rule == 0) continue;
      if (rule != 1) learnByRule(layers, scratch, connection, t, learn);
      else if (learn && load<u32>(connection, connectionPlastic) != 0) learnByPairs(layers, scratch, connection, t);
    }
  }
  for (let index: u32 = 0; index < nConnections; index++) {
    const connection = connections + index * connectionRecordSize;
    if (load<u32>(connection, connectionLater)) propagate(layers, scratch, connection, t, false);
  }
}

/** A step of pair STDP. */
// @ts-ignore: decorator
@inline
function learnByPairs(layers: usize, scratch: usize, connection: usize, t: i32): void {
  const source = load<u32>(connection, connectionSource);
  const target = load<u32>(connection, connectionTarget);
  learnPostPre(
    connection,
    layers + source * layerRecordSize,
    layers + target * layerRecordSize,
    scratch,
    t,
    spikesOf(scratch, source),
    spikeCountOf(scratch, source),
    spikesOf(scratch, target),
    spikeCountOf(scratch, target),
  );
  if (load<u32>(connection, connectionMask)) holdTouched(layers, scratch, connection);
  clampWeights(connection);
}

/** A step of a compiled rule: its traces follow the spikes, and a plastic connection learns. */
function learnByRule(layers: usize, scratch: usize, connection: usize, t: i32, learn: bool): void {
  const source = load<u32>(connection, connectionSource);
  const target = load<u32>(connection, connectionTarget);
  const sourceSpikes = spikesOf(scratch, source);
  const targetSpikes = spikesOf(scratch, target);
  const nSourceSpikes = spikeCountOf(scratch, source);
  const nTargetSpikes = spikeCountOf(scratch, target);
  const from = layers + source * layerRecordSize;
  const onto = layers + target * layerRecordSize;
  followSpikes(connection, onto, scratch, sourceSpikes, nSourceSpikes, targetSpikes, nTargetSpikes);
  if (load<u32>(connection, connectionRule) == 3) followSingle(connection, from, scratch, t, sourceSpikes, nSourceSpikes);
  if (!learn || !load<u32>(connection, connectionPlastic)) return;
  learnByEquations(connection, from, onto, scratch, t, sourceSpikes, nSourceSpikes, targetSpikes, nTargetSpikes);
  if (load<u32>(connection, connectionMask)) holdTouched(layers, scratch, connection);
  clampWeights(connection);
}

/** `holdAbsent` of what the spikes of a step touch. */
function holdTouched(layers: usize, scratch: usize, connection: usize): void {
  const source = load<u32>(connection, connectionSource);
  const target = load<u32>(connection, connectionTarget);
  holdAbsent(
    connection,
    layers + target * layerRecordSize,
    spikesOf(scratch, source),
    spikeCountOf(scratch, source),
    spikesOf(scratch, target),
    spikeCountOf(scratch, target),
  );
}

/** After a learning step: clamps what may be out of its bounds. */
// @ts-ignore: decorator
@inline
function clampWeights(connection: usize): void {
  if (load<u32>(connection, connectionLows)) clampToOwnBounds(connection);
  if (load<u32>(connection, connectionOutOfBounds)) clampOutOfBounds(connection);
}

/** Makes a block of steps of a shard, and lists the spikes that are asked for. */
export function makeSteps(block: usize, shard: usize, scratch: usize): void {
  const steps = load<u32>(block, blockSteps);
  const first = load<i32>(block, blockFirst);
  const learn = load<u32>(block, blockLearn) != 0;
  const nLayers = load<u32>(shard, shardLayerCount);
  const layers = load<u32>(shard, shardLayers) as usize;
  const inputs = load<u32>(block, blockInputs) as usize;
  const lists = load<u32>(block, blockSpikes) as usize;
  const signalBytes = load<u32>(shard, shardSignalCount) << 2;
  for (let step: u32 = 0; step < steps; step++) {
    const t = first + (step as i32);
    for (let index: u32 = 0; index < nLayers; index++) {
      if (load<u32>(layers + index * layerRecordSize, layerKind) != 0) continue;
      const events = load<u32>(inputs + (index << 2)) as usize;
      const from = events == 0 ? 0 : load<u32>(events + (step << 2));
      const end = events == 0 ? 0 : load<u32>(events + (step << 2), 4);
      giveInput(shard, scratch, index, t, events + ((steps + 1 + from) << 2), end - from, true);
    }
    if (learn && signalBytes != 0) {
      memory.copy(scratch + load<u32>(shard, shardSignals), load<u32>(block, blockSignals) + step * signalBytes, signalBytes);
    }
    stepShard(shard, scratch, t, learn, true, 0);
    for (let index: u32 = 0; index < nLayers; index++) {
      const list = load<u32>(lists + (index << 2)) as usize;
      if (list == 0) continue;
      const before = load<u32>(list + (step << 2));
      const count = spikeCountOf(scratch, index);
      const spikes = spikesOf(scratch, index);
      const to = list + ((steps + 1 + before) << 2);
      // A loop: most steps have a handful of spikes, for which `memory.copy` is slow to begin.
      for (let at: u32 = 0; at < count << 2; at += 4) store<u32>(to + at, load<u32>(spikes + at));
      store<u32>(list + (step << 2), before + count, 4);
    }
  }
}

/** Gives a layer that is stepped next the spikes of this step that reach it, and its biases. */
function receive(shard: usize, scratch: usize, index: u32, layer: usize, t: i32): void {
  propagateForward(shard, scratch, index, t);
  addBiases(shard, scratch, index, layer);
}

/** Delivers what earlier layers have spiked in this step. */
function propagateForward(shard: usize, scratch: usize, layer: u32, t: i32): void {
  const nConnections = load<u32>(shard, shardConnectionCount);
  const layers = load<u32>(shard, shardLayers) as usize;
  for (let index: u32 = 0; index < nConnections; index++) {
    const connection = load<u32>(shard, shardConnections) + index * connectionRecordSize;
    if (!load<u32>(connection, connectionNow) || load<u32>(connection, connectionTarget) != layer) continue;
    propagate(layers, scratch, connection, t, true);
  }
}

/**
 * Adds what a connection's source has spiked, or emits, or what its synapses make of it, to the input of its target.
 *
 * @param isNow before the target is stepped
 */
// @ts-ignore: decorator
@inline
function propagate(layers: usize, scratch: usize, connection: usize, t: i32, isNow: bool): void {
  if (load<i32>(connection, connectionKind) >= kindEmitted) {
    propagateOther(layers, scratch, connection, t, isNow);
    return;
  }
  const source = load<u32>(connection, connectionSource);
  const nSpikes = spikeCountOf(scratch, source);
  if (nSpikes == 0) return;
  propagateSpikes(connection, spikesOf(scratch, source), nSpikes, scratch + load<u32>(connection, connectionInput));
}

/** `propagate` of the kinds from `kindEmitted` on: most act in every step. */
function propagateOther(layers: usize, scratch: usize, connection: usize, t: i32, isNow: bool): void {
  const kind = load<i32>(connection, connectionKind);
  const source = load<u32>(connection, connectionSource);
  const from = layers + source * layerRecordSize;
  const spikes = spikesOf(scratch, source);
  const nSpikes = spikeCountOf(scratch, source);
  const input = scratch + load<u32>(connection, connectionInput);
  if (kind == kindModel) deliver(connection, from, scratch, t, spikes, nSpikes);
  else if (kind == kindSingle) propagateSingle(connection, from, scratch, t, spikes, nSpikes, input, isNow);
  else if (kind == kindSingleEmitted) propagateSingleValues(connection, from, scratch, t, input, isNow);
  else if (kind == kindEmitted) propagateValues(connection, scratch + load<u32>(from, layerEmitted), input);
  else if (kind == kindMean) propagateMean(connection, nSpikes, input);
  else propagateMax(connection, from, scratch, spikes, nSpikes, input);
}

// @ts-ignore: decorator
@inline
function spikesOf(scratch: usize, layer: u32): usize {
  return load<u32>(scratch + layer * spikeListSize, scratchSpikeLists);
}

// @ts-ignore: decorator
@inline
function spikeCountOf(scratch: usize, layer: u32): u32 {
  return load<u32>(scratch + layer * spikeListSize, scratchSpikeCount);
}

/** Normalises the plastic connections of a shard. */
export function normalizeShard(shard: usize, scratch: usize): void {
  const nConnections = load<u32>(shard, shardConnectionCount);
  const layers = load<u32>(shard, shardLayers) as usize;
  for (let index: u32 = 0; index < nConnections; index++) {
    const connection = load<u32>(shard, shardConnections) + index * connectionRecordSize;
    if (load<u32>(connection, connectionKind) == kindUniform || !load<u32>(connection, connectionPlastic)) continue;
    const target = layers + load<u32>(connection, connectionTarget) * layerRecordSize;
    normalizeConnection(connection, target, scratch);
  }
}

function presentImage(job: usize, shard: usize, scratch: usize, image: u32, learn: bool): void {
  const steps = load<u32>(job, jobSteps) as i32;
  const inputLayer = load<u32>(job, jobInputLayer);
  const events = load<u32>(load<u32>(job, jobEvents) + (image << 2)) as usize;
  const neurons = events + ((steps + 1) << 2);
  const windowBytes = load<u32>(job, jobCountSize) << 1;
  const every = load<u32>(job, jobCountEvery) as i32;
  let counts = load<u32>(job, jobCounts) + image * load<u32>(job, jobCountWindows) * windowBytes;
  let windowEnd = every;
  const hasSignals = learn && load<u32>(shard, shardSignalCount) != 0;
  resetLayers(shard, scratch);
  beginImage(load<u32>(job, jobPurpose), load<u32>(load<u32>(job, jobItems) + (image << 2)));
  for (let t = 0; t < steps; t++) {
    if (t == windowEnd) {
      counts += windowBytes;
      windowEnd += every;
    }
    const first = load<u32>(events + (t << 2));
    const end = load<u32>(events + (t << 2), 4);
    giveInput(shard, scratch, inputLayer, t, neurons + (first << 2), end - first, learn);
    if (hasSignals) giveSignals(job, shard, scratch, image, t);
    stepShard(shard, scratch, t, learn, learn, counts);
  }
  const totals = load<u32>(job, jobSpikeTotals) + ((image * load<u32>(shard, shardLayerCount)) << 2);
  addTotals(shard, scratch, totals);
  // The whole layer's, which every shard knows.
  atomic.store<u32>(totals + (inputLayer << 2), load<u32>(events + (steps << 2)));
  if (!learn) return;
  endRules(shard, scratch);
  normalizeShard(shard, scratch);
}

/** Hands the signals of a step to the rules of a shard. */
function giveSignals(job: usize, shard: usize, scratch: usize, image: u32, t: i32): void {
  const count = load<u32>(shard, shardSignalCount);
  if (count == 0) return;
  const image0 = load<u32>(job, jobSignals) + image * load<u32>(job, jobSignalImage);
  memory.copy(scratch + load<u32>(shard, shardSignals), image0 + t * load<u32>(job, jobSignalStep), count << 2);
}

/** Learns from images at once: each has a scratch of its own, and they share weights and what outlives an image. */
function presentTogether(job: usize, shard: usize, scratch: usize, first: u32, members: u32): void {
  const steps = load<u32>(job, jobSteps) as i32;
  const stride = load<u32>(job, jobScratchStride);
  const inputLayer = load<u32>(job, jobInputLayer);
  const nLayers = load<u32>(shard, shardLayerCount);
  const events = load<u32>(job, jobEvents) + (first << 2);
  const share = load<u32>(shard, shardShare);
  for (let member: u32 = 0; member < members; member++) {
    const own = scratch + member * stride;
    resetLayers(shard, own);
    if (share != 0) store<f32>(own + share, (1.0 / (members as f64)) as f32);
  }
  for (let t = 0; t < steps; t++) {
    for (let member: u32 = 0; member < members; member++) {
      const own = scratch + member * stride;
      const list = load<u32>(events + (member << 2)) as usize;
      const from = load<u32>(list + (t << 2));
      const end = load<u32>(list + (t << 2), 4);
      giveInput(shard, own, inputLayer, t, list + ((steps + 1 + from) << 2), end - from, true);
      giveSignals(job, shard, own, first + member, t);
    }
    stepShardTogether(job, shard, scratch, stride, first, members, t);
  }
  for (let member: u32 = 0; member < members; member++) {
    const totals = load<u32>(job, jobSpikeTotals) + (((first + member) * nLayers) << 2);
    addTotals(shard, scratch + member * stride, totals);
    const list = load<u32>(events + (member << 2)) as usize;
    atomic.store<u32>(totals + (inputLayer << 2), load<u32>(list + (steps << 2)));
  }
  normalizeTogether(shard, scratch, stride, members);
}

/** `stepShard` of the images of a minibatch. */
function stepShardTogether(
  job: usize,
  shard: usize,
  scratch: usize,
  stride: u32,
  first: u32,
  members: u32,
  t: i32,
): void {
  const nLayers = load<u32>(shard, shardLayerCount);
  const layers = load<u32>(shard, shardLayers) as usize;
  const hasArrivals = load<u32>(shard, shardHasArrivals) != 0;
  const items = load<u32>(job, jobItems) + (first << 2);
  const windowBytes = load<u32>(job, jobCountSize) << 1;
  const imageBytes = load<u32>(job, jobCountWindows) * windowBytes;
  const window = (t / (load<u32>(job, jobCountEvery) as i32)) as u32;
  const counts = load<u32>(job, jobCounts) + first * imageBytes + window * windowBytes;
  for (let index: u32 = 0; index < nLayers; index++) {
    const layer = layers + index * layerRecordSize;
    if (load<u32>(layer, layerKind) == 0) continue;
    if (hasArrivals) {
      for (let member: u32 = 0; member < members; member++) receive(shard, scratch + member * stride, index, layer, t);
    }
    const row = load<u32>(layer, layerCountBase) != 0 ? counts : 0;
    const entry = index * spikeListSize;
    const list = entry + scratchSpikeCount;
    stepTogether(layer, scratch, stride, members, t, list, load<u32>(job, jobPurpose), items, row, imageBytes);
    for (let member: u32 = 0; member < members; member++) {
      const own = scratch + member * stride;
      const total = load<u32>(own + entry, scratchSpikeTotal) + load<u32>(own + entry, scratchSpikeCount);
      store<u32>(own + entry, (own + load<u32>(layer, layerSpikes)) as u32, scratchSpikeLists);
      store<u32>(own + entry, total, scratchSpikeTotal);
    }
  }
  if (load<u32>(shard, shardKeepsPast)) {
    for (let member: u32 = 0; member < members; member++) stepRelays(shard, scratch + member * stride, t, true);
  }
  const nConnections = load<u32>(shard, shardConnectionCount);
  const connections = load<u32>(shard, shardConnections) as usize;
  for (let index: u32 = 0; index < nConnections; index++) {
    const connection = connections + index * connectionRecordSize;
    if (load<u32>(connection, connectionRule) == 0) continue;
    const source = load<u32>(connection, connectionSource);
    const target = load<u32>(connection, connectionTarget);
    const from = layers + source * layerRecordSize;
    const onto = layers + target * layerRecordSize;
    for (let member: u32 = 0; member < members; member++) {
      const own = scratch + member * stride;
      const nSourceSpikes = spikeCountOf(own, source);
      const nTargetSpikes = spikeCountOf(own, target);
      followSpikes(connection, onto, own, spikesOf(own, source), nSourceSpikes, spikesOf(own, target), nTargetSpikes);
      if (load<u32>(connection, connectionRule) == 3) followSingle(connection, from, own, t, spikesOf(own, source), nSourceSpikes);
    }
    if (!load<u32>(connection, connectionPlastic)) continue;
    const fromList = source * spikeListSize;
    learnTogether(connection, from, onto, scratch, stride, members, t, fromList, target * spikeListSize);
    // Of compiled rules it holds all, whatever has spiked.
    if (load<u32>(connection, connectionMask)) holdAbsent(connection, onto, 0, 0, 0, 0);
    clampWeights(connection);
  }
  for (let index: u32 = 0; index < nConnections; index++) {
    const connection = connections + index * connectionRecordSize;
    if (!load<u32>(connection, connectionLater)) continue;
    for (let member: u32 = 0; member < members; member++) propagate(layers, scratch + member * stride, connection, t, false);
  }
}

/** After a minibatch: normalises what any of its images has changed. */
function normalizeTogether(shard: usize, scratch: usize, stride: u32, members: u32): void {
  const nConnections = load<u32>(shard, shardConnectionCount);
  const layers = load<u32>(shard, shardLayers) as usize;
  for (let index: u32 = 0; index < nConnections; index++) {
    const connection = load<u32>(shard, shardConnections) + index * connectionRecordSize;
    if (load<u32>(connection, connectionKind) == kindUniform || !load<u32>(connection, connectionPlastic)) continue;
    if (load<f64>(connection, connectionNorm) == 0) continue;
    const target = layers + load<u32>(connection, connectionTarget) * layerRecordSize;
    for (let member: u32 = 0; member < members; member++) markChanged(connection, target, scratch + member * stride);
    scaleChanged(connection);
  }
}

/** Adds the spikes of the shard's neurons to those of the image. */
function addTotals(shard: usize, scratch: usize, totals: usize): void {
  const nLayers = load<u32>(shard, shardLayerCount);
  for (let index: u32 = 0; index < nLayers; index++) {
    const total = load<u32>(scratch + index * spikeListSize, scratchSpikeTotal);
    if (total != 0) atomic.add<u32>(totals + (index << 2), total);
  }
}

/** Presents the job's images to its shards until no work is left, `quantum` images at a time. */
export function presentImages(job: usize, scratch: usize, quantum: u32): void {
  if (load<u32>(job, jobLearn)) learnImages(job, scratch, quantum);
  else evaluateImages(job, scratch, quantum);
}

/** Frozen networks: every (shard, some images) is independent; shard by shard, so that its weights stay in the cache. */
function evaluateImages(job: usize, scratch: usize, quantum: u32): void {
  const nImages = load<u32>(job, jobImageCount);
  const pieces = (nImages + quantum - 1) / quantum;
  const nShards = load<u32>(job, jobShardCount);
  for (;;) {
    const work = atomic.add<u32>(job, 1, jobNext);
    if (work >= pieces * nShards) return;
    const shard = load<u32>(load<u32>(job, jobShards) + ((work / pieces) << 2)) as usize;
    const first = (work % pieces) * quantum;
    const end = min(first + quantum, nImages);
    for (let image = first; image < end; image++) presentImage(job, shard, scratch, image, false);
  }
}

/** Learning: a shard sees its images in order, whoever simulates it; the one that is furthest behind goes first. */
function learnImages(job: usize, scratch: usize, quantum: u32): void {
  const nImages = load<u32>(job, jobImageCount);
  const nShards = load<u32>(job, jobShardCount);
  const shards = load<u32>(job, jobShards) as usize;
  for (;;) {
    let chosen: usize = 0;
    let least = nImages;
    let unfinished = false;
    for (let s: u32 = 0; s < nShards; s++) {
      const shard = load<u32>(shards + (s << 2)) as usize;
      const progress = atomic.load<u32>(shard, shardProgress);
      if (progress >= nImages) continue;
      unfinished = true;
      if (progress < least && atomic.load<u32>(shard, shardBusy) == 0) {
        least = progress;
        chosen = shard;
      }
    }
    if (!unfinished) return;
    if (chosen == 0 || atomic.cmpxchg<u32>(chosen, 0, 1, shardBusy) != 0) continue;
    const first = atomic.load<u32>(chosen, shardProgress);
    const members = load<u32>(job, jobMembers);
    const end = min(first + quantum * members, nImages);
    for (let image = first; image < end; image += members) {
      if (members == 1) presentImage(job, chosen, scratch, image, true);
      else presentTogether(job, chosen, scratch, image, min(members, end - image));
    }
    atomic.store<u32>(chosen, end, shardProgress);
    atomic.store<u32>(chosen, 0, shardBusy);
  }
}
