import { describe, expect, it } from 'vitest';
import { describeSlowDecay, effectiveDecay } from './slow-decay.js';

const { fround } = Math;

/** The time constant with which a value decays over `steps` products in float32. */
function measure(dt: number, timeConstant: number, start: number, steps: number): number {
  const factor = fround(Math.exp(-dt / timeConstant));
  let value = fround(start);
  for (let step = 0; step < steps; step++) value = fround(value * factor);
  return (-dt * steps) / Math.log(value / fround(start));
}

describe('effectiveDecay', () => {
  it.each([
    [1, 1e6],
    [0.5, 1e6],
    [0.5, 1e7],
    [1, 1e7],
    [1, 3e7],
  ])(
    'at dt %s ms bounds the time constants that %s ms have in float32, and meets both',
    (dt, timeConstant) => {
      const found = effectiveDecay(dt, timeConstant) as { least: number; most: number };
      const measured = Array.from({ length: 500 }, (_, i) => measure(dt, timeConstant, 1 + i / 500, 3));
      expect(Math.min(...measured)).toBeGreaterThan(found.least * 0.999);
      expect(Math.max(...measured)).toBeLessThan(found.most * 1.001);
      expect(Math.min(...measured)).toBeLessThan(found.least * 1.01);
      expect(Math.max(...measured)).toBeGreaterThan(found.most * 0.99);
      expect(Math.max(found.most / timeConstant - 1, 1 - found.least / timeConstant)).toBeGreaterThan(0.01);
    },
  );

  it.each([
    [1, 20],
    [0.1, 100],
    [1, 1e5],
    [1, Infinity],
  ])('has nothing to say at dt %s ms of %s ms', (dt, timeConstant) => {
    expect(effectiveDecay(dt, timeConstant)).toBeNull();
  });

  it('says where nothing decays', () => {
    expect(describeSlowDecay(1, 4e7)).toBe('40,000,000 ms does not decay at all in float32 at dt = 1 ms');
    expect(describeSlowDecay(1, 1e6)).toBe(
      '1,000,000 ms acts as 932,000 to 1,040,000 ms in float32 at dt = 1 ms',
    );
  });
});
