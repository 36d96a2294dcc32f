import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';

it('draws a line per method over the training images', () => {
  expect(plainFigure(exampleFigures.accuracyByTrainingFigure())).toMatchSnapshot();
});
