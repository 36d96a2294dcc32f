/** Drawing spikes: which input spikes is found by comparing 24 random bits with the cumulative input, as whole numbers. */
import { philox4x32 } from '../../../core/engine/wasm/assembly/philox';
import {
  argInput,
  guideSize,
  inferBlock,
  inferBlocks,
  inferInputs,
  inferPositions,
  sbsElement,
  sbsItem,
  sbsPurpose,
  sbsSeedHigh,
  sbsSeedLow,
  sbsSpikeCount,
  sbsSpikes,
} from './layout';

/** Piece: a block of positions of one image. Scratch: the spikes of one position, then the scratch of `drawPosition`. */
export function draw(job: usize, piece: u32, scratch: usize): void {
  const positions = load<u32>(job, inferPositions);
  const blocks = load<u32>(job, inferBlocks);
  const spikeCount = load<u32>(job, sbsSpikeCount);
  const image = piece / blocks;
  const first = (piece % blocks) * inferBlock;
  const last = min<u32>(positions, first + inferBlock);
  for (let position = first; position < last; position++) {
    drawPosition(job, image, position, scratch, scratch + ((spikeCount + 4) << 2));
    let at = (load<u32>(job, sbsSpikes) as usize) + ((image * spikeCount * positions + position) << 2);
    for (let t: u32 = 0; t < spikeCount; t++) {
      store<i32>(at, load<i32>(scratch + (t << 2)));
      at += positions << 2;
    }
  }
}

/**
 * Writes the inputs that spike at a position to `out`, rounded up to whole blocks of four; −1 where the input is zero.
 * Scratch: thresholds uint32 [input], guide uint32 [guideSize], one random block.
 */
export function drawPosition(job: usize, image: u32, position: u32, out: usize, scratch: usize): void {
  const inputs = load<u32>(job, inferInputs);
  const positions = load<u32>(job, inferPositions);
  const spikeCount = load<u32>(job, sbsSpikeCount);
  const thresholds = scratch;
  const guide = thresholds + (inputs << 2);
  const x = (load<u32>(job, argInput) as usize) + ((image * inputs * positions + position) << 2);

  let total: f64 = 0;
  for (let s: u32 = 0; s < inputs; s++) total += load<f32>(x + ((s * positions) << 2)) as f64;
  if (!(total > 0)) {
    for (let t: u32 = 0; t < spikeCount; t++) store<i32>(out + (t << 2), -1);
    return;
  }
  let sum: f64 = 0;
  for (let s: u32 = 0; s < inputs; s++) {
    sum += load<f32>(x + ((s * positions) << 2)) as f64;
    store<u32>(thresholds + (s << 2), Math.floor((sum / total) * 16777216) as u32);
  }
  let index: u32 = 0;
  for (let bucket: u32 = 0; bucket < (guideSize as u32); bucket++) {
    while (load<u32>(thresholds + (index << 2)) <= bucket << 16) index++;
    store<u32>(guide + (bucket << 2), index);
  }
  const item = load<u32>(job, sbsItem) + image;
  const element = load<u32>(job, sbsElement) + position;
  const purpose = load<u32>(job, sbsPurpose);
  const low = load<u32>(job, sbsSeedLow);
  const high = load<u32>(job, sbsSeedHigh);
  for (let t: u32 = 0; t < spikeCount; t += 4) {
    philox4x32(t >> 2, element, item, purpose, low, high, out + (t << 2));
    for (let lane: u32 = 0; lane < 4; lane++) {
      const at = out + ((t + lane) << 2);
      const bits = load<u32>(at) >> 8;
      let s = load<u32>(guide + ((bits >> 16) << 2));
      while (load<u32>(thresholds + (s << 2)) <= bits) s++;
      store<u32>(at, s);
    }
  }
}
