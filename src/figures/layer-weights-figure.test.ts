import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { layerWeightsFigure } from './layer-weights-figure.js';

const rowsOf = (shape: number[]) => {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i);
  const [trace] = layerWeightsFigure({ shape, data }).data as unknown as { z: Float32Array[] }[];
  return trace.z.map((row) => Array.from(row, (w) => (Number.isNaN(w) ? '.' : w)).join(' '));
};

it('shows the channels of every neuron side by side', () => {
  expect(plainFigure(exampleFigures.layerWeightsFigure())).toMatchSnapshot();
});

it('lays neurons of one channel out in a square', () => {
  expect(rowsOf([3, 1, 2, 2])).toEqual(['0 1 . 4 5', '2 3 . 6 7', '. . . . .', '8 9 . . .', '10 11 . . .']);
});

it('makes a matrix of neurons and channels where there are many, without lines between single weights', () => {
  expect(rowsOf([2, 4, 1, 2])).toEqual([
    '0 1 . 2 3 . 4 5 . 6 7',
    '. . . . . . . . . . .',
    '8 9 . 10 11 . 12 13 . 14 15',
  ]);
  expect(rowsOf([2, 4, 1, 1])).toEqual(['0 1 2 3', '4 5 6 7']);
});

it('refuses another shape', () => {
  expect(() => layerWeightsFigure({ shape: [2, 2], data: new Float32Array(4) })).toThrow(
    '[neuron, channel, ky, kx]',
  );
});
