import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { reconstructionFigure } from './reconstruction-figure.js';

it('shows input, reconstruction and difference', () => {
  expect(plainFigure(exampleFigures.reconstructionFigure())).toMatchSnapshot();
});

it('draws three channels in colour, and their mean difference', () => {
  const red = { shape: [3, 1, 2], data: Float32Array.of(1, 0, 0, 0, 0, 0) };
  const dark = { shape: [3, 1, 2], data: new Float32Array(6) };
  const { data, layout } = reconstructionFigure(red, dark);
  const [input, , difference] = data as unknown as { type: string; z: number[][] }[];
  expect([input.type, input.z]).toEqual([
    'image',
    [
      [
        [255, 0, 0],
        [0, 0, 0],
      ],
    ],
  ]);
  expect(difference.z[0][0]).toBeCloseTo(-1 / 3, 6);
  // √(1 / 6)
  expect((layout.title as { text: string }).text).toContain('0.408');
});

it('refuses pictures of other shapes', () => {
  const picture = { shape: [1, 2, 2], data: new Float32Array(4) };
  expect(() => reconstructionFigure({ ...picture, shape: [2, 1, 2] }, picture)).toThrow('1 or 3 channels');
  expect(() => reconstructionFigure(picture, { shape: [1, 1, 4], data: new Float32Array(4) })).toThrow(
    'a reconstruction of shape [1, 2, 2]',
  );
});
