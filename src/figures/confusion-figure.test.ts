import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { confusionFigure } from './index.js';

it('draws shares of each label, the first label on top', () => {
  expect(plainFigure(exampleFigures.confusionFigure())).toMatchSnapshot();
});

it('has a column for images without prediction only where there are such', () => {
  const columns = (matrix: number[]) => (confusionFigure(matrix).data[0] as { x: string[] }).x;
  expect(columns([1, 0, 0, 0, 1, 0])).toEqual(['0', '1']);
  expect(columns([1, 0, 0, 0, 0, 1])).toEqual(['0', '1', 'none']);
});

it('refuses what is no confusion matrix, and names of other classes', () => {
  expect(() => confusionFigure([1, 2, 3])).toThrow('confusionFigure: expected a matrix of n labels');
  expect(() => confusionFigure([1, 0, 0, 0, 1, 0], { classNames: ['a'] })).toThrow(
    'expected classNames of 2 classes, got 1',
  );
});
