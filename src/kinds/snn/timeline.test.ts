/** Timelines: where sets cut segments, and up to which image two histories are one. */
import { describe, expect, it } from 'vitest';
import type { TrainingSegment } from './image-order.js';
import { compareTimelines, readTimeline } from './timeline.js';

const plain: TrainingSegment = { nIter: 10, learns: 'both', order: 'random', first: 0, end: 50 };
const timeline = (segments: readonly TrainingSegment[], sets: object[] = []) =>
  readTimeline({ dataset: 'mnist' }, { segments, sets }, 'network "digits"');

describe('readTimeline', () => {
  it('cuts a segment where something was set within it', () => {
    const sets = [
      { at: 0, before: null, state: 'aa' },
      { at: 4, before: null, state: 'bb' },
      { at: 10, before: null, state: 'cc' },
    ];
    expect(timeline([plain], sets)).toMatchObject([
      { kind: 'set', after: 0, state: 'aa' },
      { from: 1, to: 4, began: 0 },
      { kind: 'set', after: 4, state: 'bb' },
      { from: 5, to: 10, began: 0 },
      { kind: 'set', after: 10, state: 'cc' },
    ]);
  });
});

describe('compareTimelines', () => {
  const compare = (a: readonly TrainingSegment[], b: readonly TrainingSegment[]) => {
    const images = (parts: ReturnType<typeof timeline>) =>
      parts.map((part) => (part.kind === 'trained' ? [part.from, part.to] : part.after));
    const { common, a: first, b: second } = compareTimelines(timeline(a), timeline(b));
    return [images(common), images(first), images(second)];
  };

  it('finds the common beginning within a segment', () => {
    expect(compare([plain], [{ ...plain, nIter: 25 }])).toEqual([[[1, 10]], [], [[11, 25]]]);
    expect(compare([plain], [plain])).toEqual([[[1, 10]], [], []]);
    expect(compare([], [plain])).toEqual([[], [], [[1, 10]]]);
    expect(compare([plain], [{ ...plain, order: 'sequential' }])).toEqual([[], [[1, 10]], [[1, 10]]]);
    const xy = { ...plain, learns: 'xy' as const };
    expect(compare([plain, xy], [{ ...plain, nIter: 4 }, xy])).toEqual([
      [[1, 4]],
      [
        [5, 10],
        [11, 20],
      ],
      [[5, 14]],
    ]);
  });

  it('counts whole minibatches only', () => {
    const batches = { ...plain, batchSize: 4 };
    expect(compare([batches], [{ ...batches, nIter: 25 }])).toEqual([[[1, 8]], [[9, 10]], [[9, 25]]]);
    expect(compare([{ ...batches, nIter: 3 }], [batches])).toEqual([[], [[1, 3]], [[1, 10]]]);
  });
});
