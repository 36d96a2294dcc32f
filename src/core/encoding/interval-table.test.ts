/** The tables against the Poisson distribution itself, computed another way, and against the search they shorten. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poissonProbabilities } from '../../../test/support/poisson-renewal.js';
import { guideBits, intervalTables, intervalThresholds, meanInterval } from './interval-table.js';

describe('intervalThresholds', () => {
  it.each([0.01, 0.3, 1, 7.84, 100, 754, 2000, 1e5])(
    'mean %d: P(interval ≤ k) in units of 2⁻³², off by at most 1',
    (mean) => {
      const steps = 400;
      const probabilities = poissonProbabilities(mean, steps);
      let cumulative = 0;
      intervalThresholds(mean, steps).forEach((threshold, k) => {
        cumulative += probabilities[k];
        const expected = Math.min(2 ** 32 - 1, cumulative * 2 ** 32);
        expect(Math.abs(threshold - expected), `k = ${k}`).toBeLessThanOrEqual(1);
      });
    },
  );

  it('never fall', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
        fc.integer({ min: 1, max: 300 }),
        (mean, steps) => {
          const thresholds = intervalThresholds(mean, steps);
          expect(thresholds).toHaveLength(steps + 1);
          expect(thresholds.every((threshold, k) => k === 0 || threshold >= thresholds[k - 1])).toBe(true);
        },
      ),
    );
  });
});

describe('meanInterval', () => {
  it('is the number of steps between spikes of that rate', () => {
    expect(meanInterval(100, 1)).toBe(10);
    expect(meanInterval(100, 0.5)).toBe(20);
  });
});

describe('intervalTables', () => {
  it('begin the search of any word at or before its interval, and nowhere before what the upper bits exclude', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(20, 127.5, 900, 5000),
        fc.constantFrom(0.5, 1),
        fc.integer({ min: 1, max: 250 }),
        fc.integer({ min: 1, max: 255 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (intensity, dt, steps, level, word) => {
          const { thresholds, guide } = intervalTables(intensity, dt, steps);
          const own = thresholds.subarray(level * (steps + 1), (level + 1) * (steps + 1));
          expect(own).toEqual(intervalThresholds(meanInterval((level / 255) * intensity, dt), steps));
          const intervalOf = (each: number) => {
            const k = own.findIndex((threshold) => each < threshold);
            return k < 0 ? steps + 1 : k;
          };
          const upper = word >>> (32 - guideBits);
          const begin = guide[(level << guideBits) + upper];
          expect(begin).toBeLessThanOrEqual(intervalOf(word));
          expect(begin).toBe(intervalOf(upper * 2 ** (32 - guideBits)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('hold no interval for brightness 0', () => {
    const { thresholds, guide } = intervalTables(127.5, 1, 250);
    expect(thresholds.subarray(0, 251).every((threshold) => threshold === 0)).toBe(true);
    expect(guide.subarray(0, 256).every((k) => k === 251)).toBe(true);
  });
});
