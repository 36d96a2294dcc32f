/** Which images come when: drawn by place alone, whole passes before repeats, segments that join. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  currentSegment,
  describeMethod,
  describeOrder,
  segmentsUntil,
  selectImages,
  type TrainingSegment,
  trainingImages,
} from './image-order.js';

const random: TrainingSegment = { nIter: 100, learns: 'both', order: 'random', first: 20, end: 50 };

describe('trainingImages', () => {
  it('draws each place from the whole range, whatever came before', () => {
    const all = trainingImages(random, 0, 0, 3000, 5);
    expect(Math.min(...all)).toBe(20);
    expect(Math.max(...all)).toBe(49);
    // Uniform: χ² with 29 degrees of freedom, below 70 in all but 1 of 30,000 cases.
    const counts = new Map<number, number>();
    for (const image of all) counts.set(image, (counts.get(image) ?? 0) + 1);
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0);
    expect(counts.size).toBe(30);
    expect(chiSquare).toBeLessThan(70);
    fc.assert(
      fc.property(fc.nat(2900), fc.nat(100), (from, count) => {
        expect(trainingImages(random, 0, from, count, 5)).toEqual(all.subarray(from, from + count));
      }),
    );
    expect(trainingImages(random, 0, 0, 100, 6)).not.toEqual(all.subarray(0, 100));
  });

  it('takes a sequence from where it began, over and over', () => {
    const segment: TrainingSegment = { ...random, order: 'sequential', first: 3, end: 6 };
    expect([...trainingImages(segment, 10, 10, 7, 5)]).toEqual([3, 4, 5, 3, 4, 5, 3]);
    expect([...trainingImages(segment, 10, 14, 2, 5)]).toEqual([4, 5]);
  });
});

describe('selectImages', () => {
  it('takes none twice before all have come once, begins every larger selection alike, and gives each its own item', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(100), fc.maxSafeNat(), (setSize, count, seed) => {
        const { images, items } = selectImages('testOrder', seed, count, setSize);
        expect(images).toHaveLength(count);
        expect(new Set(items).size).toBe(count);
        for (let pass = 0; pass * setSize < count; pass++) {
          const part = images.subarray(pass * setSize, (pass + 1) * setSize);
          expect(new Set(part).size).toBe(part.length);
        }
        items.forEach((item, i) => expect(item % setSize).toBe(images[i]));
        const larger = selectImages('testOrder', seed, count + 7, setSize);
        expect(larger.images.subarray(0, count)).toEqual(images);
        expect(larger.items.subarray(0, count)).toEqual(items);
      }),
    );
  });

  it('depends on seed and purpose', () => {
    const { images } = selectImages('testOrder', 1, 50, 100);
    expect(selectImages('testOrder', 2, 50, 100).images).not.toEqual(images);
    expect(selectImages('calibrationOrder', 1, 50, 100).images).not.toEqual(images);
  });
});

describe('segments', () => {
  const plan = {
    before: [random],
    segments: [
      { ...random, nIter: 50 },
      { ...random, nIter: 30, order: 'sequential' as const },
      { ...random, nIter: 20, learns: 'yy' as const },
    ],
  };

  it('are found by the iteration', () => {
    expect(currentSegment(plan, 100)).toEqual({ index: 0, began: 100 });
    expect(currentSegment(plan, 149)).toEqual({ index: 0, began: 100 });
    expect(currentSegment(plan, 150)).toEqual({ index: 1, began: 150 });
    expect(currentSegment(plan, 199)).toEqual({ index: 2, began: 180 });
    expect(currentSegment(plan, 200)).toBeNull();
  });

  it('join where random ones of one range follow each other, and only there', () => {
    expect(segmentsUntil(plan, 120)).toEqual([{ ...random, nIter: 120 }]);
    expect(segmentsUntil(plan, 160)).toEqual([
      { ...random, nIter: 150 },
      { ...random, nIter: 10, order: 'sequential' },
    ]);
    expect(segmentsUntil(plan, Number.POSITIVE_INFINITY)).toEqual([
      { ...random, nIter: 150 },
      { ...random, nIter: 30, order: 'sequential' },
      { ...random, nIter: 20, learns: 'yy' },
    ]);
    const other = { ...random, first: 0 };
    expect(segmentsUntil({ before: [random], segments: [other] }, 200)).toEqual([random, other]);
    const sequential = { ...random, order: 'sequential' as const };
    expect(segmentsUntil({ before: [sequential], segments: [sequential] }, 200)).toEqual([
      sequential,
      sequential,
    ]);
  });

  it('do not join where the first one ended inside a minibatch, nor where both train competition alone', () => {
    const lengthsOf = (segment: TrainingSegment) =>
      segmentsUntil({ before: [segment], segments: [segment] }, Number.POSITIVE_INFINITY).map(
        ({ nIter }) => nIter,
      );
    expect(lengthsOf({ ...random, batchSize: 50 })).toEqual([200]);
    expect(lengthsOf({ ...random, batchSize: 30 })).toEqual([100, 100]);
    expect(lengthsOf({ ...random, learns: 'xy' })).toEqual([200]);
    expect(lengthsOf({ ...random, learns: 'yy' })).toEqual([100, 100]);
  });

  it('are parameters of the network they made', () => {
    expect(describeOrder([], 50)).toBe('random');
    expect(describeOrder([{ ...random, first: 0 }], 50)).toBe('random');
    expect(describeOrder([random, { ...random, order: 'sequential' }], 50)).toBe(
      'random 20-50 x 100; sequential 20-50 x 100',
    );
    expect(describeMethod([random])).toEqual({ train_method: 'basic' });
    expect(describeMethod(segmentsUntil(plan, 195))).toEqual({
      train_method: 'two_steps',
      n_iter_competition: 15,
    });
  });
});
