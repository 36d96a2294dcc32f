/** What WebAssembly's SIMD can do at most on one thread of this machine: independent multiplications and additions in registers. */
import asc from 'assemblyscript/asc';

const chains = 12;
const rounds = 2_000_000;

const each = (write: (chain: number) => string) =>
  Array.from({ length: chains }, (_, i) => write(i)).join('\n');

/** Twelve chains hide the latency of both instructions and still fit into sixteen registers. */
const source = `
export function spin(rounds: i32): f32 {
  const factor = f32x4.splat(0.999);
  const term = f32x4.splat(0.001);
  ${each((i) => `let a${i} = f32x4.splat(${i});`)}
  for (let round = 0; round < rounds; round++) {
    ${each((i) => `a${i} = f32x4.add(f32x4.mul(a${i}, factor), term);`)}
  }
  let sum = f32x4.splat(0);
  ${each((i) => `sum = f32x4.add(sum, a${i});`)}
  return f32x4.extract_lane(sum, 0);
}`;

/** GFLOP/s: the best of several tries. */
export async function measureSimdPeak(): Promise<number> {
  const { error, binary } = await asc.compileString(source, {
    optimizeLevel: 3,
    enable: ['simd'],
    runtime: 'stub',
  });
  if (error || !binary) throw new Error('simd-peak does not compile', { cause: error });
  const { instance } = await WebAssembly.instantiate(new Uint8Array(binary));
  const { spin } = instance.exports as { spin: (rounds: number) => number };
  let best = 0;
  for (let i = 0; i < 8; i++) {
    const begin = performance.now();
    spin(rounds);
    best = Math.max(best, (rounds * chains * 4 * 2) / (performance.now() - begin) / 1e6);
  }
  return best;
}
