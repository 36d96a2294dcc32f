/** The three voting algorithms: by hand, by independent loops written from the definitions, ties, silence, misuse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelledCounts, type LabelledCounts } from '../../test/support/spike-counts.js';
import { calibrateVotes } from './calibrate-votes.js';
import { predictByVotes } from './predict-by-votes.js';
import { votingMethods, type VotingMethod } from './readout-methods.js';
import { packSpikeCounts } from './spike-counts.js';

/** Two filters at two positions, one image, two classes; neurons are f0p0, f0p1, f1p0, f1p1. */
const layer = { nFilters: 2, nPositions: 2 };
const counts = packSpikeCounts(Uint16Array.of(3, 1, 2, 0), layer);

/** Scores straight from the definitions, a number per class. */
function scoreByDefinition(
  method: VotingMethod,
  { counts: { nFilters, nPositions }, nClasses, nNeurons, countOf }: LabelledCounts,
  votes: Float32Array,
  image: number,
  topN: number,
): number[] {
  const vote = (label: number, y: number) => {
    const mine = votes[label * nNeurons + y];
    let better = 0;
    for (let other = 0; other < nClasses; other++) {
      const theirs = votes[other * nNeurons + y];
      if (theirs > mine || (theirs === mine && other < label)) better++;
    }
    return better < topN ? mine : 0;
  };
  const scores: number[] = [];
  for (let label = 0; label < nClasses; label++) {
    const strength = (f: number, p: number) => {
      const y = f * nPositions + p;
      return countOf(image, y) * vote(label, y);
    };
    let score = 0;
    if (method === 'all_voting') {
      for (let f = 0; f < nFilters; f++) for (let p = 0; p < nPositions; p++) score += strength(f, p);
    }
    for (let p = 0; p < nPositions; p++) {
      const filters = [...Array(nFilters).keys()];
      const most = Math.max(...filters.map((f) => countOf(image, f * nPositions + p)));
      if (method === 'patch_voting') score += Math.max(...filters.map((f) => strength(f, p)));
      if (method === 'spikes_first') {
        score += strength(
          filters.findIndex((f) => countOf(image, f * nPositions + p) === most),
          p,
        );
      }
    }
    scores.push(score);
  }
  return scores;
}

describe('predictByVotes', () => {
  it('sums the votes of all neurons in all_voting', () => {
    // 3·2 + 1·0 + 2·0 = 6 against 3·0 + 1·1 + 2·3 = 7.
    expect([...predictByVotes('all_voting', counts, Float32Array.of(2, 0, 0, 0, 0, 1, 3, 0))]).toEqual([1]);
  });

  it('takes the strongest filter of every position in patch_voting', () => {
    // Class 0: max(3·2, 2·2) + 0 = 6; class 1: max(3·1, 2·2) + 1·1 = 5, though all_voting gives it 8 against 10.
    const votes = Float32Array.of(2, 0, 2, 0, 1, 1, 2, 0);
    expect([...predictByVotes('patch_voting', counts, votes)]).toEqual([0]);
    // Class 1 wins by a second position, which only patch_voting lets count as much as the two filters of the first.
    const spread = Float32Array.of(1, 0, 2, 0, 1, 2, 0, 0);
    expect([...predictByVotes('patch_voting', counts, spread)]).toEqual([1]);
    expect([...predictByVotes('all_voting', counts, spread)]).toEqual([0]);
  });

  it('hears only the filter with the most spikes of every position in spikes_first', () => {
    const votes = Float32Array.of(1, 0, 0, 0, 0, 0, 9, 0);
    expect([...predictByVotes('spikes_first', counts, votes)]).toEqual([0]);
    expect([...predictByVotes('all_voting', counts, votes)]).toEqual([1]);
  });

  it('hears the lowest of filters that fired equally often in spikes_first', () => {
    const equal = packSpikeCounts(Uint16Array.of(2, 0, 2, 0), layer);
    expect([...predictByVotes('spikes_first', equal, Float32Array.of(0, 0, 9, 0, 1, 0, 0, 0))]).toEqual([1]);
  });

  it.each(votingMethods)('%s: the lowest of equal labels wins, silence gives −1', (method) => {
    const images = packSpikeCounts(Uint16Array.of(1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1), layer);
    const votes = Float32Array.of(0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0);
    expect([...predictByVotes(method, images, votes)]).toEqual([1, -1, 0]);
  });

  it('lets only the n best classes of a neuron vote, of equal votes those of the lower labels', () => {
    const one = packSpikeCounts(Uint16Array.of(1, 1), { nFilters: 2, nPositions: 1 });
    // Neuron 0 votes 3, 2, 0; neuron 1 votes 0, 2, 2.5.
    const votes = Float32Array.of(3, 0, 2, 2, 0, 2.5);
    expect([...predictByVotes('all_voting', one, votes)]).toEqual([1]);
    expect([...predictByVotes('all_voting', one, votes, { topN: 1 })]).toEqual([0]);
    expect([...predictByVotes('all_voting', one, votes, { topN: 9 })]).toEqual([1]);
    const tied = Float32Array.of(1, 0, 1, 1, 0, 1);
    expect([...predictByVotes('all_voting', one, tied, { topN: 1 })]).toEqual([0]);
  });

  it.each(votingMethods)('%s agrees with its definition on any counts', (method) => {
    fc.assert(
      fc.property(labelledCounts(), fc.integer({ min: 1, max: 5 }), (labelled, topN) => {
        const { counts: images, labels, nClasses, nNeurons, countOf } = labelled;
        const votes = calibrateVotes(images, labels, nClasses);
        const predictions = predictByVotes(method, images, votes, { topN, nClasses });
        for (let image = 0; image < images.nImages; image++) {
          const silent = [...Array(nNeurons).keys()].every((y) => countOf(image, y) === 0);
          const scores = scoreByDefinition(method, labelled, votes, image, topN);
          expect(predictions[image]).toBe(silent ? -1 : scores.indexOf(Math.max(...scores)));
        }
      }),
    );
  });

  const votes = new Float32Array(8);
  it.each([
    [
      'an unknown method',
      () => predictByVotes('patch-votings' as VotingMethod, counts, votes),
      /Did you mean "patch_voting"/,
    ],
    [
      'counts of another number of images',
      () => predictByVotes('all_voting', { ...counts, nImages: 3 }, votes),
      /3 images with 4 offsets from 0 on, got 2/,
    ],
    [
      'counts of a smaller layer',
      () => predictByVotes('all_voting', { ...counts, nPositions: 1 }, votes),
      /neurons below 2 filters × 1 positions = 2, got 2/,
    ],
    [
      'counts of a larger layer',
      () => predictByVotes('all_voting', { ...counts, nPositions: 3 }, votes),
      /n classes × 6 votes, got 8/,
    ],
    [
      'votes of another layer',
      () => predictByVotes('all_voting', counts, votes.subarray(1)),
      /n classes × 4 votes, got 7/,
    ],
    [
      'votes of other classes',
      () => predictByVotes('all_voting', counts, votes, { nClasses: 3 }),
      /3 classes × 4 votes, got 8/,
    ],
    ['no votes', () => predictByVotes('all_voting', counts, votes.subarray(8)), /got 0/],
    [
      'a negative vote',
      () => predictByVotes('all_voting', counts, new Float32Array(8).fill(-1)),
      /votes ≥ 0, got -1/,
    ],
    [
      'a vote that is no number',
      () => predictByVotes('all_voting', counts, new Float32Array(8).fill(NaN)),
      /votes ≥ 0, got NaN/,
    ],
    [
      'a topN of 0',
      () => predictByVotes('all_voting', counts, votes, { topN: 0 }),
      /topN to be a whole number ≥ 1, got 0/,
    ],
  ])('refuses %s', (_, predict, message) => {
    expect(predict).toThrow(message);
    expect(predict).toThrow(/^predictByVotes: /);
  });
});
