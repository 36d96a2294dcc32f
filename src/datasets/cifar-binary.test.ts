/** CIFAR-10's binary format, on records made here and on a real file. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cifarFolder, hasCifar } from '../../test/support/data-folders.js';
import { parseCifarBatch } from './cifar-binary.js';
import { loadCifarBatch } from './cifar10.js';

function records(count: number): Uint8Array {
  const bytes = Uint8Array.from({ length: count * 3073 }, (_, i) => (i * 13) % 256);
  for (let image = 0; image < count; image++) bytes[image * 3073] = image % 10;
  return bytes;
}

describe('parseCifarBatch', () => {
  it('separates labels from planes', () => {
    const bytes = records(3);
    const set = parseCifarBatch(bytes, 'b.bin');
    expect(set).toMatchObject({ count: 3, height: 32, width: 32, channels: 3 });
    expect([...set.labels]).toEqual([0, 1, 2]);
    for (let image = 0; image < 3; image++) {
      const own = set.images.subarray(image * 3072, (image + 1) * 3072);
      expect(Buffer.compare(own, bytes.subarray(image * 3073 + 1, (image + 1) * 3073))).toBe(0);
    }
  });

  it('names a truncated file, a foreign one and a wrong label', () => {
    expect(() => parseCifarBatch(records(2).subarray(0, 5000), '/d/b.bin')).toThrow(
      /^\/d\/b\.bin: expected CIFAR-10 records of 3073 bytes, got 5000 bytes, no whole number of records/,
    );
    expect(() => parseCifarBatch(new Uint8Array(0), '/d/b.bin')).toThrow('an empty file');
    const wrong = records(2);
    wrong[3073] = 77;
    expect(() => parseCifarBatch(wrong, '/d/b.bin')).toThrow(
      '/d/b.bin: expected labels from 0 to 9, got label 77 of image 1',
    );
  });
});

describe.skipIf(!hasCifar)('loadCifarBatch on a real file', () => {
  it('reads 10,000 pictures, classes in turn, planes within 5 of the published means', async () => {
    const set = await loadCifarBatch(join(cifarFolder, 'test_batch.bin.gz'));
    expect(set.count).toBe(10_000);
    expect([...set.labels.subarray(0, 12)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    const means = [0, 1, 2].map((channel) => {
      let sum = 0;
      for (let image = 0; image < set.count; image++) {
        const start = (image * 3 + channel) * 1024;
        for (let pixel = 0; pixel < 1024; pixel++) sum += set.images[start + pixel];
      }
      return sum / set.count / 1024;
    });
    // The published means of CIFAR-10's planes are 125.3, 123.0 and 113.9.
    expect(means[0]).toBeCloseTo(125.3, -1);
    expect(means[1]).toBeCloseTo(123.0, -1);
    expect(means[2]).toBeCloseTo(113.9, -1);
  });
});
