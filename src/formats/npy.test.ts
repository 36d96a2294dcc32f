/** `.npy` files: literals written by NumPy, round trips, and refusal of everything that is not one whole array. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocusError } from '../errors.js';
import { readNpy, writeNpy } from './npy.js';

/** A header as NumPy pads it, 128 bytes in all, followed by `data`. */
function numpyFile(dictionary: string, data: number[], version = 1): Uint8Array {
  const preamble = version === 1 ? 10 : 12;
  const length = 128 - preamble;
  const sizes = version === 1 ? [length, 0] : [length, 0, 0, 0];
  const text = Buffer.from(`${dictionary.padEnd(length - 1)}\n`);
  return Uint8Array.from([0x93, ...Buffer.from('NUMPY'), version, 0, ...sizes, ...text, ...data]);
}

const floats = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
const floatBytes = [0, 0, 192, 63, 0, 0, 0, 192, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64, 0, 0, 192, 64];

describe('readNpy', () => {
  it('reads what NumPy 2.4 wrote for [[1.5, −2, 3], [4, 5, 6]]', () => {
    const file = Buffer.from(
      'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMp' +
        'LCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAAwAAAQEAAAIBAAACgQAAAwEA=',
      'base64',
    );
    expect(readNpy(file, 'file')).toEqual({
      shape: [2, 3],
      dtype: 'f4',
      data: Float32Array.of(1.5, -2, 3, 4, 5, 6),
    });
    expect([...numpyFile(floats, floatBytes)]).toEqual([...file]);
  });

  it('brings Fortran order into C order, as np.asfortranarray(np.arange(24).reshape(2, 3, 4)) was saved', () => {
    const stored = [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23];
    const file = numpyFile("{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3, 4), }", [
      ...new Uint8Array(Int16Array.from(stored).buffer),
    ]);
    expect([...readNpy(file, 'file', 'i2').data]).toEqual([...Array(24).keys()]);
  });

  it('reads scalars, truth values, format 2.0 and an unaligned view', () => {
    const scalar = numpyFile(
      "{'descr': '<i8', 'fortran_order': False, 'shape': (), }",
      [7, 0, 0, 0, 0, 0, 0, 0],
    );
    expect(readNpy(scalar, 'file')).toEqual({ shape: [], dtype: 'i8', data: BigInt64Array.of(7n) });
    const truths = numpyFile("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", [1, 0], 2);
    expect(readNpy(truths, 'file')).toEqual({ shape: [2], dtype: 'b1', data: Uint8Array.of(1, 0) });
    const shifted = new Uint8Array(1 + 128 + floatBytes.length);
    shifted.set(numpyFile(floats, floatBytes), 1);
    expect(readNpy(shifted.subarray(1), 'file').data[1]).toBe(-2);
  });

  it.each<[string, string, readonly number[], string, readonly number[]]>([
    [
      'half precision: subnormal, infinite and undefined numbers too',
      'k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDExLCksIH0gICAg' +
        'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAPgDAAAAAgP97AQD/AwB8' +
        'APwAflU1',
      [11],
      'f2',
      [1.5, -2, 0, -0, 65504, 2 ** -24, 1023 * 2 ** -24, Infinity, -Infinity, Number.NaN, 0.333251953125],
    ],
    [
      'version 2.0',
      'k05VTVBZAgB0AAAAeydkZXNjcic6ICc8aTInLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMiksIH0g' +
        'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAIAAwAEAA==',
      [2, 2],
      'i2',
      [1, 2, 3, 4],
    ],
    [
      'version 3.0 and truth values',
      'k05VTVBZAwB0AAAAeydkZXNjcic6ICd8YjEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMywpLCB9ICAg' +
        'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAE=',
      [3],
      'b1',
      [1, 0, 1],
    ],
    [
      'Fortran order in five dimensions',
      'k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMSwgMiwgMywgMiwg' +
        'MiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoADAQQCBQCDgYSChYBDQUR' +
        'CRUDDwcTCxc=',
      [1, 2, 3, 2, 2],
      'u1',
      [...Array(24).keys()],
    ],
  ])('reads what NumPy 2.4 wrote: %s', (_, file, shape, dtype, expected) => {
    const read = readNpy(Buffer.from(file, 'base64'), 'file');
    expect(read).toMatchObject({ shape, dtype });
    expect([...(read.data as Float32Array)]).toEqual(expected);
  });

  const bytesOf = (...values: readonly number[]) => [...new Uint8Array(Int16Array.from(values).buffer)];

  it.each<[string, string]>([
    ['keys in another order', "{'shape': (2,), 'fortran_order': False, 'descr': '<i2'}"],
    ['double quotes', '{"descr": "<i2", "fortran_order": False, "shape": (2,)}'],
    ['the order of the machine', "{'descr': '=i2', 'fortran_order': False, 'shape': (2,), }"],
    ['no order', "{'descr': 'i2', 'fortran_order': False, 'shape': (2,), }"],
    ["Python 2's long numbers", "{'descr': '<i2', 'fortran_order': False, 'shape': (2L,), }"],
    ["Python 2's unicode", "{u'descr': u'<i2', u'fortran_order': False, u'shape': (2L,), }"],
    ['blanks nowhere', "{'descr':'<i2','fortran_order':False,'shape':(2,)}"],
    ['blanks and lines anywhere', "  { 'descr' :\n'<i2' , 'fortran_order' : True , 'shape' : ( 2 , ) , }"],
  ])('reads a header with %s, in every version', (_, dictionary) => {
    for (const version of [1, 2, 3]) {
      const read = readNpy(numpyFile(dictionary, bytesOf(-7, 300), version), 'file');
      expect(read).toEqual({ shape: [2], dtype: 'i2', data: Int16Array.of(-7, 300) });
    }
  });

  it('reads truth values under either name; any other number than 0 is true', () => {
    for (const descr of ['|b1', '?', '<b1', '=?']) {
      const file = numpyFile(`{'descr': '${descr}', 'fortran_order': False, 'shape': (3,), }`, [0, 1, 7]);
      expect(readNpy(file, 'file')).toEqual({ shape: [3], dtype: 'b1', data: Uint8Array.of(0, 1, 1) });
    }
  });

  it('brings Fortran order of any rank into C order', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(shapes, (shape) => {
        const count = shape.reduce((product, length) => product * length, 1);
        // Element i in C order stands where the first index runs fastest.
        const stored = new Uint16Array(count);
        for (let i = 0; i < count; i++) {
          let rest = i;
          const index = shape.toReversed().map((length) => {
            const digit = rest % length;
            rest = (rest - digit) / length;
            return digit;
          });
          stored[index.toReversed().reduceRight((place, digit, axis) => place * shape[axis] + digit, 0)] = i;
        }
        const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
        const file = numpyFile(`{'descr': '<u2', 'fortran_order': True, 'shape': (${dimensions})}`, [
          ...new Uint8Array(stored.buffer),
        ]);
        expect([...readNpy(file, 'file', 'u2').data]).toEqual([...Array(count).keys()]);
      }),
    );
  });

  it('does not share memory with the file', () => {
    const file = numpyFile(floats, floatBytes);
    const { data } = readNpy(file, 'file', 'f4');
    file.fill(0);
    expect(data[0]).toBe(1.5);
  });

  it.each([
    ['another element type than asked for', numpyFile(floats, floatBytes), /elements of type f8, got f4/],
    ['big-endian', numpyFile(floats.replace('<', '>'), floatBytes), /little-endian.*">f4"/],
    ['objects', numpyFile(floats.replace('<f4', '|O'), floatBytes), /got "\|O"/],
    ['a prototype property as type', numpyFile(floats.replace('f4', 'constructor'), []), /"<constructor"/],
    ['too few data', numpyFile(floats, floatBytes.slice(1)), /24 bytes of data for shape \(2, 3\), got 23/],
    ['too many data', numpyFile(floats, [...floatBytes, 0]), /got 25/],
    ['an immense shape', numpyFile(floats.replace('2, 3', '99999999999, 99999999999'), floatBytes), /got 24/],
    ['a negative shape', numpyFile(floats.replace('2', '-2'), floatBytes), /shape of whole numbers.* got -2/],
    [
      'a shape that is one number',
      numpyFile(floats.replace('2, 3', '6'), floatBytes),
      /shape as a tuple.* got 6/,
    ],
    ['a shape in text', numpyFile(floats.replace('2, 3', "'2', 3"), floatBytes), /shape of whole.* got "2"/],
    ['no shape', numpyFile(floats.replace('shape', 'shape '), floatBytes), /only descr.*, got "shape "/],
    [
      'a missing shape',
      numpyFile("{'descr': '<f4', 'fortran_order': False}", floatBytes),
      /shape as a tuple.* got nothing/,
    ],
    [
      'another order',
      numpyFile(floats.replace('False', '0'), floatBytes),
      /fortran_order True or False, got 0/,
    ],
    [
      'records',
      numpyFile(floats.replace("'<f4'", "[('x', '<i2'), ('y', '<i2')]"), floatBytes),
      /descr of .*, got a list of 2/,
    ],
    ['texts', numpyFile(floats.replace('<f4', '<U5'), floatBytes), /descr of .*, got "<U5"/],
    ['complex numbers', numpyFile(floats.replace('<f4', '<c8'), floatBytes), /descr of .*, got "<c8"/],
    [
      'several bytes without an order',
      numpyFile(floats.replace('<f4', '|f4'), floatBytes),
      /descr of .*, got "\|f4"/,
    ],
    ['an expression', numpyFile(floats.replace('2, 3', '2 * 3,'), floatBytes), /header with descr/],
    ['a dictionary with something behind it', numpyFile(`${floats} 1`, floatBytes), /header with descr/],
    ['brackets without end', numpyFile('('.repeat(100), []), /header with descr/],
    ['no header dictionary', numpyFile('import os', []), /header with descr/],
    ['format 4.0', numpyFile(floats, floatBytes, 4), /format version 1.0, 2.0 or 3.0, got 4.0/],
    ['a false header length', numpyFile(floats, []).fill(255, 8, 10), /whole header/],
    ['no array at all', new TextEncoder().encode('PK and something'), /NumPy array file/],
    ['nothing', new Uint8Array(0), /got 0 bytes/],
  ])('refuses %s', (_, file, message) => {
    const read = () => readNpy(file, 'weights.npy', _.startsWith('another') ? 'f8' : undefined);
    expect(read).toThrow(LocusError);
    expect(read).toThrow(message);
    expect(read).toThrow(/^weights\.npy: expected/);
  });

  it('refuses 65 dimensions, which no array of NumPy has', () => {
    const bytes = writeNpy({ shape: Array(64).fill(1), data: Uint8Array.of(1) });
    expect(readNpy(bytes, 'file').shape).toHaveLength(64);
    const text = Buffer.from(bytes).toString('latin1').replace('(1, ', '(1,1,');
    expect(() => readNpy(Buffer.from(text, 'latin1'), 'file')).toThrow(
      'file: expected shape of at most 64 dimensions, got 65',
    );
  });

  it('refuses a file that is cut off anywhere', () => {
    const file = numpyFile(floats, floatBytes);
    for (let length = 0; length < file.length; length++) {
      expect(() => readNpy(file.subarray(0, length), 'file')).toThrow(LocusError);
    }
  });
});

describe('writeNpy', () => {
  it('writes the bytes that NumPy writes', () => {
    const written = writeNpy({ shape: [2, 3], data: Float32Array.of(1.5, -2, 3, 4, 5, 6) });
    expect([...written]).toEqual([...numpyFile(floats, floatBytes)]);
    const bytes = writeNpy({ shape: [2], data: Uint8Array.of(1, 0) });
    expect([...bytes]).toEqual([
      ...numpyFile("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", [1, 0]),
    ]);
  });

  it('is undone by readNpy, for every kind of element and any shape', () => {
    const kinds = [
      Float32Array,
      Float64Array,
      Int8Array,
      Int16Array,
      Int32Array,
      BigInt64Array,
      Uint8Array,
      Uint16Array,
      Uint32Array,
      BigUint64Array,
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.array(fc.nat(4), { maxLength: 5 }),
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        (kind, shape, seed) => {
          const count = shape.reduce((product, length) => product * length, 1);
          const raw = new Uint8Array(count * kind.BYTES_PER_ELEMENT).map((_, i) => seed[i % 8] ^ (i * 31));
          const { shape: readShape, data } = readNpy(writeNpy({ shape, data: new kind(raw.buffer) }), 'file');
          expect(readShape).toEqual(shape);
          expect(data.constructor).toBe(kind);
          expect(new Uint8Array(data.buffer)).toEqual(raw);
        },
      ),
    );
  });

  it('refuses a shape that does not fit', () => {
    expect(() => writeNpy({ shape: [2, 2], data: new Float32Array(3) })).toThrow(
      'writeNpy: expected a shape of 3 elements, got [2,2]',
    );
    expect(() => writeNpy({ shape: [-1, -3], data: new Float32Array(3) })).toThrow(LocusError);
    expect(() => writeNpy({ shape: Array(65).fill(1), data: new Float32Array(1) })).toThrow(LocusError);
  });
});
