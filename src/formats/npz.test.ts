/** `.npz` archives: bytes that NumPy wrote, stored and deflated, and refusal of every damaged one. */
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { LocusError } from '../errors.js';
import { writeNpy } from './npy.js';
import { readNpz } from './npz.js';

/** NumPy 2.4's `np.savez_compressed(file, a=np.int32([[1, 2], [3, 4]]), b=np.zeros(100))`. */
const compressed = Buffer.from(
  'UEsDBC0AAAAIAAAAIQB7yGF8//////////8FABQAYS5ucHkBABAAkAAAAAAAAABSAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxc' +
    'pG6loG6TaaKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CkaaOgq1CmQDLkYGBgYmIGYGYhYgBgBQSwMELQAA' +
    'AAgAAAAhAHx9nRr//////////wUAFABiLm5weQEAEACgAwAAAAAAAE4AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNm' +
    'oa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkahgYGOpo6CrUKZAMuhlEwCkYBTgAAUEsBAi0DLQAAAAgAAAAhAHvI' +
    'YXxSAAAAkAAAAAUAAAAAAAAAAAAAAIABAAAAAGEubnB5UEsBAi0DLQAAAAgAAAAhAHx9nRpOAAAAoAMAAAUAAAAAAAAAAAAA' +
    'AIABiQAAAGIubnB5UEsFBgAAAAACAAIAZgAAAA4BAAAAAA==',
  'base64',
);

/** NumPy 2.4's `np.savez` of the same `a` alone: a zip64 local header, as NumPy always writes. */
const plain = Buffer.from(
  'UEsDBC0AAAAAAAAAIQB7yGF8//////////8FABQAYS5ucHkBABAAkAAAAAAAAACQAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2Ny' +
    'JzogJzxpNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAyKSwgfSAgICAgICAgICAgICAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAQAAAAIAAAADAAAABAAAAFBLAQItAy0AAAAAAAAAIQB7' +
    'yGF8kAAAAJAAAAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLBQYAAAAAAQABADMAAADHAAAAAAA=',
  'base64',
);

const a = { shape: [2, 2], dtype: 'i4', data: Int32Array.of(1, 2, 3, 4) };

describe('readNpz', () => {
  it('reads the arrays that NumPy stored and deflated', () => {
    expect([...readNpz(plain, 'file')]).toEqual([['a', a]]);
    expect([...readNpz(compressed, 'file')]).toEqual([
      ['a', a],
      ['b', { shape: [100], dtype: 'f8', data: new Float64Array(100) }],
    ]);
  });

  it('reads arrays under any name', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 9, unit: 'grapheme' }), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(names, fc.constantFrom(0, 6), (keys, level) => {
        const files = keys
          .filter((key) => key !== '__proto__')
          .map((key, i) => [`${key}.npy`, writeNpy({ shape: [1], data: Uint16Array.of(i) })] as const);
        const read = readNpz(zipSync(Object.fromEntries(files), { level }), 'file');
        expect(new Set(read.keys())).toEqual(new Set(files.map(([file]) => file.slice(0, -4))));
        files.forEach(([file], i) => expect(read.get(file.slice(0, -4))?.data).toEqual(Uint16Array.of(i)));
      }),
    );
  });

  it('refuses a file that is cut off anywhere', () => {
    for (const whole of [plain, compressed]) {
      for (let length = 0; length < whole.length; length++) {
        expect(() => readNpz(whole.subarray(0, length), 'file.npz')).toThrow(
          expect.objectContaining({ name: 'LocusError', code: 'DATA_CORRUPT' }),
        );
      }
    }
  });

  it('notices a changed bit in any array', () => {
    // Behind the local headers of 65 bytes lie the entry itself: 144 bytes stored, 82 deflated.
    for (const [whole, size] of [
      [plain, 144],
      [compressed, 82],
    ] as const) {
      const start = 30 + 5 + 20;
      for (let at = start; at < start + size; at++) {
        const damaged = Buffer.from(whole);
        damaged[at] ^= 1 << (at % 8);
        expect(() => readNpz(damaged, 'file.npz')).toThrow(LocusError);
      }
    }
  });

  const central = (file: Uint8Array) => Buffer.from(file).indexOf('PK\u0001\u0002');
  const change = (file: Uint8Array, at: number, ...bytes: readonly number[]) => {
    const changed = Uint8Array.from(file);
    changed.set(bytes, at);
    return changed;
  };
  const [inPlain, inCompressed] = [central(plain), central(compressed)];

  it.each<[string, Uint8Array, string | RegExp]>([
    ['nothing', new Uint8Array(0), 'file.npz: expected a whole zip archive, got 0 bytes'],
    ['a single array', writeNpy({ shape: [1], data: Uint8Array.of(1) }), 'expected a whole zip archive'],
    ['something behind the end', Buffer.concat([plain, Buffer.of(1)]), 'expected a whole zip archive'],
    [
      'another method',
      change(plain, inPlain + 10, 12),
      'file.npz, a.npy: expected a stored or deflated entry, got method 12',
    ],
    ['encrypted data', change(plain, inPlain + 8, 1), 'file.npz, a.npy: expected an entry in the clear'],
    [
      'a false sum',
      change(plain, inPlain + 16, 0, 0, 0, 0),
      'file.npz, a.npy: expected CRC-32 00000000, got 7c61c87b',
    ],
    [
      'a false size',
      change(compressed, inCompressed + 24, 143),
      'file.npz, a.npy: expected 143 bytes of deflated data',
    ],
    [
      'a size of 4 GiB',
      change(compressed, inCompressed + 24, 255, 255, 255, 255),
      'file.npz, a.npy: expected 4294967295 bytes, got 144',
    ],
    [
      'a false place',
      change(plain, inPlain + 42, 1),
      'file.npz, a.npy, byte 1: expected the header of the entry',
    ],
    [
      'a text',
      zipSync({ 'notes.txt': Buffer.from('no array') }),
      'file.npz: expected arrays, as NAME.npy, got "notes.txt"',
    ],
    [
      'objects',
      zipSync({
        'x.npy': Buffer.from(
          Buffer.from(writeNpy({ shape: [0], data: new Uint8Array(0) }))
            .toString('latin1')
            .replace("'|u1'", "'|O' "),
          'latin1',
        ),
      }),
      'file.npz, x.npy: expected descr of',
    ],
  ])('refuses %s', (_, file, message) => {
    expect(() => readNpz(file, 'file.npz')).toThrow(LocusError);
    expect(() => readNpz(file, 'file.npz')).toThrow(message);
  });

  it('refuses entries that share their bytes', () => {
    const entry = plain.subarray(inPlain, plain.length - 22);
    const end = Buffer.from(plain.subarray(-22));
    end.writeUInt16LE(3, 8);
    end.writeUInt16LE(3, 10);
    end.writeUInt32LE(3 * entry.length, 12);
    const renamed = ['a', 'b', 'c'].map((name) => {
      const copy = Buffer.from(entry);
      copy.write(name, 46, 'latin1');
      return copy;
    });
    const bomb = Buffer.concat([plain.subarray(0, inPlain), ...renamed, end]);
    expect(() => readNpz(bomb, 'file.npz')).toThrow(/entries within its \d+ bytes, got 432/);
  });
});
