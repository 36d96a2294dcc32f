import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';

it('draws spikes, thresholds and weights beside the numbers', () => {
  expect(plainFigure(exampleFigures.healthFigure())).toMatchSnapshot();
});
