import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox4x32 } from './philox.js';
import { RandomStream } from './stream.js';

/** Known answers published with Random123 (kat_vectors, philox4x32 with 10 rounds). */
const knownAnswers = [
  {
    counter: [0, 0, 0, 0],
    key: [0, 0],
    words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

describe('philox4x32', () => {
  it.each(knownAnswers)('gives the published words for counter $counter', ({ counter, key, words }) => {
    const out = new Uint32Array(4);
    const [c0, c1, c2, c3] = counter;
    philox4x32(c0, c1, c2, c3, key[0], key[1], out);
    expect([...out]).toEqual(words);
  });
});

describe('RandomStream', () => {
  it('is a function of seed, purpose, item and element, and of nothing else', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(1000), fc.nat(1000), (seed, item, element) => {
        const draw = (s: number, i: number, e: number) => {
          const stream = new RandomStream(s, 'user', i, e);
          return Array.from({ length: 9 }, () => stream.nextUint32());
        };
        expect(draw(seed, item, element)).toEqual(draw(seed, item, element));
        expect(draw(seed, item, element)).not.toEqual(draw(seed, item + 1, element));
        expect(draw(seed, item, element)).not.toEqual(draw(seed, item, element + 1));
        expect(draw(seed, item, element)).not.toEqual(draw(seed + 1, item, element));
      }),
    );
  });

  it('separates seeds that differ only above 32 bits', () => {
    const low = new RandomStream(5, 'user');
    const high = new RandomStream(5 + 2 ** 32, 'user');
    expect(low.nextUint32()).not.toBe(high.nextUint32());
  });

  it('draws whole numbers evenly: each of 7 values within 5 standard deviations', () => {
    const stream = new RandomStream(1, 'user');
    const counts = new Array<number>(7).fill(0);
    const n = 70_000;
    for (let i = 0; i < n; i++) counts[stream.nextBelow(7)]++;
    for (const count of counts)
      expect(Math.abs(count - n / 7)).toBeLessThan(5 * Math.sqrt((n / 7) * (6 / 7)));
  });

  it('shuffles without losing a value', () => {
    const values = new RandomStream(3, 'user').shuffle(Uint8Array.from({ length: 100 }, (_, i) => i));
    expect([...values]).not.toEqual([...values].sort((a, b) => a - b));
    expect(new Set(values).size).toBe(100);
  });

  it('refuses a seed that is no whole number', () => {
    expect(() => new RandomStream(0.5, 'user')).toThrow(/seed.*got 0.5/);
    expect(() => new RandomStream(-1, 'user')).toThrow(/seed.*got -1/);
  });
});
