/** Votes are the mean counts per label: by hand, by independent loops, and refused where lengths disagree. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrateVotes } from './calibrate-votes.js';
import { labelledCounts } from '../../test/support/spike-counts.js';
import { packSpikeCounts } from './spike-counts.js';

describe('calibrateVotes', () => {
  it('gives the mean count of each neuron over the images of a label', () => {
    const counts = packSpikeCounts(Uint16Array.of(4, 0, 2, 1, 5, 5), { nFilters: 1, nPositions: 2 });
    expect([...calibrateVotes(counts, Uint8Array.of(1, 1, 0), 3)]).toEqual([5, 5, 3, 0.5, 0, 0]);
  });

  it('has ten classes unless told otherwise', () => {
    const counts = packSpikeCounts(Uint16Array.of(7), { nFilters: 1, nPositions: 1 });
    expect([...calibrateVotes(counts, Uint8Array.of(9))]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
  });

  it('agrees with independent loops on any counts, to float32', () => {
    fc.assert(
      fc.property(labelledCounts(), ({ counts, labels, nClasses, nNeurons, countOf }) => {
        const votes = calibrateVotes(counts, labels, nClasses);
        expect(votes).toHaveLength(nClasses * nNeurons);
        for (let label = 0; label < nClasses; label++) {
          const images = [...labels.keys()].filter((image) => labels[image] === label);
          for (let y = 0; y < nNeurons; y++) {
            let sum = 0;
            for (const image of images) sum += countOf(image, y);
            expect(votes[label * nNeurons + y]).toBe(images.length ? Math.fround(sum / images.length) : 0);
          }
        }
      }),
    );
  });

  it.each([
    [
      'counts of another number of images',
      { nImages: 2 },
      [0],
      /calibrateVotes: expected 2 images with 3 offsets from 0 on, got 2/,
    ],
    [
      'counts of a smaller layer',
      { nFilters: 1 },
      [0],
      /calibrateVotes: expected neurons below 1 filters × 1 positions = 1, got 1/,
    ],
    ['a fraction of a filter', { nFilters: 0.5 }, [0], /nFilters to be a whole number ≥ 1, got 0.5/],
    ['too few labels', {}, [], /calibrateVotes: expected 1 labels, one per image, got 0/],
    ['a label that is no class', {}, [3], /calibrateVotes: expected labels from 0 to 2, got 3/],
  ])('refuses %s', (_, change, labels, message) => {
    const counts = { ...packSpikeCounts(Uint16Array.of(1, 2), { nFilters: 2, nPositions: 1 }), ...change };
    expect(() => calibrateVotes(counts, Uint8Array.from(labels), 3)).toThrow(message);
  });

  it.each([0, 32_769, 1.5])('refuses %d classes', (nClasses) => {
    const counts = packSpikeCounts(Uint16Array.of(1), { nFilters: 1, nPositions: 1 });
    expect(() => calibrateVotes(counts, Uint8Array.of(0), nClasses)).toThrow(
      /calibrateVotes: expected nClasses/,
    );
  });
});
