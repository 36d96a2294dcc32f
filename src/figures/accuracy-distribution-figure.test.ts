import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { accuracyDistributionFigure } from './index.js';

it('draws a bar per label', () => {
  expect(plainFigure(exampleFigures.accuracyDistributionFigure())).toMatchSnapshot();
});

it('counts images without a prediction as wrong: 8 of 10 right is 80 ± √(0.8 · 0.2 / 10) %', () => {
  const [{ y, error_y }] = accuracyDistributionFigure([8, 0, 2, 1, 9, 0]).data as [
    { y: number[]; error_y: { array: number[] } },
  ];
  expect(y).toEqual([80, 90]);
  expect(error_y.array[0]).toBeCloseTo(100 * Math.sqrt(0.016), 10);
});
