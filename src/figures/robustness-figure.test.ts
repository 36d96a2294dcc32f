import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { robustnessFigure } from './robustness-figure.js';

it('draws a line per network over the noise', () => {
  expect(plainFigure(exampleFigures.robustnessFigure())).toMatchSnapshot();
});

it('sorts by noise, and refuses nothing to draw', () => {
  const points = [0.3, 0, 0.1].map((noise) => ({ noise, accuracy: 1 - noise, error: 0 }));
  expect(robustnessFigure({ net: points }).data).toMatchObject([{ name: 'net', x: [0, 0.1, 0.3] }]);
  expect(() => robustnessFigure({})).toThrow('robustnessFigure: expected at least one point');
});
