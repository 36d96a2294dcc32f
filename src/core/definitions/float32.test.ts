import { describe, expect, it } from 'vitest';
import { exp, log } from './float32.js';

const { fround } = Math;

const bits = new DataView(new ArrayBuffer(4));

/** Distance of two float32 neighbours at this magnitude. */
function unitInLastPlace(value: number): number {
  const magnitude = fround(Math.abs(value));
  bits.setFloat32(0, magnitude);
  bits.setInt32(0, bits.getInt32(0) + 1);
  return bits.getFloat32(0) - magnitude;
}

const inputs = (from: number, to: number) =>
  Array.from({ length: 200_000 }, (_, i) => fround(from + ((to - from) * i) / 200_000));

const worst = (values: readonly number[], ours: (x: number) => number, exact: (x: number) => number) =>
  Math.max(
    ...[0, 1, 2, 3].map((part) => {
      let most = 0;
      for (let i = part; i < values.length; i += 4) {
        const expected = exact(values[i]);
        most = Math.max(most, Math.abs(ours(values[i]) - expected) / unitInLastPlace(expected));
      }
      return most;
    }),
  );

describe('functions in float32', () => {
  it('exp is within 1 ulp', () => {
    expect(worst(inputs(-87.3, 88.7), exp, Math.exp)).toBeLessThan(1);
    expect([exp(0), exp(-0), exp(1e30), exp(-1e30), exp(Infinity), exp(-Infinity)]).toEqual([
      1,
      1,
      Infinity,
      0,
      Infinity,
      0,
    ]);
    expect(exp(NaN)).toBeNaN();
  });

  it('log is within 1 ulp', () => {
    expect(
      worst(
        inputs(-87, 88).map((x) => fround(Math.exp(x))),
        log,
        Math.log,
      ),
    ).toBeLessThan(1);
    expect([log(1), log(0), log(-0), log(Infinity)]).toEqual([0, -Infinity, -Infinity, Infinity]);
    expect([log(-1), log(NaN)]).toEqual([NaN, NaN]);
  });
});
