/** The allocator of the engines' memory: zeroed, aligned, never twice; it grows, and says when it cannot. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WasmMemory } from './wasm-memory.js';

describe('WasmMemory', () => {
  afterEach(() => vi.restoreAllMocks());

  it('gives zeroed, aligned memory that no other piece overlaps, however often it grows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 20 }), (sizes) => {
        const memory = new WasmMemory();
        const pieces = sizes.map((bytes, i) => {
          const address = memory.allocate(bytes);
          expect(address % 64).toBe(0);
          expect(address).toBeGreaterThan(0);
          expect(memory.uint8(address, bytes).every((byte) => byte === 0)).toBe(true);
          memory.uint8(address, bytes).fill(i + 1);
          return { address, bytes };
        });
        pieces.forEach(({ address, bytes }, i) => {
          expect(memory.uint8(address, bytes).every((byte) => byte === i + 1)).toBe(true);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('places copies of arrays, parts of larger ones too, and reads them as what they are', () => {
    const memory = new WasmMemory();
    const floats = Float32Array.of(0, 1.5, -2, Number.NaN).subarray(1);
    const words = Uint32Array.of(1, 2 ** 32 - 1);
    const [atFloats, atWords] = [memory.place(floats), memory.place(words)];
    floats.fill(9);
    expect(memory.float32(atFloats, 3)).toEqual(Float32Array.of(1.5, -2, Number.NaN));
    expect(memory.uint32(atWords, 2)).toEqual(words);
    expect(memory.int32(atWords, 2)).toEqual(Int32Array.of(1, -1));
    expect(memory.uint16(memory.place(Uint16Array.of(7)), 1)).toEqual(Uint16Array.of(7));
    memory.record(atWords, 8).setUint32(4, 5, true);
    expect([...memory.uint32(atWords, 2)]).toEqual([1, 5]);
    expect(memory.memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('says what to do where the system has no room for one more', () => {
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(() => {
      throw new RangeError('WebAssembly.Memory(): could not allocate memory');
    });
    expect(() => new WasmMemory()).toThrow(
      expect.objectContaining({
        name: 'LocusError',
        code: 'ENGINE_UNAVAILABLE',
        message: expect.stringContaining('no room for the memory of one more network; dispose()'),
      }),
    );
  });

  it('names the end of its memory', () => {
    expect(() => new WasmMemory().allocate(5 * 2 ** 30)).toThrow(
      expect.objectContaining({
        code: 'ENGINE_UNAVAILABLE',
        message: expect.stringContaining('5.0 GB are needed; its memory ends at 4 GB'),
      }),
    );
  });
});
