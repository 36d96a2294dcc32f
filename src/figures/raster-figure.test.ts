import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { populationRate } from '../analysis/index.js';
import { rasterFromSpikeTrain, spikeTrainFromEvents } from '../core/encoding/spike-train.js';
import { Monitor } from '../core/network/monitors.js';
import { irregularSpikes } from './example-results.js';
import { rasterFigure } from './index.js';

type Traces = [{ x: number[]; y: number[] }, { x: Float64Array; y: Float64Array }];

it('draws a tick per spike over the rate', () => {
  expect(plainFigure(exampleFigures.rasterFigure())).toMatchSnapshot();
});

it('has exactly the spikes, and the rate of the population', () => {
  const [{ x, y }, rate] = rasterFigure(irregularSpikes, { dt: 0.5, bin: 10 }).data as unknown as Traces;
  const { steps, size } = irregularSpikes;
  const redrawn = spikeTrainFromEvents(
    x.map((time) => time / 0.5),
    y,
    steps,
    size,
  );
  expect(rasterFromSpikeTrain(redrawn)).toEqual(rasterFromSpikeTrain(irregularSpikes));
  const { times, rates } = populationRate(irregularSpikes, { dt: 0.5, bin: 10 });
  expect(rate).toMatchObject({ x: times, y: rates });
});

it('draws a window of a monitor in its time', () => {
  const monitor = new Monitor({ variables: ['spikes'] });
  monitor.track('Y', 2).advance(10, spikeTrainFromEvents([1, 4, 7], [0, 2, 1], 10, 3));
  const figure = rasterFigure(monitor, { from: 4, to: 16, bin: 4 });
  const [{ x, y }, rate] = figure.data as unknown as Traces;
  expect([x, y]).toEqual([
    [8, 14],
    [2, 1],
  ]);
  expect([...rate.x]).toEqual([6, 10, 14]);
  expect(figure.layout.xaxis).toMatchObject({ range: [4, 16] });
});

it('draws what has no spikes', () => {
  const [spikes, rate] = rasterFigure(spikeTrainFromEvents([], [], 50, 3)).data as unknown as Traces;
  expect(spikes.x).toEqual([]);
  expect([...rate.y]).toEqual(new Array(50).fill(0));
});

it('names itself where bins are no whole steps', () => {
  expect(() => rasterFigure(irregularSpikes, { bin: 1.5 })).toThrow(
    'rasterFigure: expected bin to be whole steps of 1 ms, got 1.5',
  );
});
