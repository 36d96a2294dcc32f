/** Legacy PyTorch files: tensors and arrays come out in C order; what a file claims never outgrows its bytes. */
import { describe, expect, it } from 'vitest';
import {
  call,
  dictionary,
  dtype,
  int,
  list,
  name,
  ndarray,
  no,
  none,
  persistent,
  pickle,
  raw,
  storage,
  tensor,
  text,
  torchFile,
  torchHeader,
  tuple,
  yes,
} from '../../test/support/pickle-bytes.js';
import { LocusError } from '../errors.js';
import { readLegacyTorchFile } from './legacy-torch.js';
import { readTensor } from './tensor.js';
import type { TorchTensor, TorchValue } from './torch-value.js';

const ramp = Float32Array.from({ length: 24 }, (_, i) => i);

function readTensorFile(bytes: Uint8Array): { shape: readonly number[]; data: number[] } {
  const value = readLegacyTorchFile(bytes, 'file') as TorchTensor;
  return { shape: value.shape, data: [...(readTensor(value, 'file') as Float32Array)] };
}

/** The message of the refusal, which must be a LocusError and come within a second. */
function refusalOf(bytes: Uint8Array): string {
  const start = performance.now();
  try {
    readTensorFile(bytes);
  } catch (error) {
    if (!(error instanceof LocusError) || performance.now() - start > 1000) throw error;
    return error.message;
  }
  throw new Error('expected a LocusError');
}

describe('tensors', () => {
  it('reads a whole storage', () => {
    const file = torchFile(tensor(storage('FloatStorage', 'k', 24), 0, [2, 3, 4], [12, 4, 1]), { k: ramp });
    expect(readTensorFile(file)).toEqual({ shape: [2, 3, 4], data: [...ramp] });
  });

  it('reads a transposed part of a storage', () => {
    const file = torchFile(tensor(storage('FloatStorage', 'k', 24), 5, [3, 2], [1, 4]), { k: ramp });
    expect(readTensorFile(file).data).toEqual([5, 9, 6, 10, 7, 11]);
  });

  it('reads a number, nothing, and one value in every place', () => {
    const of = (shape: number[], strides: number[]) =>
      readTensorFile(torchFile(tensor(storage('FloatStorage', 'k', 24), 3, shape, strides), { k: ramp }));
    expect(of([], [])).toEqual({ shape: [], data: [3] });
    expect(of([0, 7], [7, 1])).toEqual({ shape: [0, 7], data: [] });
    expect(of([4], [0])).toEqual({ shape: [4], data: [3, 3, 3, 3] });
    expect(of([2, 1, 2], [8, 99, 1]).data).toEqual([3, 4, 11, 12]);
  });

  it('reads 64-bit integers exactly', () => {
    const longs = BigInt64Array.of(-1n, 2n ** 62n);
    const file = torchFile(tensor(storage('LongStorage', 'k', 2), 0, [2], [1]), { k: longs });
    expect(readTensor(readLegacyTorchFile(file, 'file') as TorchTensor, 'file')).toEqual(longs);
  });

  it('shares one storage between tensors', () => {
    const shared = storage('FloatStorage', 'k', 24);
    const file = torchFile(list(tensor(shared, 0, [2], [1]), tensor(shared, 22, [2], [1])), { k: ramp });
    const [first, second] = readLegacyTorchFile(file, 'file') as TorchTensor[];
    expect(first.storage).toBe(second.storage);
    expect([...(readTensor(second, 'file') as Float32Array)]).toEqual([22, 23]);
  });
});

describe('NumPy values', () => {
  const contentOf = (value: TorchValue) => {
    const { content } = value as { content: TorchTensor };
    return [...(readTensor(content, 'file') as Int16Array)];
  };

  it('reads an array in either order, and a scalar', () => {
    const shorts = raw(1, 0, 2, 0, 255, 255, 4, 0, 5, 0, 6, 0);
    const inC = torchFile(ndarray([2, 3], dtype('i2'), no, shorts));
    expect(contentOf(readLegacyTorchFile(inC, 'file'))).toEqual([1, 2, -1, 4, 5, 6]);
    const inFortran = torchFile(ndarray([2, 3], dtype('i2'), yes, shorts));
    expect(contentOf(readLegacyTorchFile(inFortran, 'file'))).toEqual([1, -1, 5, 2, 4, 6]);
    const scalar = call(name('numpy.core.multiarray', 'scalar'), dtype('f8'), raw(0, 0, 0, 0, 0, 0, 94, 64));
    expect(readLegacyTorchFile(torchFile(scalar), 'file')).toBe(120);
  });

  it.each([
    [
      'a big-endian array',
      ndarray([1], dtype('i2', '>'), no, raw(0, 1)),
      /little-endian element type, got ">"/,
    ],
    ['too few data', ndarray([2], dtype('i2'), no, raw(0, 1)), /a shape of 1 elements, got 2/],
    ['half an element', ndarray([1], dtype('i2'), no, raw(0)), /whole elements of type i2/],
    ['an array of text', ndarray([1], dtype('i2'), no, text('ab')), /raw data, got "ab"/],
    [
      'raw data beyond Latin-1',
      ndarray([1], dtype('i2'), no, call(name('_codecs', 'encode'), text('Ω'), text('latin1'))),
      /text in Latin-1/,
    ],
  ])('refuses %s', (_, value, message) => {
    expect(refusalOf(torchFile(value))).toMatch(message);
  });
});

describe('files that claim too much', () => {
  const floats = (length: number) => storage('FloatStorage', 'k', length);
  const whole = torchFile(tensor(floats(24), 0, [24], [1]), { k: ramp });

  it.each([
    [
      'a storage larger than the file',
      torchFile(tensor(floats(1e9), 0, [24], [1]), { k: ramp }),
      /at most \d+ elements, got 1000000000/,
    ],
    [
      'a storage of negative size',
      torchFile(tensor(floats(-1), 0, [24], [1]), { k: ramp }),
      /elements, got -1/,
    ],
    [
      'a storage of another size than its data',
      torchFile(tensor(floats(23), 0, [23], [1]), { k: ramp }),
      /23 elements, got 24/,
    ],
    [
      'a storage of another type than before',
      torchFile(list(floats(24), storage('IntStorage', 'k', 24)), { k: ramp }),
      /with one type and length, got "k"/,
    ],
    [
      'a tensor beyond its storage',
      torchFile(tensor(floats(24), 1, [24], [1]), { k: ramp }),
      /within the 24 elements/,
    ],
    [
      'strides beyond the storage',
      torchFile(tensor(floats(24), 0, [2, 12], [13, 1]), { k: ramp }),
      /within the 24 elements/,
    ],
    [
      'one element a billion times',
      torchFile(tensor(floats(24), 0, [1e9], [0]), { k: ramp }),
      /within the 24 elements/,
    ],
    [
      'an immense shape',
      torchFile(tensor(floats(24), 0, Array(60).fill(2e9), Array(60).fill(0)), { k: ramp }),
      /within the 24 elements/,
    ],
    ['a negative stride', torchFile(tensor(floats(24), 23, [24], [-1]), { k: ramp }), /a tuple of counts/],
    [
      'a negative offset',
      torchFile(tensor(floats(24), -1, [2], [1]), { k: ramp }),
      /the offset of a tensor, got -1/,
    ],
    [
      '65 dimensions',
      torchFile(tensor(floats(24), 0, Array(65).fill(1), Array(65).fill(1)), { k: ramp }),
      /65 dimensions/,
    ],
    ['a shape without strides', torchFile(tensor(floats(24), 0, [24], []), { k: ramp }), /1 dimensions/],
    [
      'a tensor of no storage',
      torchFile(tensor(text('k'), 0, [24], [1])),
      /the storage of a tensor, got "k"/,
    ],
    [
      'a part of another storage',
      torchFile(
        persistent(
          text('storage'),
          name('torch', 'FloatStorage'),
          text('k'),
          text('cpu'),
          int(1),
          tuple(text('v'), int(0), int(1)),
        ),
      ),
      /a storage of its own/,
    ],
    ['a storage that is not in the file', torchFile(tensor(floats(4), 0, [4], [1])), /1 storages, got 0/],
    ['a storage that nobody spoke of', torchFile(none, { k: ramp }), /the key of a storage, got "k"/],
    [
      'a storage that is there twice',
      Buffer.concat([torchHeader, pickle(floats(0)), pickle(list(text('k'), text('k'))), Buffer.alloc(16)]),
      /each storage once/,
    ],
    ['half precision', torchFile(storage('HalfStorage', 'k', 1)), /"torch\.HalfStorage" is not part/],
    [
      'more bytes behind the end',
      Buffer.concat([whole, Buffer.of(0)]),
      /the end of the file, got 1 more bytes/,
    ],
    ['a zip archive', Buffer.from('PK\u0003\u0004network/data.pkl'), /before version 1.6.*zip archive/],
    ['another magic number', pickle(int(5)), /magic number, got 5/],
    [
      'another version',
      Buffer.concat([torchHeader.subarray(0, 15), pickle(int(1002))]),
      /version 1001, got 1002/,
    ],
    [
      'a big-endian machine',
      Buffer.concat([torchHeader.subarray(0, 21), pickle(dictionary(text('little_endian'), no))]),
      /little-endian machine/,
    ],
    [
      'keys that are no list',
      Buffer.concat([torchHeader, pickle(none), pickle(none)]),
      /the list of its storages/,
    ],
  ])('%s', (_, bytes, message) => {
    expect(refusalOf(bytes)).toMatch(message);
  });

  it('any place where the file may end', () => {
    for (let length = 0; length < whole.length; length += 1)
      expect(refusalOf(whole.subarray(0, length))).toMatch(/^file/);
    expect(readTensorFile(whole).data).toEqual([...ramp]);
  });
});
