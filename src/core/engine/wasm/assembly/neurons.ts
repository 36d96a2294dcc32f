/** One step of the neurons of a layer: leaky ones here (as src/core/network/nodes/leaky.ts), defined ones by an emitted function. */
import { beginImage, chooseSpike, fillDraws } from './draws';
import {
  clampForbidden,
  clampForced,
  clampOwn,
  arrayBase,
  arrayInitial,
  arrayIsShared,
  arrayRecordSize,
  arrayStride,
  layerActive,
  layerActiveCount,
  layerAddresses,
  layerArrayCount,
  layerArrays,
  layerChannels,
  layerClamp,
  layerCountBase,
  layerDecay,
  layerFired,
  layerInput,
  layerIsExclusive,
  layerKind,
  layerLastSpike,
  layerModel,
  layerPositions,
  layerRealChannels,
  layerRefracCount,
  layerRefracSteps,
  layerReset,
  layerResetDrop,
  layerRest,
  layerSize,
  layerSpiked,
  layerSpikes,
  layerTheta,
  layerThetaCarry,
  layerThetaDecay,
  layerThetaLoss,
  layerThetaPlus,
  layerThetaStride,
  layerThresh,
  layerVoltage,
} from './layout';

// What a step does to theta.
class Keep {}
class Decay {}
class DecayExactly {}

/**
 * Steps a leaky layer and clears its input; returns the number of spikes.
 *
 * @param counts row of counts of the image, or 0
 * @param track whether last spikes and active channels are kept (for traces)
 */
// @ts-ignore: decorator
@inline
export function stepLeaky(
  layer: usize,
  scratch: usize,
  t: i32,
  learn: bool,
  track: bool,
  counts: usize,
): u32 {
  if (!learn) return stepMembranes<Keep>(layer, scratch, t, track, counts);
  if (load<u32>(layer, layerThetaCarry) != 0) return stepMembranes<DecayExactly>(layer, scratch, t, track, counts);
  return stepMembranes<Decay>(layer, scratch, t, track, counts);
}

function stepMembranes<Theta>(layer: usize, scratch: usize, t: i32, track: bool, counts: usize): u32 {
  const positions = load<u32>(layer, layerPositions);
  const channels = load<u32>(layer, layerChannels);
  const bytes = channels << 2;
  const decay = v128.load32_splat(layer, layerDecay);
  const rest = v128.load32_splat(layer, layerRest);
  const thresh = v128.load32_splat(layer, layerThresh);
  const one = f32x4.splat(1);
  const thetaDecay = v128.load32_splat(layer, layerThetaDecay);
  const thetaLoss = v128.load32_splat(layer, layerThetaLoss);
  const zero = f32x4.splat(0);
  const spikes = scratch + load<u32>(layer, layerSpikes);
  let spike = spikes;
  let voltage = scratch + load<u32>(layer, layerVoltage);
  let refracCount = scratch + load<u32>(layer, layerRefracCount);
  let input = scratch + load<u32>(layer, layerInput);
  let theta = load<u32>(layer, layerTheta) as usize;
  const thetaStride = load<u32>(layer, layerThetaStride) as usize;
  let carry = load<u32>(layer, layerThetaCarry) as usize;
  for (let position: u32 = 0; position < positions; position++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      let v = v128.load(voltage + at);
      v = f32x4.add(f32x4.mul(decay, f32x4.sub(v, rest)), rest);
      let adaptation = v128.load(theta + at);
      if (idof<Theta>() == idof<Decay>()) {
        adaptation = f32x4.mul(adaptation, thetaDecay);
        v128.store(theta + at, adaptation);
      }
      if (idof<Theta>() == idof<DecayExactly>()) {
        const change = f32x4.sub(v128.load(carry + at), f32x4.mul(thetaLoss, adaptation));
        const sum = f32x4.add(adaptation, change);
        v128.store(carry + at, f32x4.sub(change, f32x4.sub(sum, adaptation)));
        adaptation = sum;
        v128.store(theta + at, adaptation);
      }
      const wait = v128.load(refracCount + at);
      const isReady = f32x4.eq(wait, zero);
      v = f32x4.add(v, v128.and(v128.load(input + at), isReady));
      v128.store(voltage + at, v);
      v128.store(refracCount + at, f32x4.pmax(zero, f32x4.sub(wait, one)));
      v128.store(input + at, zero);
      let fired = i32x4.bitmask(f32x4.ge(v, f32x4.add(thresh, adaptation))) as u32;
      if (fired == 0) continue;
      fired &= i32x4.bitmask(isReady) as u32;
      while (fired != 0) {
        const channel = ((at >> 2) as u32) + ctz(fired);
        fired &= fired - 1;
        const here = (channel as usize) << 2;
        store<f32>(refracCount + here, load<f32>(layer, layerRefracSteps));
        const drop = load<f32>(layer, layerResetDrop);
        store<f32>(
          voltage + here,
          drop > 0 ? load<f32>(voltage + here) - drop : load<f32>(layer, layerReset),
        );
        if (idof<Theta>() == idof<Decay>()) grow(theta + here, load<f32>(layer, layerThetaPlus));
        if (idof<Theta>() == idof<DecayExactly>()) {
          growExactly(theta + here, carry + here, load<f32>(layer, layerThetaPlus));
        }
        recordSpike(layer, scratch, t, track, counts, position, channel, spike);
        spike += 4;
      }
    }
    voltage += bytes;
    refracCount += bytes;
    input += bytes;
    theta += thetaStride;
    carry += thetaStride;
  }
  return ((spike - spikes) >> 2) as u32;
}

/** Steps a layer that is defined, or whose spikes are forced or forbidden; parameters and result as `stepLeaky`. */
export function stepOther(
  layer: usize,
  scratch: usize,
  t: i32,
  learn: bool,
  track: bool,
  counts: usize,
): u32 {
  const isClamped = load<u32>(layer, layerClamp) != 0;
  const keep = track && !isClamped;
  const n =
    load<u32>(layer, layerKind) == 1
      ? stepLeaky(layer, scratch, t, learn, keep, counts)
      : stepDefined(layer, scratch, t, learn, keep, counts);
  return isClamped ? clampSpikes(layer, scratch, t, n) : n;
}

/** Makes one step of the neurons of a position: `table` has the addresses of its arrays. */
// @ts-ignore: decorator
@external("env", "step")
declare function stepModel(model: u32, learns: u32, bytes: u32, table: usize): void;

/** As `stepLeaky`, of a defined layer. */
function stepDefined(
  layer: usize,
  scratch: usize,
  t: i32,
  learn: bool,
  track: bool,
  counts: usize,
): u32 {
  const positions = load<u32>(layer, layerPositions);
  const bytes = load<u32>(layer, layerChannels) << 2;
  const model = load<u32>(layer, layerModel);
  const addresses = scratch + load<u32>(layer, layerAddresses);
  const spikes = scratch + load<u32>(layer, layerSpikes);
  let spike = spikes;
  fillDraws(layer, scratch, t);
  for (let position: u32 = 0; position < positions; position++) {
    locateArrays(layer, scratch, position);
    stepModel(model, learn as u32, bytes, addresses);
    spike = collectSpikes(layer, scratch, t, track, counts, position, spike);
  }
  return settleSpikes(layer, scratch, t, track, counts, ((spike - spikes) >> 2) as u32);
}

/** Makes one step of the neurons of a position in several images: as `stepModel`, but tables lie so many bytes apart. */
// @ts-ignore: decorator
@external("env", "stepTogether")
declare function stepModels(model: u32, members: u32, stride: u32, bytes: u32, table: usize): void;

/**
 * Steps a defined layer in all images of a minibatch and clears its inputs.
 *
 * @param list where the scratch of an image keeps the number of its spikes
 * @param items numbers of the images
 * @param counts row of counts of the first image, or 0, and bytes to that of the next
 */
export function stepTogether(
  layer: usize,
  scratch: usize,
  stride: u32,
  members: u32,
  t: i32,
  list: usize,
  purpose: u32,
  items: usize,
  counts: usize,
  countBytes: u32,
): void {
  const positions = load<u32>(layer, layerPositions);
  const bytes = load<u32>(layer, layerChannels) << 2;
  const model = load<u32>(layer, layerModel);
  const addresses = load<u32>(layer, layerAddresses);
  for (let member: u32 = 0; member < members; member++) {
    const own = scratch + member * stride;
    beginImage(purpose, load<u32>(items + (member << 2)));
    fillDraws(layer, own, t);
    store<u32>(own + list, 0);
  }
  for (let position: u32 = 0; position < positions; position++) {
    for (let member: u32 = 0; member < members; member++) locateArrays(layer, scratch + member * stride, position);
    stepModels(model, members, stride, bytes, scratch + addresses);
    for (let member: u32 = 0; member < members; member++) {
      const own = scratch + member * stride;
      const spikes = own + load<u32>(layer, layerSpikes);
      const row: usize = counts == 0 ? 0 : counts + member * countBytes;
      const end = collectSpikes(layer, own, t, true, row, position, spikes + (load<u32>(own + list) << 2));
      store<u32>(own + list, ((end - spikes) >> 2) as u32);
    }
  }
  for (let member: u32 = 0; member < members; member++) {
    const own = scratch + member * stride;
    beginImage(purpose, load<u32>(items + (member << 2)));
    const row: usize = counts == 0 ? 0 : counts + member * countBytes;
    store<u32>(own + list, settleSpikes(layer, own, t, true, row, load<u32>(own + list)));
  }
}

/** Writes the addresses of the arrays of a position. */
// @ts-ignore: decorator
@inline
function locateArrays(layer: usize, scratch: usize, position: u32): void {
  const arrays = load<u32>(layer, layerArrays) as usize;
  const arrayCount = load<u32>(layer, layerArrayCount);
  const addresses = scratch + load<u32>(layer, layerAddresses);
  for (let index: u32 = 0; index < arrayCount; index++) {
    const array = arrays + index * arrayRecordSize;
    const base = load<u32>(array, arrayBase) + position * load<u32>(array, arrayStride);
    store<u32>(addresses + (index << 2), load<u32>(array, arrayIsShared) ? base : ((scratch + base) as u32));
  }
}

/** Lists the spikes of a position, from `spike` on; returns the end of the list. */
// @ts-ignore: decorator
@inline
function collectSpikes(
  layer: usize,
  scratch: usize,
  t: i32,
  track: bool,
  counts: usize,
  position: u32,
  first: usize,
): usize {
  const channels = load<u32>(layer, layerChannels);
  const realChannels = load<u32>(layer, layerRealChannels);
  const fired = scratch + load<u32>(layer, layerFired);
  const isExclusive = load<u32>(layer, layerIsExclusive) != 0;
  let spike = first;
  // Eight bytes, 32 neurons, at a time; those behind the last neuron stay 0.
  for (let begin: u32 = 0; begin < realChannels; begin += 32) {
    let word = load<u64>(fired + (begin >> 2));
    while (word != 0) {
      const bit = ctz(word) as u32;
      word &= word - 1;
      const channel = begin + ((bit >> 3) << 2) + (bit & 7);
      // Padding may spike; it is never heard.
      if (channel >= realChannels) break;
      if (isExclusive) store<u32>(spike, position * channels + channel);
      else recordSpike(layer, scratch, t, track, counts, position, channel, spike);
      spike += 4;
    }
  }
  return spike;
}

/** Of the spikes of a layer in which one neuron alone spikes, leaves that one's; returns the number of spikes. */
// @ts-ignore: decorator
@inline
function settleSpikes(layer: usize, scratch: usize, t: i32, track: bool, counts: usize, count: u32): u32 {
  if (load<u32>(layer, layerIsExclusive) == 0) return count;
  const spikes = scratch + load<u32>(layer, layerSpikes);
  const chosen = chooseSpike(layer, scratch, t, spikes, count);
  if (chosen < 0) return 0;
  const channels = load<u32>(layer, layerChannels);
  recordSpike(layer, scratch, t, track, counts, chosen / channels, chosen % channels, spikes);
  return 1;
}

/** Makes the list of spikes anew as the layer's clamp says, keeps them for traces, and forgets the clamp; returns their number. */
function clampSpikes(layer: usize, scratch: usize, t: i32, count: u32): u32 {
  const clamp = load<u32>(layer, layerClamp) as usize;
  const spikes = scratch + load<u32>(layer, layerSpikes);
  const channels = load<u32>(layer, layerChannels);
  const size = load<u32>(layer, layerSize);
  const spiked = load<u32>(layer, layerSpiked);
  store<u32>(layer, 0, layerClamp);
  for (let s: u32 = 0; s < count; s++) {
    const own = clamp + load<u32>(spikes + (s << 2));
    store<u8>(own, load<u8>(own) | clampOwn);
  }
  let n: u32 = 0;
  for (let neuron: u32 = 0; neuron < size; neuron++) {
    const found = load<u8>(clamp + neuron);
    const isSpike = (found & (clampForced | clampOwn)) != 0 && (found & clampForbidden) == 0;
    if (spiked != 0) store<i32>(scratch + spiked + (neuron << 2), isSpike ? -1 : 0);
    if (!isSpike) continue;
    store<u32>(spikes + (n << 2), neuron);
    n++;
    noteSpike(layer, scratch, t, neuron / channels, neuron % channels, neuron);
  }
  return n;
}

/** Gives the state of a defined layer that no image outlives its initial values. */
export function resetDefined(layer: usize, scratch: usize): void {
  const bytes = load<u32>(layer, layerSize) << 2;
  const arrays = load<u32>(layer, layerArrays) as usize;
  const arrayCount = load<u32>(layer, layerArrayCount);
  for (let index: u32 = 0; index < arrayCount; index++) {
    const array = arrays + index * arrayRecordSize;
    const initial = load<u32>(array, arrayInitial) as usize;
    if (initial != 0) memory.copy(scratch + load<u32>(array, arrayBase), initial, bytes);
  }
}

/** Puts a spike on the layer's list, and counts it. */
// @ts-ignore: decorator
@inline
function recordSpike(
  layer: usize,
  scratch: usize,
  t: i32,
  track: bool,
  counts: usize,
  position: u32,
  channel: u32,
  spike: usize,
): void {
  const neuron = position * load<u32>(layer, layerChannels) + channel;
  store<u32>(spike, neuron);
  if (track) noteSpike(layer, scratch, t, position, channel, neuron);
  if (counts != 0) {
    const count = counts + ((load<u32>(load<u32>(layer, layerCountBase) + (position << 2)) + channel) << 1);
    store<u16>(count, load<u16>(count) + 1);
  }
}

// @ts-ignore: decorator
@inline
function grow(theta: usize, growth: f32): void {
  store<f32>(theta, load<f32>(theta) + growth);
}

/** Adds to a threshold that decays exactly: its carry keeps the part that rounding takes. */
// @ts-ignore: decorator
@inline
function growExactly(theta: usize, carry: usize, growth: f32): void {
  const before = load<f32>(theta);
  const change = load<f32>(carry) + growth;
  const sum = before + change;
  store<f32>(theta, sum);
  store<f32>(carry, change - (sum - before));
}

/** Keeps the step of a spike, and the channel among its position's active ones. */
export function noteSpike(
  layer: usize,
  scratch: usize,
  t: i32,
  position: u32,
  channel: u32,
  neuron: u32,
): void {
  const last = scratch + load<u32>(layer, layerLastSpike) + (neuron << 2);
  if (load<i32>(last) < 0) {
    const count = scratch + load<u32>(layer, layerActiveCount) + (position << 2);
    const n = load<u32>(count);
    const active = scratch + load<u32>(layer, layerActive);
    store<u32>(active + ((position * load<u32>(layer, layerChannels) + n) << 2), channel);
    store<u32>(count, n + 1);
  }
  store<i32>(last, t);
}
