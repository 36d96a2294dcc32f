/** Histories in normal form and as published parameters: one line for each, and no two alike. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../store/index.js';
import { addStateSet, describeHistory, type History, spellHistory } from './history.js';
import { segmentsUntil, type TrainingSegment } from './image-order.js';

const setSize = 8;
const context = { data: 'mnist-10k', setSize, nImported: 0 };
const plain: TrainingSegment = {
  nIter: 4,
  learns: 'both',
  order: 'random',
  first: 0,
  end: setSize,
  data: 'mnist-10k',
};
const history = (...segments: TrainingSegment[]): History => ({ segments, sets: [] });

/** So few values that many histories have the same sums. */
const segment = fc.record(
  {
    nIter: fc.integer({ min: 1, max: 3 }),
    learns: fc.constantFrom('both' as const, 'xy' as const, 'yy' as const),
    order: fc.constantFrom('random' as const, 'sequential' as const),
    first: fc.constantFrom(0, 1),
    end: fc.constantFrom(2, setSize),
    batchSize: fc.constantFrom(2, 3),
    data: fc.constantFrom('mnist-10k', 'mnist'),
  },
  { requiredKeys: ['nIter', 'learns', 'order', 'first', 'end', 'data'] },
);
/** Most are plain, so that summaries meet. */
const segments = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: segment.map(({ nIter, learns }) => ({ ...plain, nIter, learns })) },
    {
      weight: 1,
      arbitrary: segment.map((one) => ({ ...plain, nIter: one.nIter, batchSize: one.batchSize })),
    },
    { weight: 1, arbitrary: segment },
  ),
  { maxLength: 4 },
);
const sets = fc.array(fc.record({ at: fc.nat(4), state: fc.constantFrom('aa', 'bb') }), { maxLength: 2 });

const normalForm = fc.record({ segments, sets }).map((given): History => {
  const normal = segmentsUntil({ before: [], segments: given.segments }, Number.POSITIVE_INFINITY);
  const byPlace = new Map(given.sets.map(({ at, state }) => [at, { at, before: null, state }]));
  return { segments: normal, sets: [...byPlace.values()].sort((a, b) => a.at - b.at) };
});

const published = (one: History, nImported = 0) =>
  canonicalJson({ ...describeHistory(one, { ...context, nImported }), dataset: 'mnist-10k' });

describe('the published history', () => {
  it('differs wherever the history differs, and is short where there is one plain training', () => {
    fc.assert(
      fc.property(fc.array(normalForm, { minLength: 30, maxLength: 60 }), (histories) => {
        const seen = new Map<string, History>();
        for (const one of histories) {
          expect(seen.get(published(one)) ?? one).toEqual(one);
          seen.set(published(one), one);
        }
        const lines = new Set(histories.map(spellHistory));
        expect(lines.size).toBe(seen.size);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the summary alone for every history that could be told from it before', () => {
    const both = { ...plain, learns: 'both' as const };
    const [xy, yy] = [
      { ...plain, learns: 'xy' as const },
      { ...plain, learns: 'yy' as const },
    ];
    const inOrder = { ...plain, order: 'sequential' as const, first: 1, end: 5 };
    const told = [
      history(),
      history(both),
      history({ ...both, batchSize: 2 }),
      history(inOrder),
      history(inOrder, inOrder, both),
      history({ ...both, batchSize: 2 }, both),
      history(xy),
      history(xy, yy),
    ];
    for (const one of told) expect(describeHistory(one, context)).not.toHaveProperty('history');
    const untold = [
      history({ ...both, nIter: 3, batchSize: 2 }, { ...both, nIter: 3, batchSize: 2 }),
      history(both, xy, yy),
      history(xy, yy, both),
      history(xy, yy, xy, yy),
      history({ ...both, data: 'mnist' }),
      { ...history(both), sets: [{ at: 4, before: null, state: 'aa' }] },
    ];
    for (const one of untold)
      expect(describeHistory(one, context)).toMatchObject({ history: spellHistory(one) });
  });

  it('tells nothing of the data that a program trained on from which the network was imported', () => {
    const imported = { ...plain, data: 'mnist', end: 5, nIter: 4 };
    expect(describeHistory(history(imported, plain), { ...context, nImported: 4 })).toEqual({
      n_iter: 8,
      train_method: 'basic',
      train_order: 'random 0-5 x 4; random 0-8 x 4',
    });
    expect(describeHistory(history(imported, plain), { ...context, nImported: 3 })).toHaveProperty('history');
  });

  it('reads as a line with a clause for each entry', () => {
    const one: History = {
      segments: [plain, { ...plain, learns: 'xy', batchSize: 2, data: 'mnist:0123' }],
      sets: [{ at: 4, before: null, state: 'ab' }],
    };
    expect(spellHistory(one)).toBe(
      'both random 0-8 x 4 of mnist-10k; xy random 0-8 x 4 in batches of 2 of mnist:0123; set after 4 images to ab',
    );
  });
});

describe('addStateSet', () => {
  const trained = history(plain);

  it('notes the state before and after, once for each place', () => {
    const once = addStateSet(trained, { before: 'aa', state: 'bb' });
    expect(once).toEqual({ ...trained, sets: [{ at: 4, before: 'aa', state: 'bb' }] });
    const twice = addStateSet(once, { before: 'bb', state: 'cc' });
    expect(twice.sets).toEqual([{ at: 4, before: 'aa', state: 'cc' }]);
    const further = addStateSet(
      { ...twice, segments: [{ ...plain, nIter: 9 }] },
      { before: 'dd', state: 'ee' },
    );
    expect(further.sets).toEqual([...twice.sets, { at: 9, before: 'dd', state: 'ee' }]);
  });

  it('notes nothing where the bits are the same, or the same again', () => {
    expect(addStateSet(trained, { before: 'aa', state: 'aa' })).toEqual(trained);
    const once = addStateSet(trained, { before: 'aa', state: 'bb' });
    expect(addStateSet(once, { before: 'bb', state: 'aa' })).toEqual(trained);
  });
});
