import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import * as results from './example-results.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { voltageFigure } from './index.js';

it('draws potential, threshold and spikes', () => {
  expect(plainFigure(exampleFigures.voltageFigure())).toMatchSnapshot();
});

it('has exactly the values of the recordings', () => {
  const { voltages, spikes, steps, nNeurons } = results;
  const neuron = 6;
  const [potential, , ticks] = voltageFigure(voltages, spikes, { neuron, threshold: -50 })
    .data as unknown as [{ x: Float64Array; y: Float32Array }, unknown, { x: number[] }];
  expect([...potential.x]).toEqual(Array.from({ length: steps }, (_, step) => step));
  expect([...potential.y]).toEqual(
    Array.from({ length: steps }, (_, step) => voltages.data[step * nNeurons + neuron]),
  );
  const spiked = Array.from({ length: steps }, (_, step) => step).filter(
    (step) => spikes.data[step * nNeurons + neuron],
  );
  expect(spiked.length).toBeGreaterThan(1);
  expect(ticks.x).toEqual(spiked);
});

it('refuses a neuron that is not there', () => {
  expect(() => voltageFigure(results.voltages, results.spikes, { neuron: 16, threshold: -50 })).toThrow(
    'a neuron from 0 to 15, got 16',
  );
});
