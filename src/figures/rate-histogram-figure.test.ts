import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { spikeTrainFromEvents } from '../core/encoding/spike-train.js';
import { rateHistogramFigure } from './index.js';

it('draws a bar per bin', () => {
  expect(plainFigure(exampleFigures.rateHistogramFigure())).toMatchSnapshot();
});

it('counts every neuron once, silent ones too, and marks the mean', () => {
  const train = spikeTrainFromEvents([0, 2, 4, 6, 6], [0, 0, 0, 0, 2], 10, 4);
  const { data, layout } = rateHistogramFigure(train, { dt: 10, bins: 4 });
  // 40, 0, 10 and 0 Hz.
  const [{ x, y }] = data as unknown as [{ x: Float64Array; y: Float64Array }];
  expect([[...x], [...y]]).toEqual([
    [5, 15, 25, 35],
    [2, 1, 0, 1],
  ]);
  expect(layout.shapes).toMatchObject([{ x0: 12.5, x1: 12.5 }]);
});

it('of silent neurons is one bar at 0 Hz', () => {
  const { data } = rateHistogramFigure(spikeTrainFromEvents([], [], 10, 3), { bins: 2 });
  expect([...(data as unknown as [{ y: Float64Array }])[0].y]).toEqual([3, 0]);
});
