/** The h-dynamics of Spike-by-Spike inference: h grows by the share of every spike's input that each neuron explains. */
import {
  argOutput,
  argWeights,
  inferBlock,
  inferBlocks,
  inferInputs,
  inferNeurons,
  inferPadded,
  inferPositions,
  sbsEpsilonT,
  sbsEpsilonXY,
  sbsInitial,
  sbsSpikeCount,
  sbsSpikes,
} from './layout';
import { drawPosition } from './spikes';
import { sumLanes } from './vector';

/** Beyond this the running scale is taken out of h, long before it leaves float32. */
const largestScale: f32 = 1e10;

/**
 * Piece: a block of positions of one image. Scratch: the spikes of a position, h of the block, h · W, then the scratch of
 * `drawPosition`.
 */
export function infer(job: usize, piece: u32, scratch: usize): void {
  const positions = load<u32>(job, inferPositions);
  const neurons = load<u32>(job, inferNeurons);
  const blocks = load<u32>(job, inferBlocks);
  const spikeCount = load<u32>(job, sbsSpikeCount);
  const rowBytes = (load<u32>(job, inferPadded) as usize) << 2;
  const weights = load<u32>(job, argWeights) as usize;
  const given = load<u32>(job, sbsSpikes) as usize;
  const epsilonXY = load<u32>(job, sbsEpsilonXY) as usize;
  const epsilonT = load<u32>(job, sbsEpsilonT) as usize;
  const image = piece / blocks;
  const first = (piece % blocks) * inferBlock;
  const count = min<u32>(inferBlock, positions - first);
  const spikes = scratch;
  const hBlock = spikes + ((spikeCount + 4) << 2);
  const product = hBlock + rowBytes * inferBlock;
  const rest = product + rowBytes;
  for (let p: u32 = 0; p < count; p++) {
    const position = first + p;
    if (given) {
      let from = given + ((image * spikeCount * positions + position) << 2);
      for (let t: u32 = 0; t < spikeCount; t++) {
        store<i32>(spikes + (t << 2), load<i32>(from));
        from += positions << 2;
      }
    } else drawPosition(job, image, position, spikes, rest);
    const h = hBlock + (p as usize) * rowBytes;
    memory.copy(h, load<u32>(job, sbsInitial) as usize, rowBytes);
    const epsilon = load<f32>(epsilonXY + (position << 2));
    if (rowBytes == 128) follow32(spikes, spikeCount, weights, epsilon, epsilonT, h);
    else follow(spikes, spikeCount, weights, epsilon, epsilonT, h, product, rowBytes);
  }
  let out = (load<u32>(job, argOutput) as usize) + ((image * neurons * positions + first) << 2);
  for (let i: u32 = 0; i < neurons; i++) {
    for (let p: u32 = 0; p < count; p++) {
      store<f32>(out + (p << 2), load<f32>(hBlock + (p as usize) * rowBytes + (i << 2)));
    }
    out += positions << 2;
  }
}

function follow(
  spikes: usize,
  spikeCount: u32,
  weights: usize,
  epsilonXY: f32,
  epsilonT: usize,
  h: usize,
  product: usize,
  rowBytes: usize,
): void {
  let scale: f32 = 1;
  for (let t: u32 = 0; t < spikeCount; t++) {
    const s = load<i32>(spikes + (t << 2));
    if (s < 0) continue;
    const row = weights + (s as usize) * rowBytes;
    let sums = f32x4.splat(0);
    for (let i: usize = 0; i < rowBytes; i += 16) {
      const value = f32x4.mul(v128.load(h + i), v128.load(row + i));
      v128.store(product + i, value);
      sums = f32x4.add(sums, value);
    }
    const sum = f32x4.extract_lane(sumLanes(sums), 0);
    const epsilon = epsilonXY * load<f32>(epsilonT + (t << 2));
    const gain = (epsilon * scale) / sum;
    if (!(abs<f32>(gain) < Infinity)) continue;
    const factor = f32x4.splat(gain);
    for (let i: usize = 0; i < rowBytes; i += 16) {
      v128.store(h + i, f32x4.add(v128.load(h + i), f32x4.mul(v128.load(product + i), factor)));
    }
    scale *= 1 + epsilon;
    if (scale > largestScale) {
      divide(h, rowBytes, scale);
      scale = 1;
    }
  }
  divide(h, rowBytes, scale);
}

/** The same for 32 neurons, with h in registers. */
function follow32(
  spikes: usize,
  spikeCount: u32,
  weights: usize,
  epsilonXY: f32,
  epsilonT: usize,
  h: usize,
): void {
  let scale: f32 = 1;
  let h0 = v128.load(h);
  let h1 = v128.load(h, 16);
  let h2 = v128.load(h, 32);
  let h3 = v128.load(h, 48);
  let h4 = v128.load(h, 64);
  let h5 = v128.load(h, 80);
  let h6 = v128.load(h, 96);
  let h7 = v128.load(h, 112);
  for (let t: u32 = 0; t < spikeCount; t++) {
    const s = load<i32>(spikes + (t << 2));
    if (s < 0) continue;
    const row = weights + ((s as usize) << 7);
    const p0 = f32x4.mul(h0, v128.load(row));
    const p1 = f32x4.mul(h1, v128.load(row, 16));
    const p2 = f32x4.mul(h2, v128.load(row, 32));
    const p3 = f32x4.mul(h3, v128.load(row, 48));
    const p4 = f32x4.mul(h4, v128.load(row, 64));
    const p5 = f32x4.mul(h5, v128.load(row, 80));
    const p6 = f32x4.mul(h6, v128.load(row, 96));
    const p7 = f32x4.mul(h7, v128.load(row, 112));
    const left = f32x4.add(f32x4.add(p0, p1), f32x4.add(p2, p3));
    const right = f32x4.add(f32x4.add(p4, p5), f32x4.add(p6, p7));
    const sum = f32x4.extract_lane(sumLanes(f32x4.add(left, right)), 0);
    const epsilon = epsilonXY * load<f32>(epsilonT + (t << 2));
    const gain = (epsilon * scale) / sum;
    if (!(abs<f32>(gain) < Infinity)) continue;
    const factor = f32x4.splat(gain);
    h0 = f32x4.add(h0, f32x4.mul(p0, factor));
    h1 = f32x4.add(h1, f32x4.mul(p1, factor));
    h2 = f32x4.add(h2, f32x4.mul(p2, factor));
    h3 = f32x4.add(h3, f32x4.mul(p3, factor));
    h4 = f32x4.add(h4, f32x4.mul(p4, factor));
    h5 = f32x4.add(h5, f32x4.mul(p5, factor));
    h6 = f32x4.add(h6, f32x4.mul(p6, factor));
    h7 = f32x4.add(h7, f32x4.mul(p7, factor));
    scale *= 1 + epsilon;
    if (scale > largestScale) {
      const inverse = f32x4.splat(1 / scale);
      h0 = f32x4.mul(h0, inverse);
      h1 = f32x4.mul(h1, inverse);
      h2 = f32x4.mul(h2, inverse);
      h3 = f32x4.mul(h3, inverse);
      h4 = f32x4.mul(h4, inverse);
      h5 = f32x4.mul(h5, inverse);
      h6 = f32x4.mul(h6, inverse);
      h7 = f32x4.mul(h7, inverse);
      scale = 1;
    }
  }
  v128.store(h, h0);
  v128.store(h, h1, 16);
  v128.store(h, h2, 32);
  v128.store(h, h3, 48);
  v128.store(h, h4, 64);
  v128.store(h, h5, 80);
  v128.store(h, h6, 96);
  v128.store(h, h7, 112);
  divide(h, 128, scale);
}

// @ts-ignore: decorator
@inline
function divide(h: usize, rowBytes: usize, scale: f32): void {
  const inverse = f32x4.splat(1 / scale);
  for (let i: usize = 0; i < rowBytes; i += 16) v128.store(h + i, f32x4.mul(v128.load(h + i), inverse));
}
