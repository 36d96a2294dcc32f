/** The features against their formula, and what the formula promises. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelledCounts } from '../../test/support/spike-counts.js';
import { extractFeatures, projectRow } from './extract-features.js';
import { packSpikeCounts } from './spike-counts.js';

const unitVector = (nColumns: number, column: number) =>
  Float64Array.from({ length: nColumns }, (_, y) => (y === column ? 1 : 0));

describe('extractFeatures', () => {
  it('is √n / ⁴√N_p at unit length: 9 and 16 spikes at one position, 4 at another', () => {
    const counts = packSpikeCounts(Uint16Array.of(9, 4, 16, 0), { nFilters: 2, nPositions: 2 });
    const { offsets, columns, values } = extractFeatures(counts);
    expect([...offsets]).toEqual([0, 3]);
    expect([...columns]).toEqual([0, 1, 2]);
    const expected = [3 / Math.sqrt(5), 2 / Math.sqrt(2), 4 / Math.sqrt(5)].map((x) => x / Math.sqrt(5 + 2));
    values.forEach((value, e) => expect(value).toBeCloseTo(expected[e], 7));
  });

  it('gives every image length 1 or nothing, whatever the brightness', () => {
    fc.assert(
      fc.property(labelledCounts(), ({ counts, nNeurons, countOf }) => {
        const rows = extractFeatures(counts);
        const dimmed = { ...counts, counts: counts.counts.map((count) => Math.min(count, 100)) };
        const doubled = { ...counts, counts: dimmed.counts.map((count) => 2 * count) };
        const twice = extractFeatures(doubled).values;
        extractFeatures(dimmed).values.forEach((value, e) => expect(twice[e]).toBeCloseTo(value, 6));
        for (let image = 0; image < counts.nImages; image++) {
          const x = Array.from({ length: nNeurons }, (_, y) =>
            projectRow(rows, image, unitVector(nNeurons, y), 0, 0),
          );
          x.forEach((value, y) => expect(value > 0).toBe(countOf(image, y) > 0));
          const length = Math.hypot(...x);
          expect(length).toBeCloseTo(x.some((value) => value > 0) ? 1 : 0, 6);
        }
      }),
    );
  });
});
