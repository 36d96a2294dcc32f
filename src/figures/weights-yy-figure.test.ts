import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import * as results from './example-results.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { weightsYYFigure } from './index.js';

it('draws a matrix per receptive field', () => {
  expect(plainFigure(exampleFigures.weightsYYFigure())).toMatchSnapshot();
});

it('shows the weight from source (row) to target (column), nothing on the diagonal', () => {
  const [{ z }] = weightsYYFigure(results.weightsYY).data as unknown as [{ z: Float32Array[] }];
  expect(z[6 + 2][1]).toBe(results.weightsYY.data[(2 * 4 + 2) * 4 + 1]);
  expect(z[6 + 2][2]).toBeNaN();
});

it('refuses weights of another shape', () => {
  expect(() => weightsYYFigure({ shape: [4, 4], data: new Float32Array(16) })).toThrow(
    'weightsYYFigure: expected weights [position, source filter, target filter]',
  );
});
