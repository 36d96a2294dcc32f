/** The iterations of non-negative matrix factorisation, one position after the other, over its inputs that are not zero. */
import {
  argInput,
  argOutput,
  argWeights,
  inferBlock,
  inferBlocks,
  inferInputs,
  inferNeurons,
  inferPadded,
  inferPositions,
  nnmfEpsilon,
  nnmfIterations,
} from './layout';
import { sumEach, sumLanes } from './vector';

/**
 * Piece: a block of positions of one image.
 * Scratch: per position a list of (address of the weight row, value), then the counts, then h of the block, then u.
 */
export function nnmf(job: usize, piece: u32, scratch: usize): void {
  const inputs = load<u32>(job, inferInputs);
  const neurons = load<u32>(job, inferNeurons);
  const padded = load<u32>(job, inferPadded);
  const positions = load<u32>(job, inferPositions);
  const blocks = load<u32>(job, inferBlocks);
  const image = piece / blocks;
  const first = (piece % blocks) * inferBlock;
  const count = min<u32>(inferBlock, positions - first);
  const weights = load<u32>(job, argWeights) as usize;
  const rowBytes = (padded as usize) << 2;
  const listBytes = ((inputs + 4) as usize) << 3;
  const counts = scratch + listBytes * inferBlock;
  const hBlock = counts + (inferBlock << 2);
  const u = hBlock + rowBytes * inferBlock;

  let x = (load<u32>(job, argInput) as usize) + ((image * inputs * positions + first) << 2);
  memory.fill(counts, 0, inferBlock << 2);
  for (let s: u32 = 0; s < inputs; s++) {
    const row = (weights + (s as usize) * rowBytes) as u32;
    for (let p: u32 = 0; p < count; p++) {
      const value = load<f32>(x + (p << 2));
      if (value != 0) {
        const used = load<u32>(counts + (p << 2));
        const entry = scratch + (p as usize) * listBytes + (used << 2);
        store<u32>(entry, row);
        store<f32>(entry + (listBytes >> 1), value);
        store<u32>(counts + (p << 2), used + 1);
      }
    }
    x += positions << 2;
  }

  const iterations = load<u32>(job, nnmfIterations);
  const epsilon = load<f32>(job, nnmfEpsilon);
  for (let p: u32 = 0; p < count; p++) {
    const list = scratch + (p as usize) * listBytes;
    let used = load<u32>(counts + (p << 2));
    while (used & 3) {
      store<u32>(list + (used << 2), weights as u32);
      store<f32>(list + (listBytes >> 1) + (used << 2), 0);
      used++;
    }
    iterate(
      list,
      list + (listBytes >> 1),
      used,
      hBlock + (p as usize) * rowBytes,
      u,
      neurons,
      rowBytes,
      iterations,
      epsilon,
    );
  }

  let out = (load<u32>(job, argOutput) as usize) + ((image * neurons * positions + first) << 2);
  for (let i: u32 = 0; i < neurons; i++) {
    for (let p: u32 = 0; p < count; p++) {
      store<f32>(out + (p << 2), load<f32>(hBlock + (p as usize) * rowBytes + (i << 2)));
    }
    out += positions << 2;
  }
}

function iterate(
  rows: usize,
  values: usize,
  used: u32,
  h: usize,
  u: usize,
  neurons: u32,
  rowBytes: usize,
  iterations: u32,
  epsilon: f32,
): void {
  const uniform: f32 = 1 / (neurons as f32);
  const end = h + rowBytes;
  for (let i: usize = 0; i < rowBytes; i += 4) store<f32>(h + i, i < (neurons as usize) << 2 ? uniform : 0);
  const usedBytes = (used as usize) << 2;
  for (let iteration: u32 = 0; iteration < iterations; iteration++) {
    memory.fill(u, 0, rowBytes);
    for (let at: usize = 0; at < usedBytes; at += 16) {
      let p0 = load<u32>(rows + at) as usize;
      let p1 = load<u32>(rows + at, 4) as usize;
      let p2 = load<u32>(rows + at, 8) as usize;
      let p3 = load<u32>(rows + at, 12) as usize;
      let r0 = f32x4.splat(0);
      let r1 = r0;
      let r2 = r0;
      let r3 = r0;
      let i: usize = 0;
      for (; i + 64 <= rowBytes; i += 64) {
        let value = v128.load(h + i);
        r0 = f32x4.add(r0, f32x4.mul(value, v128.load(p0 + i)));
        r1 = f32x4.add(r1, f32x4.mul(value, v128.load(p1 + i)));
        r2 = f32x4.add(r2, f32x4.mul(value, v128.load(p2 + i)));
        r3 = f32x4.add(r3, f32x4.mul(value, v128.load(p3 + i)));
        value = v128.load(h + i, 16);
        r0 = f32x4.add(r0, f32x4.mul(value, v128.load(p0 + i, 16)));
        r1 = f32x4.add(r1, f32x4.mul(value, v128.load(p1 + i, 16)));
        r2 = f32x4.add(r2, f32x4.mul(value, v128.load(p2 + i, 16)));
        r3 = f32x4.add(r3, f32x4.mul(value, v128.load(p3 + i, 16)));
        value = v128.load(h + i, 32);
        r0 = f32x4.add(r0, f32x4.mul(value, v128.load(p0 + i, 32)));
        r1 = f32x4.add(r1, f32x4.mul(value, v128.load(p1 + i, 32)));
        r2 = f32x4.add(r2, f32x4.mul(value, v128.load(p2 + i, 32)));
        r3 = f32x4.add(r3, f32x4.mul(value, v128.load(p3 + i, 32)));
        value = v128.load(h + i, 48);
        r0 = f32x4.add(r0, f32x4.mul(value, v128.load(p0 + i, 48)));
        r1 = f32x4.add(r1, f32x4.mul(value, v128.load(p1 + i, 48)));
        r2 = f32x4.add(r2, f32x4.mul(value, v128.load(p2 + i, 48)));
        r3 = f32x4.add(r3, f32x4.mul(value, v128.load(p3 + i, 48)));
      }
      for (; i < rowBytes; i += 16) {
        const value = v128.load(h + i);
        r0 = f32x4.add(r0, f32x4.mul(value, v128.load(p0 + i)));
        r1 = f32x4.add(r1, f32x4.mul(value, v128.load(p1 + i)));
        r2 = f32x4.add(r2, f32x4.mul(value, v128.load(p2 + i)));
        r3 = f32x4.add(r3, f32x4.mul(value, v128.load(p3 + i)));
      }
      const r = f32x4.add(sumEach(r0, r1, r2, r3), f32x4.splat(1e-20));
      const q = f32x4.div(v128.load(values + at), r);
      const q0 = i32x4.shuffle(q, q, 0, 0, 0, 0);
      const q1 = i32x4.shuffle(q, q, 1, 1, 1, 1);
      const q2 = i32x4.shuffle(q, q, 2, 2, 2, 2);
      const q3 = i32x4.shuffle(q, q, 3, 3, 3, 3);
      let left = q0;
      let right = q0;
      i = 0;
      for (; i + 64 <= rowBytes; i += 64) {
        left = f32x4.add(f32x4.mul(q0, v128.load(p0 + i)), f32x4.mul(q1, v128.load(p1 + i)));
        right = f32x4.add(f32x4.mul(q2, v128.load(p2 + i)), f32x4.mul(q3, v128.load(p3 + i)));
        v128.store(u + i, f32x4.add(v128.load(u + i), f32x4.add(left, right)));
        left = f32x4.add(f32x4.mul(q0, v128.load(p0 + i, 16)), f32x4.mul(q1, v128.load(p1 + i, 16)));
        right = f32x4.add(f32x4.mul(q2, v128.load(p2 + i, 16)), f32x4.mul(q3, v128.load(p3 + i, 16)));
        v128.store(u + i, f32x4.add(v128.load(u + i, 16), f32x4.add(left, right)), 16);
        left = f32x4.add(f32x4.mul(q0, v128.load(p0 + i, 32)), f32x4.mul(q1, v128.load(p1 + i, 32)));
        right = f32x4.add(f32x4.mul(q2, v128.load(p2 + i, 32)), f32x4.mul(q3, v128.load(p3 + i, 32)));
        v128.store(u + i, f32x4.add(v128.load(u + i, 32), f32x4.add(left, right)), 32);
        left = f32x4.add(f32x4.mul(q0, v128.load(p0 + i, 48)), f32x4.mul(q1, v128.load(p1 + i, 48)));
        right = f32x4.add(f32x4.mul(q2, v128.load(p2 + i, 48)), f32x4.mul(q3, v128.load(p3 + i, 48)));
        v128.store(u + i, f32x4.add(v128.load(u + i, 48), f32x4.add(left, right)), 48);
      }
      for (; i < rowBytes; i += 16) {
        left = f32x4.add(f32x4.mul(q0, v128.load(p0 + i)), f32x4.mul(q1, v128.load(p1 + i)));
        right = f32x4.add(f32x4.mul(q2, v128.load(p2 + i)), f32x4.mul(q3, v128.load(p3 + i)));
        v128.store(u + i, f32x4.add(v128.load(u + i), f32x4.add(left, right)));
      }
    }
    let sum = f32x4.splat(0);
    const plain = isNaN(epsilon);
    for (let at = h; at < end; at += 16) {
      const factor = v128.load(u + (at - h));
      const updated = f32x4.mul(
        v128.load(at),
        plain ? factor : f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(epsilon), factor)),
      );
      sum = f32x4.add(sum, updated);
      v128.store(at, updated);
    }
    const norm = f32x4.add(sumLanes(sum), f32x4.splat(1e-19));
    for (let at = h; at < end; at += 16) v128.store(at, f32x4.div(v128.load(at), norm));
  }
}
