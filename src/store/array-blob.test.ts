import { crc32, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeArray,
  describeArray,
  encodeArray,
  maxBlobHeaderLength,
  type StoredArray,
} from './array-blob.js';
import type { ArrayData } from '../formats/element-types.js';

const place = 'network "n", array "w_xy"';

const arrayTypes = [
  Float32Array,
  Float64Array,
  Int32Array,
  Uint32Array,
  Uint16Array,
  Uint8Array,
  Int8Array,
] as const;

/** Arrays of every type with any bit pattern (NaN payloads included), in shapes of up to four dimensions. */
const anyArray: fc.Arbitrary<StoredArray> = fc
  .tuple(fc.constantFrom(...arrayTypes), fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }))
  .chain(([arrayType, shape]) => {
    const byteLength = shape.reduce((product, length) => product * length, arrayType.BYTES_PER_ELEMENT);
    return fc
      .uint8Array({ minLength: byteLength, maxLength: byteLength })
      .map((bytes) => ({ shape, data: new arrayType(Uint8Array.from(bytes).buffer) }));
  });

function bits(data: ArrayData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

describe('array blobs', () => {
  it('give back every bit of every element type and shape', () => {
    fc.assert(
      fc.property(anyArray, fc.integer({ min: 1, max: 9 }), (array, level) => {
        const decoded = decodeArray(encodeArray(array, place, level), place);
        expect(decoded.shape).toEqual(array.shape);
        expect(decoded.data.constructor).toBe(array.data.constructor);
        expect(bits(decoded.data)).toEqual(bits(array.data));
      }),
    );
  });

  it('give back a large array, smaller than it was where exponents repeat', () => {
    const data = Float32Array.from({ length: 1_296_000 }, (_, i) => ((i * 2_654_435_761) >>> 8) / 2 ** 24);
    const blob = encodeArray({ shape: [9000, 144], data }, place);
    expect(blob.length).toBeLessThan(0.85 * data.byteLength);
    expect(Buffer.compare(bits(decodeArray(blob, place).data), bits(data))).toBe(0);
  });

  it('take shared memory, and views into larger memory at any offset', () => {
    const shared = new Float32Array(new SharedArrayBuffer(32), 4, 5);
    shared.set([1, 2, 3, 4, 5]);
    expect([...decodeArray(encodeArray({ shape: [5], data: shared }, place), place).data]).toEqual([
      1, 2, 3, 4, 5,
    ]);
    const nodeBuffer = Buffer.from([7, 8, 9]).subarray(1);
    expect(decodeArray(encodeArray({ shape: [2], data: nodeBuffer }, place), place).data).toEqual(
      new Uint8Array([8, 9]),
    );
    // A blob as it may lie in memory, not aligned.
    const blob = encodeArray({ shape: [2], data: new Float64Array([1, 2]) }, place);
    const offset = new Uint8Array(blob.length + 3);
    offset.set(blob, 3);
    expect([...decodeArray(offset.subarray(3), place).data]).toEqual([1, 2]);
  });

  it('have the documented layout', () => {
    const blob = encodeArray({ shape: [2, 1], data: new Uint16Array([0x0102, 0x0304]) }, place);
    expect(Buffer.from(blob.subarray(0, 4)).toString('latin1')).toBe('LCAR');
    expect([...blob.subarray(4, 8)]).toEqual([1, 4, 1, 2]);
    const view = new DataView(blob.buffer);
    expect(view.getUint32(8, true)).toBe(crc32(Buffer.concat([blob.subarray(0, 8), blob.subarray(12)])));
    expect([view.getUint32(12, true), view.getUint32(16, true)]).toEqual([2, 1]);
    // Low bytes of both elements, then high bytes.
    expect([...inflateSync(blob.subarray(20))]).toEqual([2, 4, 1, 3]);
  });

  it('describe themselves by their beginning', () => {
    fc.assert(
      fc.property(anyArray, (array) => {
        const { dtype, shape } = describeArray(
          encodeArray(array, place).subarray(0, maxBlobHeaderLength),
          place,
        );
        expect(shape).toEqual(array.shape);
        expect(`${dtype}array`).toBe(array.data.constructor.name.toLowerCase());
      }),
    );
  });

  it('notice every single changed byte, whatever it is changed to', () => {
    const blob = encodeArray({ shape: [3, 2], data: Float32Array.of(0, 1, 2, 3, NaN, 5) }, place);
    const codes = new Set<unknown>();
    for (let i = 0; i < blob.length; i += 1) {
      for (let change = 1; change < 256; change += 1) {
        const damaged = Uint8Array.from(blob);
        damaged[i] ^= change;
        codes.add(codeOfDecoding(damaged));
      }
    }
    expect([...codes]).toEqual(['STORE_CORRUPT']);
  });

  it('notice being cut off or lengthened anywhere', () => {
    const blob = encodeArray({ shape: [100], data: Float64Array.from({ length: 100 }, Math.sqrt) }, place);
    const codes = new Set([codeOfDecoding(Uint8Array.of(...blob, 0))]);
    for (let length = 0; length < blob.length; length += 1)
      codes.add(codeOfDecoding(blob.subarray(0, length)));
    expect([...codes]).toEqual(['STORE_CORRUPT']);
  });

  it('notice any damage to a blob of any array', () => {
    fc.assert(
      fc.property(
        anyArray,
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        (array, position, bytes) => {
          const blob = encodeArray(array, place);
          const damaged = Uint8Array.from(blob);
          damaged.set(
            bytes.subarray(0, blob.length),
            Math.min(position % blob.length, blob.length - bytes.length),
          );
          fc.pre(damaged.some((byte, i) => byte !== blob[i]));
          expect(codeOfDecoding(damaged)).toBe('STORE_CORRUPT');
        },
      ),
    );
  });

  it('say what failed, and where', () => {
    const blob = encodeArray({ shape: [4], data: new Float32Array(4) }, place);
    const withByte = (i: number, byte: number) => Uint8Array.from(blob, (old, j) => (i === j ? byte : old));
    expect(() => decodeArray(withByte(0, 0), place)).toThrow(
      'network "n", array "w_xy": expected the beginning "LCAR", got 0x0 0x43 0x41 0x52',
    );
    expect(() => decodeArray(withByte(4, 2), place)).toThrow('expected format version 1, got 2');
    expect(() => decodeArray(withByte(5, 99), place)).toThrow('expected a known element type, got 99');
    expect(() => decodeArray(withByte(blob.length - 1, blob[blob.length - 1] ^ 1), place)).toThrow(
      /array "w_xy": expected checksum 0x[0-9a-f]+, got 0x/,
    );
    expect(() => decodeArray(blob.subarray(0, 5), place)).toThrow('expected at least 12 bytes, got 5');
  });

  it('do not trust a shape that a right checksum vouches for', () => {
    for (const length of [3, 5, 2 ** 32 - 1]) {
      const blob = encodeArray({ shape: [4], data: new Float32Array(4) }, place);
      const view = new DataView(blob.buffer);
      view.setUint32(12, length, true);
      view.setUint32(8, crc32(blob.subarray(12), crc32(blob.subarray(0, 8))), true);
      expect(codeOfDecoding(blob)).toBe('STORE_CORRUPT');
    }
  });

  it.each([
    [{ shape: [3], data: new Float32Array(2) }, 'array "w_xy": expected a shape of 2 elements, got [3]'],
    [{ shape: [-1, -2], data: new Float32Array(2) }, 'a shape of 2 elements, got [-1,-2]'],
    [{ shape: [0.5, 4], data: new Float32Array(2) }, 'a shape of 2 elements'],
    [{ shape: new Array(17).fill(1), data: new Float32Array(1) }, 'a shape of 1 elements'],
    [{ shape: [1], data: new BigInt64Array(1) }, 'expected elements of type float32, float64'],
    [{ shape: [1], data: [1] }, 'expected elements of type float32, float64'],
  ])('refuse what they cannot hold: %#', (array, message) => {
    expect(() => encodeArray(array as unknown as StoredArray, place)).toThrow(message);
  });
});

/** What became of a damaged blob: the code of the error, or undefined if nobody noticed. */
function codeOfDecoding(blob: Uint8Array): unknown {
  try {
    decodeArray(blob, place);
  } catch (error) {
    return (error as { code: unknown }).code;
  }
  return undefined;
}
