import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findBestVoters } from './index.js';

const query = fc
  .record({ nFilters: fc.integer({ min: 1, max: 6 }), nPositions: fc.constantFrom(1, 4, 9) })
  .chain(({ nFilters, nPositions }) =>
    fc.record({
      nFilters: fc.constant(nFilters),
      nPositions: fc.constant(nPositions),
      perPosition: fc.integer({ min: 1, max: 3 }),
      counts: fc.array(fc.integer({ min: 0, max: 4 }), {
        minLength: nFilters * nPositions,
        maxLength: nFilters * nPositions,
      }),
      votes: fc
        .array(fc.integer({ min: 0, max: 3 }), {
          minLength: 2 * nFilters * nPositions,
          maxLength: 2 * nFilters * nPositions,
        })
        .map((votes) => Float32Array.from(votes)),
      label: fc.constantFrom(0, 1),
    }),
  );

it('no neuron of a receptive field that was left out speaks more for the label than one that was taken', () => {
  fc.assert(
    fc.property(query, ({ nFilters, nPositions, perPosition, counts, votes, label }) => {
      const voters = findBestVoters({ nFilters, nPositions, perPosition, counts, votes, label });
      const strengthOf = (neuron: number) => counts[neuron] * votes[label * counts.length + neuron];
      for (let position = 0; position < nPositions; position++) {
        const own = voters.filter((voter) => voter.position === position);
        const spiking = Array.from(
          { length: nFilters },
          (_, filter) => filter * nPositions + position,
        ).filter((neuron) => counts[neuron] > 0);
        expect(own).toHaveLength(Math.min(perPosition, spiking.length));
        for (const { neuron, filter, count, strength } of own) {
          expect(neuron).toBe(filter * nPositions + position);
          expect(count).toBe(counts[neuron]);
          expect(strength).toBe(strengthOf(neuron));
        }
        const taken = new Set(own.map(({ neuron }) => neuron));
        const leastTaken = Math.min(...own.map(({ strength }) => strength));
        const strongerLeft = spiking.filter(
          (neuron) => !taken.has(neuron) && strengthOf(neuron) > leastTaken,
        );
        expect(strongerLeft).toEqual([]);
      }
    }),
  );
});

it('refuses counts of another net and labels without votes', () => {
  const grid = { nFilters: 2, nPositions: 1 };
  expect(() => findBestVoters({ ...grid, counts: [1, 2, 3] })).toThrow(
    'findBestVoters: expected 2 × 1 spike counts, got 3',
  );
  expect(() => findBestVoters({ ...grid, counts: [1, 2], votes: new Float32Array(4), label: 2 })).toThrow(
    'a label from 0 to 1, got 2',
  );
});
