import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import * as results from './example-results.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { rankCompetingPairs } from './competition-map-figure.js';
import { competitionMapFigure } from './index.js';

it('draws the strongest pairs over the filters', () => {
  expect(plainFigure(exampleFigures.competitionMapFigure())).toMatchSnapshot();
});

it('ranks pairs by the mean of both directions', () => {
  const weights = { shape: [1, 3, 3], data: Float32Array.from([0, -1, -2, -3, 0, -8, -2, -4, 0]) };
  expect(rankCompetingPairs(weights, 0)).toEqual([
    { a: 1, b: 2, weight: -6 },
    { a: 0, b: 1, weight: -2 },
    { a: 0, b: 2, weight: -2 },
  ]);
});

it('refuses a receptive field that is not there, and filters of another net', () => {
  const { weightsLC, weightsYY } = results;
  expect(() => competitionMapFigure(weightsLC, weightsYY, { position: 4 })).toThrow(
    'position from 0 to 3, got 4',
  );
  const other = { shape: [2, 2, 2], data: new Float32Array(8) };
  expect(() => competitionMapFigure(other, weightsYY)).toThrow('XY weights of 4 filters');
});
