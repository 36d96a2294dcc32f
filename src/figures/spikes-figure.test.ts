import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import * as results from './example-results.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { spikesFigure } from './index.js';

it('draws a tick per spike', () => {
  expect(plainFigure(exampleFigures.spikesFigure())).toMatchSnapshot();
});

it('has exactly the spikes of the recording', () => {
  const dt = 0.5;
  const [{ x, y }] = spikesFigure(results.spikes, { dt }).data as [{ x: number[]; y: number[] }];
  const redrawn = new Float32Array(results.spikes.data.length);
  x.forEach((time, at) => (redrawn[(time / dt) * results.nNeurons + y[at]] = 1));
  expect(redrawn).toEqual(results.spikes.data);
});
