import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { gridFigure } from './index.js';

it('draws the best of every place, and marks the best of all', () => {
  expect(plainFigure(exampleFigures.gridFigure())).toMatchSnapshot();
});

it('orders numbers by size and leaves places without a network empty', () => {
  const [{ x, y, z }] = exampleFigures.gridFigure().data as [
    { x: string[]; y: string[]; z: (number | null)[][] },
  ];
  expect(x).toEqual(['−100', '−50']);
  expect(y).toEqual(['0.2', '0.4']);
  expect(z).toEqual([
    [70, 75],
    [80, null],
  ]);
});

it('needs a cell', () => {
  expect(() => gridFigure([], { x: 'a', y: 'b' })).toThrow('gridFigure: expected at least one cell');
});
