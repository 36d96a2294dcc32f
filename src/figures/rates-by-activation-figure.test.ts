import { expect, it } from 'vitest';
import { exampleFigures } from '../../test/support/example-figures.js';
import { plainFigure } from '../../test/support/plain-figure.js';
import { ratesByActivationFigure } from './index.js';

it('draws a point per unit that is not silent, and the line of equals', () => {
  expect(plainFigure(exampleFigures.ratesByActivationFigure())).toMatchSnapshot();
});

it('thins many points out and leaves silent ones away', () => {
  const activations = Float32Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? 0 : i / 20_000));
  const { data } = ratesByActivationFigure({ activations, rates: activations });
  const { x } = data[1] as { x: number[] };
  expect(x.length).toBeLessThanOrEqual(4000);
  expect(x.length).toBeGreaterThan(3000);
  expect(x.every((value) => value > 0)).toBe(true);
});

it('needs as many rates as activations, and a unit that is not silent', () => {
  expect(() => ratesByActivationFigure({ activations: [1], rates: [] })).toThrow('expected 1 rates, got 0');
  expect(() => ratesByActivationFigure({ activations: [0], rates: [0] })).toThrow(
    'expected at least one unit that is not silent',
  );
});
