import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { accuracyByTopNFigure } from './index.js';

it('draws a line per method', () => {
  expect(plainFigure(exampleFigures.accuracyByTopNFigure())).toMatchSnapshot();
});

it('puts points into order and leaves out what a method was not scored for', () => {
  const { data } = accuracyByTopNFigure([
    { x: 5, scores: { lc: { accuracy: 0.5, error: 0.1 } } },
    { x: 1, scores: { lc: { accuracy: 0.25, error: 0.1 }, all_voting: { accuracy: 1, error: 0 } } },
  ]);
  expect(data).toMatchObject([
    { name: 'linear classifier', x: [1, 5], y: [25, 50], error_y: { array: [10, 10] } },
    { name: 'all voting', x: [1], y: [100] },
  ]);
});

it('needs a point', () => {
  expect(() => accuracyByTopNFigure([])).toThrow('accuracyByTopNFigure: expected at least one point');
});
