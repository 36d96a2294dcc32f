import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import * as results from './example-results.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { bestVotersFigure } from './index.js';

const { nFilters, nPositions, nNeurons, steps, spikes, voltages, votes, weightsLC, thresholds } = results;
const grid = { nFilters, nPositions };

it('draws weights and potential of the strongest voter of each receptive field', () => {
  expect(plainFigure(exampleFigures.bestVotersFigure())).toMatchSnapshot();
});

it('takes the voters, weights, potentials and spikes that a plain computation finds', () => {
  const label = 2;
  const { data } = bestVotersFigure({
    ...grid,
    weightsXY: weightsLC,
    spikes,
    voltages,
    thresholds,
    votes,
    label,
  });
  expect(data).toHaveLength(4 * nPositions);
  for (let position = 0; position < nPositions; position++) {
    const strengths = Array.from({ length: nFilters }, (_, filter) => {
      const neuron = filter * nPositions + position;
      let count = 0;
      for (let step = 0; step < steps; step++) count += spikes.data[step * nNeurons + neuron];
      return count * votes[label * nNeurons + neuron];
    });
    const filter = strengths.indexOf(Math.max(...strengths));
    const neuron = filter * nPositions + position;
    const [picture, threshold, potential, ticks] = data.slice(4 * position, 4 * position + 4) as unknown as [
      { z: Float32Array[] },
      { y: number[] },
      { y: Float32Array },
      { x: number[] },
    ];
    const from = (filter * nPositions + position) * 9;
    expect(picture.z.flatMap((row) => Array.from(row))).toEqual([...weightsLC.data.subarray(from, from + 9)]);
    expect(threshold.y).toEqual([thresholds[neuron], thresholds[neuron]]);
    const own = Array.from({ length: steps }, (_, step) => step * nNeurons + neuron);
    expect([...potential.y]).toEqual(own.map((at) => voltages.data[at]));
    expect(ticks.x).toEqual(own.flatMap((at, step) => (spikes.data[at] ? [step] : [])));
  }
});

it('names the class that was voted for', () => {
  const image = { ...grid, weightsXY: weightsLC, spikes, voltages, thresholds, votes, label: 2 };
  const titleOf = (options: object) => JSON.stringify(bestVotersFigure(image, options).layout.title);
  expect(titleOf({})).toContain('Best voters for 2:');
  expect(titleOf({ classNames: ['Coat', 'Bag', 'Dress'] })).toContain('Best voters for Dress:');
});

it('shows the filters with the most spikes before calibration, several where there is one receptive field', () => {
  const fields = { nFilters: 16, nPositions: 1 };
  const weightsXY = { shape: [16, 2, 2], data: new Float32Array(64) };
  const { data, layout } = bestVotersFigure({
    ...fields,
    weightsXY,
    spikes,
    voltages,
    thresholds,
    votes: null,
    label: null,
  });
  expect(data).toHaveLength(4 * 6);
  expect(layout.annotations?.map(({ text }) => text)).toEqual([
    'filter 0: 5 spikes',
    'filter 1: 4 spikes',
    'filter 4: 4 spikes',
    'filter 2: 3 spikes',
    'filter 3: 3 spikes',
    'filter 5: 3 spikes',
  ]);
});

it('says so where a receptive field, or the whole net, is silent', () => {
  const silent = { ...spikes, data: new Float32Array(spikes.data.length) };
  const image = { weightsXY: weightsLC, voltages, thresholds, votes, label: -1 };
  const texts = (layout: { annotations?: { text?: unknown }[] }) =>
    layout.annotations?.map(({ text }) => text);
  expect(texts(bestVotersFigure({ ...grid, ...image, spikes: silent }).layout as never)).toEqual([
    '(0, 0) no spikes',
    '(0, 1) no spikes',
    '(1, 0) no spikes',
    '(1, 1) no spikes',
  ]);
  const one = { ...image, nFilters: 16, nPositions: 1, weightsXY: results.weightsC };
  expect(texts(bestVotersFigure({ ...one, spikes: silent }).layout as never)).toEqual(['no spikes']);
});
