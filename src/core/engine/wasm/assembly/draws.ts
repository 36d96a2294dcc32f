/** Random draws of defined neurons and of synapse models: the same numbers as src/core/random/draws.ts and normal.ts. */
import {
  drawIsNormal,
  drawKeyHigh,
  drawKeyLow,
  drawOffset,
  drawRecordSize,
  layerChoice,
  layerDrawCount,
  layerDraws,
  layerDrawsGiven,
  layerFirstBlock,
  layerSelectionKeyHigh,
  layerSelectionKeyLow,
  layerSelectionWords,
  layerSize,
  layerSpiked,
} from './layout';
import { philox4x32 } from './philox';

/** What is simulated by this thread: the purpose of the image's spikes, and its number. */
let imagePurpose: u32 = 0;
let imageItem: u32 = 0;

/** Names the image (or run) that is simulated next. */
export function beginImage(purpose: u32, item: u32): void {
  imagePurpose = purpose;
  imageItem = item;
}

/** Fills the arrays of draws of a layer for step `t`, unless they are given. */
export function fillDraws(layer: usize, scratch: usize, t: u32): void {
  if (load<u32>(layer, layerDrawsGiven) != 0) return;
  const count = load<u32>(layer, layerDrawCount);
  const nBlocks = load<u32>(layer, layerSize) >> 2;
  const firstBlock = load<u32>(layer, layerFirstBlock);
  for (let index: u32 = 0; index < count; index++) {
    const draw = (load<u32>(layer, layerDraws) + index * drawRecordSize) as usize;
    fillBlocks(draw, scratch + load<u32>(draw, drawOffset), t, firstBlock, nBlocks);
  }
}

/** Fills an array with the draws of the blocks of four from number `first` on. */
export function fillBlocks(draw: usize, out: usize, t: u32, first: u32, nBlocks: u32): void {
  const keyLow = load<u32>(draw, drawKeyLow);
  const keyHigh = load<u32>(draw, drawKeyHigh);
  const isNormal = load<u32>(draw, drawIsNormal) != 0;
  for (let block: u32 = 0; block < nBlocks; block++, out += 16) {
    philox4x32(t, first + block, imageItem, imagePurpose, keyLow, keyHigh, out);
    if (isNormal) {
      for (let at: usize = 0; at < 16; at += 4) store<f32>(out + at, normalOfWord(load<u32>(out + at)));
    } else {
      const bits = i32x4.shr_u(v128.load(out), 8);
      v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(bits), f32x4.splat(1.0 / 16777216.0)));
    }
  }
}

/**
 * The neuron that spikes of `count` that may: the given one, or one that is drawn; −1: none. The others have not spiked, either, as the next
 * step sees it.
 */
export function chooseSpike(layer: usize, scratch: usize, t: u32, candidates: usize, count: u32): i32 {
  let chosen = load<i32>(layer, layerChoice);
  if (chosen == -2 && count != 0) {
    const keyLow = load<u32>(layer, layerSelectionKeyLow);
    const keyHigh = load<u32>(layer, layerSelectionKeyHigh);
    const words = scratch + load<u32>(layer, layerSelectionWords);
    philox4x32(t, 0, imageItem, imagePurpose, keyLow, keyHigh, words);
    const index = Math.floor(((load<u32>(words) as f64) / 4294967296.0) * (count as f64)) as u32;
    chosen = load<i32>(candidates + (index << 2));
  }
  const spiked = load<u32>(layer, layerSpiked);
  let found = -1;
  for (let at = candidates, end = candidates + (count << 2); at < end; at += 4) {
    const neuron = load<i32>(at);
    if (neuron == chosen) found = neuron;
    else if (spiked != 0) store<i32>(scratch + spiked + (neuron << 2), 0);
  }
  return found;
}

function normalOfWord(word: u32): f32 {
  const p = ((word as f64) + 0.5) / 4294967296.0;
  const q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const r = 0.180625 - q * q;
    const above = ((5.910937472e1 * r + 1.5929113202e2) * r + 5.0434271938e1) * r + 3.3871327179;
    const below = ((6.71875636e1 * r + 7.8757757664e1) * r + 1.7895169469e1) * r + 1;
    return ((q * above) / below) as f32;
  }
  const r = Math.sqrt(-(log((q < 0 ? p : 1 - p) as f32) as f64)) - 1.6;
  const above = ((1.7023821103e-1 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777;
  const below = (1.2021132975e-1 * r + 7.370016425e-1) * r + 1;
  const size = above / below;
  return (q < 0 ? -size : size) as f32;
}

/** `log` of src/core/definitions/float32.ts for 0 < x < 1 that is no subnormal number. */
function log(x: f32): f32 {
  const bits = reinterpret<i32>(x);
  let n = ((bits >> 23) - 126) as f32;
  let r = reinterpret<f32>((bits & 0x7fffff) | 0x3f000000);
  if (r < (0.7071067811865476 as f32)) {
    n -= 1;
    r = r + r - 1;
  } else {
    r -= 1;
  }
  const z = r * r;
  let sum: f32 = 7.0376836292e-2;
  sum = sum * r + (-1.151461031e-1 as f32);
  sum = sum * r + (1.167699874e-1 as f32);
  sum = sum * r + (-1.2420140846e-1 as f32);
  sum = sum * r + (1.4249322787e-1 as f32);
  sum = sum * r + (-1.6668057665e-1 as f32);
  sum = sum * r + (2.0000714765e-1 as f32);
  sum = sum * r + (-2.4999993993e-1 as f32);
  sum = sum * r + (3.3333331174e-1 as f32);
  let y = sum * r * z;
  y += n * (-2.1219444e-4 as f32);
  y -= 0.5 * z;
  return r + y + n * (0.693359375 as f32);
}
