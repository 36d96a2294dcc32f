import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { accuracyByTimeFigure } from './index.js';

it('draws a line per normalisation, and where the ReLU network is', () => {
  expect(plainFigure(exampleFigures.accuracyByTimeFigure())).toMatchSnapshot();
});

it('needs curves of one length', () => {
  expect(() => accuracyByTimeFigure({})).toThrow('accuracyByTimeFigure: expected at least one curve');
  expect(() => accuracyByTimeFigure({ data: { times: [1, 2], accuracy: [0.5] } })).toThrow(
    'accuracyByTimeFigure, data: expected 2 accuracies, got 1',
  );
});
