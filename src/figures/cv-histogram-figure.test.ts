import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { spikeTrainFromEvents } from '../core/encoding/spike-train.js';
import { cvHistogramFigure } from './index.js';

/** Neuron 0 is regular, neuron 1 has intervals of 1 and 3 steps, neuron 2 two spikes, neuron 3 none. */
const train = spikeTrainFromEvents([0, 2, 4, 0, 1, 4, 5, 9], [0, 0, 0, 1, 1, 1, 2, 2], 10, 4);

type Bars = [{ x: Float64Array; y: Float64Array }];

it('draws a bar per bin', () => {
  expect(plainFigure(exampleFigures.cvHistogramFigure())).toMatchSnapshot();
});

it('counts the neurons that have a variation, and says how many', () => {
  const { data, layout } = cvHistogramFigure(train, { bins: 4 });
  const [{ x, y }] = data as unknown as Bars;
  // 0 and 1/2.
  expect([[...x], [...y]]).toEqual([
    [0.125, 0.375, 0.625, 0.875],
    [1, 0, 1, 0],
  ]);
  expect(layout).toMatchObject({ title: { text: 'CV of 2 of 4 neurons' }, shapes: [{ x0: 0.25 }] });
});

it('measures CV2 and LV too', () => {
  const at = (measure: 'cv2' | 'lv') => cvHistogramFigure(train, { measure }).layout.shapes;
  // CV2: 0 and 1; LV: 0 and 3/4.
  expect(at('cv2')).toMatchObject([{ x0: 0.5 }]);
  expect(at('lv')).toMatchObject([{ x0: 0.375 }]);
});

it('of neurons without intervals is empty', () => {
  const { data, layout } = cvHistogramFigure(spikeTrainFromEvents([], [], 10, 3), { bins: 2 });
  expect([...(data as unknown as Bars)[0].y]).toEqual([0, 0]);
  expect(layout.shapes).toBeUndefined();
});
