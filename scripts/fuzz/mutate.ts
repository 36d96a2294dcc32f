/** Damages files at random, the same way for the same numbers. */

/** Random whole numbers below a bound. */
export type Below = (bound: number) => number;

/** Mulberry32 by Tommy Ettinger: 32 bits of state are enough for one damaged file. */
export function startRandom(...numbers: readonly number[]): Below {
  let state = numbers.reduce((sum, number) => Math.imul(sum ^ number, 0x9e3779b1) + 0x7f4a7c15, 1) >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  };
}

type Mutation = (bytes: Uint8Array, below: Below, seeds: readonly Uint8Array[]) => Uint8Array;

/** Lengths and counts at which readers stumble. */
const numbers = [
  0, 1, 2, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
];

const truncate: Mutation = (bytes, below) => bytes.slice(0, below(bytes.length));

const mutations: readonly Mutation[] = [
  truncate,
  (bytes, below) => {
    const flipped = bytes.slice();
    for (let i = below(8); i >= 0 && flipped.length > 0; i--) flipped[below(flipped.length)] ^= 1 << below(8);
    return flipped;
  },
  (bytes, below) => {
    const inserted = Uint8Array.from({ length: 1 + below(16) }, () => below(256));
    const at = below(bytes.length + 1);
    return concat(bytes.subarray(0, at), inserted, bytes.subarray(at));
  },
  (bytes, below) => {
    const from = below(bytes.length + 1);
    return concat(bytes.subarray(0, from), bytes.subarray(from + 1 + below(64)));
  },
  (bytes, below, seeds) => {
    const other = seeds[below(seeds.length)];
    return concat(bytes.subarray(0, below(bytes.length + 1)), other.subarray(below(other.length + 1)));
  },
  (bytes, below) => {
    const changed = bytes.slice();
    const size = [1, 2, 4][below(3)];
    if (changed.length < size) return changed;
    // Headers are short and stand at the beginning, so half of the changes go there.
    const end = below(2) === 0 ? Math.min(changed.length, 256) : changed.length;
    const at = below(Math.max(1, end - size + 1));
    const number = numbers[below(numbers.length)];
    const view = new DataView(changed.buffer);
    const isLittle = below(2) === 0;
    if (size === 1) view.setUint8(at, number & 0xff);
    else if (size === 2) view.setUint16(at, number & 0xffff, isLittle);
    else view.setUint32(at, number, isLittle);
    return changed;
  },
];

export interface DamagedFile {
  readonly bytes: Uint8Array;
  /** Whether it is the beginning of a whole file and nothing else. */
  readonly isCut: boolean;
}

/** One of the seeds, damaged once to three times; every eighth is only cut off. */
export function damage(seeds: readonly Uint8Array[], below: Below): DamagedFile {
  const seed = seeds[below(seeds.length)];
  if (below(8) === 0) return { bytes: truncate(seed, below, seeds), isCut: true };
  let bytes = seed;
  for (let i = below(3); i >= 0; i--) bytes = mutations[below(mutations.length)](bytes, below, seeds);
  return { bytes, isCut: false };
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
