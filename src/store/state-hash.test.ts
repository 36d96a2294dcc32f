import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { StoredArray } from './array-blob.js';
import { stateHash } from './state-hash.js';

const w = { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
const theta = { shape: [1], data: Float32Array.of(0.5) };

describe('stateHash', () => {
  it('is the SHA-224 of a line of JSON and the bytes of each array, in the order of names', () => {
    const expected = createHash('sha224')
      .update('["theta","float32",[1]]\n')
      .update(Buffer.from('0000003f', 'hex'))
      .update('["w","float32",[2,2]]\n')
      .update(Buffer.from('0000803f000000400000404000008040', 'hex'))
      .digest('hex');
    expect(stateHash({ w, theta })).toBe(expected);
    expect(stateHash({ theta, w })).toBe(expected);
  });

  it('is the same for shared memory and for views', () => {
    const shared = new Float32Array(new SharedArrayBuffer(24), 8, 4);
    shared.set(w.data);
    expect(stateHash({ w: { shape: [2, 2], data: shared } })).toBe(stateHash({ w }));
  });

  it('tells apart names, shapes, types and every bit', () => {
    const nan = (payload: number) => new Float32Array(Uint32Array.of(0x7fc00000 + payload).buffer);
    const states: Record<string, StoredArray>[] = [
      {},
      { w },
      { v: w },
      { w: { shape: [4], data: w.data } },
      { w: { shape: [2, 2], data: Float64Array.from(w.data) } },
      { w: { shape: [2, 2], data: new Uint32Array(w.data.buffer) } },
      { w: { shape: [1], data: Float32Array.of(0) } },
      { w: { shape: [1], data: Float32Array.of(-0) } },
      { w: { shape: [1], data: nan(0) } },
      { w: { shape: [1], data: nan(1) } },
      { w: { shape: [0], data: new Float32Array(0) } },
    ];
    expect(new Set(states.map((state) => stateHash(state))).size).toBe(states.length);
  });

  it('refuses a shape that does not fit', () => {
    expect(() => stateHash({ w: { shape: [3], data: w.data } })).toThrow(
      'array w: expected a shape of 4 elements, got [3]',
    );
  });
});
