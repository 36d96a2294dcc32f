import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';

it('draws a bar per bin and the mean', () => {
  expect(plainFigure(exampleFigures.competitionDistributionFigure())).toMatchSnapshot();
});
