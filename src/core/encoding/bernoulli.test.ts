/** Bernoulli encoding: rates, independence of steps and pixels, misuse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bernoulli } from './bernoulli.js';
import { rasterFromSpikeTrain } from './spike-train.js';

describe('bernoulli', () => {
  it.each([
    { brightness: 1, maxProbability: 1, probability: 1 },
    { brightness: 1, maxProbability: 0.25, probability: 0.25 },
    { brightness: 0.3, maxProbability: 0.5, probability: 0.15 },
    { brightness: 0, maxProbability: 1, probability: 0 },
  ])(
    'brightness $brightness, at most $maxProbability: $probability per step, within 5 standard errors',
    ({ brightness, maxProbability, probability }) => {
      const [nPixels, time] = [500, 100];
      const values = Array.from({ length: nPixels }, () => brightness);
      const raster = rasterFromSpikeTrain(bernoulli(values, { time, maxProbability, seed: 5 }));
      const error = Math.sqrt(probability * (1 - probability));
      for (const [size, parts, indexOf] of [
        [nPixels * time, 1, () => 0],
        [nPixels, time, (i: number) => Math.floor(i / nPixels)],
        [time, nPixels, (i: number) => i % nPixels],
      ] as const) {
        const counts = new Float64Array(parts);
        raster.forEach((spike, i) => {
          counts[indexOf(i)] += spike;
        });
        for (const count of counts) {
          expect(Math.abs(count - size * probability)).toBeLessThanOrEqual(5 * error * Math.sqrt(size));
        }
      }
      // A spike says nothing of the next step.
      let pairs = 0;
      for (let i = 0; i + nPixels < raster.length; i++) pairs += raster[i] * raster[i + nPixels];
      const nPairs = raster.length - nPixels;
      expect(Math.abs(pairs / nPairs - probability ** 2)).toBeLessThanOrEqual(
        (5 * 2 * probability * error) / Math.sqrt(nPairs) + 1e-9,
      );
    },
  );

  it('has a probability of 1 per step unless told otherwise, and reads bytes as brightness / 255', () => {
    expect([...rasterFromSpikeTrain(bernoulli(Uint8Array.of(255, 0), { time: 2 }))]).toEqual([1, 0, 1, 0]);
    const bytes = Uint8Array.from({ length: 50 }, (_, i) => 5 * i);
    const floats = [...bytes].map((byte) => byte / 255);
    expect(bernoulli(bytes, { time: 50 })).toEqual(bernoulli(floats, { time: 50 }));
  });

  it('gives a pixel spikes that depend on nothing but key, index and brightness', () => {
    const values = fc.array(fc.constantFrom(0, 0.2, 0.7), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, values, fc.maxSafeNat(), fc.nat(100), (a, b, seed, item) => {
        const [first, second] = [a, b].map((each) =>
          rasterFromSpikeTrain(bernoulli(each, { time: 40, seed, item })),
        );
        a.forEach((brightness, pixel) => {
          if (brightness !== b[pixel]) return;
          for (let t = 0; t < 40; t++) {
            expect(second[t * b.length + pixel]).toBe(first[t * a.length + pixel]);
          }
        });
      }),
    );
  });

  it.each([
    [[2], {}, 'bernoulli: expected brightness in [0, 1] (or bytes), got "2 at index 0"'],
    [[1], { time: -1 }, 'bernoulli: expected time to be a whole number of steps ≥ 1, got -1'],
    [[1], { maxProbability: 1.1 }, 'bernoulli: expected maxProbability in [0, 1], got 1.1'],
    [[1], { maxProbability: Number.NaN }, 'bernoulli: expected maxProbability in [0, 1], got NaN'],
  ])('refuses %o with %o', (values, change, message) => {
    expect(() => bernoulli(values, { time: 10, ...change })).toThrow(message);
  });
});
