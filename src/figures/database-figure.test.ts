import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';

it('draws networks in space, each with its name to copy', () => {
  expect(plainFigure(exampleFigures.databaseFigure())).toMatchSnapshot();
});
