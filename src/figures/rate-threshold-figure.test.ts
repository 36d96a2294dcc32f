import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { rateThresholdFigure } from './index.js';

it('draws rates from left to right and thresholds from below', () => {
  expect(plainFigure(exampleFigures.rateThresholdFigure())).toMatchSnapshot();
});

it('puts every accuracy in its place', () => {
  const [{ x, y, z }] = rateThresholdFigure([
    { maxRate: 1000, threshold: 0.5, accuracy: 0.9 },
    { maxRate: 50, threshold: 2, accuracy: 0.1 },
  ]).data as [{ x: string[]; y: string[]; z: (number | null)[][] }];
  expect([x, y]).toEqual([
    ['50', '1000'],
    ['0.5', '2'],
  ]);
  expect(z).toEqual([
    [null, 90],
    [10, null],
  ]);
});
