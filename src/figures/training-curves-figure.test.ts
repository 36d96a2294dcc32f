import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { trainingCurvesFigure } from './training-curves-figure.js';

it('draws accuracies above the loss', () => {
  expect(plainFigure(exampleFigures.trainingCurvesFigure())).toMatchSnapshot();
});

it('draws tests where there were some, and no line for none', () => {
  const point = { loss: 1, trainCorrect: 0.5, testCorrect: null };
  const [one, two] = [
    { ...point, x: 1 },
    { ...point, x: 2, testCorrect: 0.25 },
  ];
  const named = (points: (typeof one)[]) =>
    trainingCurvesFigure(points).data.map((trace) => (trace as { name: string }).name);
  expect(named([one])).toEqual(['training images', 'loss']);
  expect(trainingCurvesFigure([one, two]).data[1]).toMatchObject({ name: 'test images', x: [2], y: [25] });
  expect(() => trainingCurvesFigure([])).toThrow('trainingCurvesFigure: expected at least one point');
});
