import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import * as results from './example-results.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { bestSpikesFigure } from './index.js';

it('draws the busiest neuron of each receptive field', () => {
  expect(plainFigure(exampleFigures.bestSpikesFigure())).toMatchSnapshot();
});

it('has the spikes of the recording: filter 0 spikes most everywhere, in every (4 + position)th step', () => {
  const [{ x, y }] = bestSpikesFigure(results.spikes, results, { dt: 0.5 }).data as [
    { x: number[]; y: number[] },
  ];
  for (let position = 0; position < 4; position++) {
    const times = x.filter((_, at) => y[at] === position);
    const expected = Array.from({ length: 20 }, (_, step) => step).filter(
      (step) => step % (4 + position) === 3,
    );
    expect(times).toEqual(expected.map((step) => step * 0.5));
  }
});

it('says so where nothing spiked', () => {
  const silent = { steps: 5, size: 4, data: new Float32Array(20) };
  const { layout } = bestSpikesFigure(silent, { nFilters: 4, nPositions: 1 });
  expect(layout.annotations).toMatchObject([{ text: 'no spikes' }]);
});
