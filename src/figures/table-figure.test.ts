import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { tableFigure } from './index.js';

it('draws published and reproduced accuracies side by side, the first row on top', () => {
  expect(plainFigure(exampleFigures.tableFigure())).toMatchSnapshot();
});

it('refuses a table without rows, and rows with other methods', () => {
  expect(() => tableFigure([])).toThrow('tableFigure: expected at least one row');
  const row = { name: '1', published: [null], reproduced: [null, null] };
  expect(() => tableFigure([row])).toThrow('expected 2 accuracies in each row');
});
