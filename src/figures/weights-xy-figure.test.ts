import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import * as results from './example-results.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { weightsXYFigure } from './index.js';
import { tileFilters } from './tile-filters.js';

it('draws filters upright, by receptive field', () => {
  expect(plainFigure(exampleFigures.weightsXYFigure())).toMatchSnapshot();
});

it('draws the filters of shared and of fully connected weights in one block', () => {
  expect(plainFigure(weightsXYFigure(results.weightsC))).toMatchSnapshot();
});

it('shows every weight once, where its filter, receptive field and pixel are', () => {
  const { rows, filters } = tileFilters(results.weightsLC, 'test');
  // Filters 2 × 2 in a block of 2 · 4 pixels; 3 more between blocks.
  for (let filter = 0; filter < 4; filter++) {
    for (let position = 0; position < 4; position++) {
      for (let pixel = 0; pixel < 9; pixel++) {
        const y = Math.floor(position / 2) * 11 + Math.floor(filter / 2) * 4 + Math.floor(pixel / 3);
        const x = (position % 2) * 11 + (filter % 2) * 4 + (pixel % 3);
        expect(rows[y][x]).toBe(results.weightsLC.data[(filter * 4 + position) * 9 + pixel]);
        expect(filters[y][x]).toBe(filter);
      }
    }
  }
  expect(rows.reduce((sum, row) => sum + row.filter((weight) => !Number.isNaN(weight)).length, 0)).toBe(144);
});

it('refuses weights of another shape', () => {
  expect(() => weightsXYFigure({ shape: [4, 9], data: new Float32Array(36) })).toThrow(
    'weightsXYFigure: expected weights [filter, row, column, ky, kx] or [filter, ky, kx], got [4,9]',
  );
});
