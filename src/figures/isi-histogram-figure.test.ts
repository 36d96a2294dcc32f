import { describe, expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { interSpikeIntervals } from '../analysis/index.js';
import { spikeTrainFromEvents } from '../core/encoding/spike-train.js';
import { irregularSpikes } from './example-results.js';
import { isiHistogramFigure } from './index.js';

type Bars = [{ x: Float64Array; y: Float64Array; width: number }];

const barsOf = (...args: Parameters<typeof isiHistogramFigure>) =>
  (isiHistogramFigure(...args).data as unknown as Bars)[0];

it('draws a bar per bin', () => {
  expect(plainFigure(exampleFigures.isiHistogramFigure())).toMatchSnapshot();
});

describe('its bars', () => {
  it('hold each interval of all neurons once', () => {
    const intervals = interSpikeIntervals(irregularSpikes, { dt: 0.1 }).flatMap((own) => Array.from(own));
    const { x, y, width } = barsOf(irregularSpikes, { dt: 0.1, bin: 0.3 });
    expect(width).toBeCloseTo(0.3, 12);
    x.forEach((centre, i) => {
      const inBin = intervals.filter((interval) => Math.abs(interval - centre) < 0.15);
      expect(y[i]).toBe(inBin.length);
    });
    expect(y.reduce((sum, count) => sum + count, 0)).toBe(intervals.length);
  });

  it('of one step each lie over their intervals', () => {
    const { x, y } = barsOf(spikeTrainFromEvents([0, 1, 4, 5], [0, 0, 0, 0], 6, 1), { dt: 2 });
    expect([[...x], [...y]]).toEqual([
      [2, 4, 6],
      [2, 0, 1],
    ]);
  });

  it('are at most 50 unless told', () => {
    expect(barsOf(spikeTrainFromEvents([0, 999], [0, 0], 1000, 1)).x).toHaveLength(50);
    expect(barsOf(spikeTrainFromEvents([0, 999], [0, 0], 1000, 1), { bin: 1 }).x).toHaveLength(999);
  });
});

it('without intervals has no bars and no mean', () => {
  const figure = isiHistogramFigure(spikeTrainFromEvents([3], [1], 10, 2));
  expect((figure.data as unknown as Bars)[0].x).toHaveLength(0);
  expect(figure.layout).toMatchObject({ title: { text: '0 inter-spike intervals of 2 neurons' } });
  expect(figure.layout.shapes).toBeUndefined();
});
