import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import * as results from './example-results.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { inputFigure } from './index.js';

it('draws the image upright beside its spikes', () => {
  expect(plainFigure(exampleFigures.inputFigure())).toMatchSnapshot();
});

it('has the pixels of the image and the spikes of the recording', () => {
  const [picture, spikes] = inputFigure(results.image, { spikes: results.inputSpikes }).data as unknown as {
    z: Uint8Array[];
  }[];
  expect(picture.z.flatMap((row) => Array.from(row))).toEqual([...results.image]);
  expect(spikes.z.flatMap((row) => Array.from(row))).toEqual(
    Array.from({ length: 25 }, (_, pixel) => Math.ceil(results.steps / (25 - pixel))),
  );
});

it('names the class of the image', () => {
  const titleOf = (options: object) => {
    const { title } = inputFigure(results.image, options).layout;
    return (title as { text: string }).text;
  };
  expect(titleOf({ label: 1 })).toContain('Input image of a 1');
  expect(titleOf({ label: 1, classNames: ['Coat', 'Bag'] })).toContain('Input image of class Bag');
  expect(titleOf({ label: 2, classNames: ['Coat', 'Bag'] })).toContain('Input image of a 2');
});

it('refuses what is no square, and spikes of another image', () => {
  expect(() => inputFigure(new Uint8Array(24))).toThrow('inputFigure: expected a square image, got 24');
  expect(() => inputFigure(new Uint8Array(16), { spikes: results.inputSpikes })).toThrow(
    'spikes of 16 pixels, got 25',
  );
});
