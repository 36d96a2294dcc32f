import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSteps, countWholeSteps } from './steps.js';

const steps = fc.integer({ min: 0, max: 1e6 });
const dt = fc.constantFrom(1, 0.5, 0.1, 0.2, 0.3, 0.05, 0.01, 0.7, 1 / 3);

describe('steps of a duration', () => {
  it('are n for a duration of n steps, however its float64 was rounded', () => {
    fc.assert(
      fc.property(steps, dt, (n, length) => {
        expect(countSteps(n * length, length, 'test')).toBe(n);
        expect(countWholeSteps(n * length, length)).toBe(n);
      }),
    );
  });

  it('are the next whole number where the duration ends within a step', () => {
    fc.assert(
      fc.property(steps, dt, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (n, length, part) => {
        expect(countSteps((n + part) * length, length, 'test')).toBe(n + 1);
        expect(countWholeSteps((n + part) * length, length)).toBeNull();
      }),
    );
  });

  it('are refused beyond what float32 counts', () => {
    expect(() => countSteps(1e6, 0.01, 'refrac')).toThrow(
      'refrac: expected at most 16777216 steps of 0.01 ms',
    );
  });
});
