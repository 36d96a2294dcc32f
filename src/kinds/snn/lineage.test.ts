/** Which networks of the table may take the place of which: only those that went on from them. */
import { describe, expect, it } from 'vitest';
import type { Parameters } from '../../store/index.js';
import type { StateSet } from './history.js';
import type { TrainingSegment } from './image-order.js';
import { snnLineage } from './lineage.js';

const random: TrainingSegment = { nIter: 100, learns: 'both', order: 'random', first: 0, end: 7000 };
const sequence: TrainingSegment = { ...random, nIter: 50, order: 'sequential' };
const stateSet = (at: number, state: string): StateSet => ({ at, before: null, state });

function network(
  segments: readonly TrainingSegment[],
  sets: readonly StateSet[] = [],
  other: Parameters = {},
) {
  const parameters = { network_type: 'LC_SNN', n_filters: 25, dataset: 'mnist-10k', seed: 0, ...other };
  return { parameters, meta: { segments, sets } };
}

const stored = network([sequence, random]);

describe('a network continues a stored one', () => {
  it.each([
    ['the same history', network([sequence, random])],
    ['more images of the last segment', network([sequence, { ...random, nIter: 101 }])],
    ['another segment', network([sequence, random, sequence])],
    [
      'another data set after it',
      network(
        [
          { ...sequence, data: 'mnist-10k' },
          { ...random, data: 'mnist-10k' },
        ],
        [],
        { dataset: 'mnist' },
      ),
    ],
    ['a state that was set at its end', network([sequence, random], [stateSet(150, 'aa')])],
    ['another number of images as a parameter', network([sequence, random], [], { n_iter: 150 })],
  ])('with %s', (_, next) => {
    expect(snnLineage.continues(stored, next)).toBe(true);
  });

  it.each([
    ['fewer images', network([sequence, { ...random, nIter: 99 }])],
    ['fewer segments', network([sequence])],
    ['more images of an earlier segment', network([{ ...sequence, nIter: 60 }, random])],
    ['images of another range', network([sequence, { ...random, end: 6999 }])],
    ['minibatches', network([sequence, { ...random, batchSize: 2 }])],
    ['other data from the beginning', network([sequence, random], [], { dataset: 'mnist' })],
    ['a state that was set before its end', network([sequence, random], [stateSet(149, 'aa')])],
    ['another parameter', network([sequence, random], [], { n_filters: 36 })],
    ['another seed', network([sequence, random], [], { seed: 1 })],
    ['a damaged history', { ...stored, meta: { segments: 'none' } }],
  ])('but not with %s', (_, next) => {
    expect(snnLineage.continues(stored, next)).toBe(false);
  });

  it('with all the states that were set in it, and no others', () => {
    const withSet = network([sequence, random], [stateSet(150, 'aa')]);
    const longer = [sequence, { ...random, nIter: 200 }];
    expect(snnLineage.continues(withSet, network(longer, [stateSet(150, 'aa')]))).toBe(true);
    expect(snnLineage.continues(withSet, network(longer, [stateSet(150, 'aa'), stateSet(250, 'bb')]))).toBe(
      true,
    );
    expect(snnLineage.continues(withSet, network(longer, [stateSet(150, 'bb')]))).toBe(false);
    expect(snnLineage.continues(withSet, network(longer))).toBe(false);
  });
});
