/** Intervals and how they vary: regular, alternating and random trains in closed form. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bernoulliTrain, distance, smallTrains } from '../../test/support/random-trains.js';
import { type SpikeTrain, spikeTrainFromEvents } from '../core/encoding/spike-train.js';
import { interSpikeIntervals, intervalVariation } from './index.js';

/** One neuron that spikes at these steps. */
const neuronAt = (...times: number[]): SpikeTrain =>
  spikeTrainFromEvents(times, new Uint8Array(times.length), 1 + Math.max(0, ...times), 1);

const asArrays = (lists: readonly number[][]) => lists.map((list) => Float64Array.from(list));

describe('inter-spike intervals', () => {
  it('are the times between the spikes of one neuron', () => {
    const train = spikeTrainFromEvents([2, 3, 5, 9, 9], [0, 1, 0, 0, 1], 10, 4);
    expect(interSpikeIntervals(train, { dt: 0.5 })).toEqual(asArrays([[1.5, 2], [3], [], []]));
    expect(interSpikeIntervals(train, { from: 3 })).toEqual(asArrays([[4], [6], [], []]));
  });

  it('add up to the time from the first spike to the last', () => {
    fc.assert(
      fc.property(smallTrains, ({ raster, train }) => {
        interSpikeIntervals(train).forEach((own, neuron) => {
          const times = Array.from({ length: train.steps }, (_, t) => t).filter(
            (t) => raster[t * train.size + neuron],
          );
          expect(own).toHaveLength(Math.max(0, times.length - 1));
          const total = own.reduce((sum, interval) => sum + interval, 0);
          expect(total).toBe((times.at(-1) ?? 0) - (times[0] ?? 0));
        });
      }),
    );
  });

  it('of spikes with the probability p in a step are geometric: Kolmogorov–Smirnov at the level of 1 %', () => {
    const p = 0.02;
    const [intervals] = interSpikeIntervals(bernoulliTrain(p, 400_000, 1));
    expect(intervals.length).toBeGreaterThan(7500);
    const sorted = intervals.toSorted();
    let distance = 0;
    sorted.forEach((interval, i) => {
      if (interval === sorted[i + 1]) return;
      distance = Math.max(distance, Math.abs((i + 1) / sorted.length - (1 - (1 - p) ** interval)));
    });
    expect(distance).toBeLessThan(1.63 / Math.sqrt(sorted.length));
  });
});

describe('their variation', () => {
  it('is exactly 0 of regular spikes, whatever the interval', () => {
    for (const interval of [1, 3, 7, 1000]) {
      const times = Array.from({ length: 50 }, (_, i) => 5 + i * interval);
      const { cv, cv2, lv } = intervalVariation(neuronAt(...times), { dt: 0.1 });
      expect([cv[0], cv2[0], lv[0]]).toEqual([0, 0, 0]);
    }
  });

  it('of two intervals a and b in turn: CV = |a − b| / (a + b), CV2 = 2 CV, LV = 3 CV²: within 1e-12', () => {
    const [a, b] = [3, 11];
    const times = Array.from({ length: 41 }, (_, i) => Math.floor(i / 2) * (a + b) + (i % 2) * a);
    const { cv, cv2, lv } = intervalVariation(neuronAt(...times));
    const expected = (b - a) / (a + b);
    expect(cv[0]).toBeCloseTo(expected, 12);
    expect(cv2[0]).toBeCloseTo(2 * expected, 12);
    expect(lv[0]).toBeCloseTo(3 * expected ** 2, 12);
  });

  it('of Poisson spikes is 1: √(1 − p) in steps, within four standard errors', () => {
    const p = 0.01;
    const { cv, cv2, lv } = intervalVariation(bernoulliTrain(p, 1_000_000, 1));
    const n = 1e6 * p;
    expect(Math.abs(cv[0] - Math.sqrt(1 - p))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(cv2[0] - 1)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(lv[0] - 1)).toBeLessThan(6 / Math.sqrt(n));
  });

  it('CV2 and LV are blind to one change of the rate, CV is not', () => {
    const times = Array.from({ length: 200 }, (_, i) => (i < 100 ? 5 * i : 500 + 50 * (i - 100)));
    const { cv, cv2, lv } = intervalVariation(neuronAt(...times));
    expect(cv[0]).toBeGreaterThan(0.8);
    expect(cv2[0]).toBeLessThan(0.01);
    expect(lv[0]).toBeLessThan(0.02);
  });

  it('is NaN below three spikes', () => {
    for (const train of [neuronAt(), neuronAt(4), neuronAt(4, 9)]) {
      const { cv, cv2, lv } = intervalVariation(train);
      expect([cv[0], cv2[0], lv[0]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    }
    expect(intervalVariation(neuronAt(4, 9, 14)).cv[0]).toBe(0);
  });

  it('depends on no unit of time, and CV is the standard deviation by the mean: within 1e-12', () => {
    fc.assert(
      fc.property(smallTrains, ({ train }) => {
        const { cv } = intervalVariation(train, { dt: 0.2 });
        expect(intervalVariation(train).cv).toEqual(cv);
        interSpikeIntervals(train).forEach((own, neuron) => {
          const mean = own.reduce((sum, interval) => sum + interval, 0) / own.length;
          const squares = own.reduce((sum, interval) => sum + (interval - mean) ** 2, 0);
          const expected = own.length < 2 ? Number.NaN : Math.sqrt(squares / own.length) / mean;
          expect(distance(cv[neuron], expected)).toBeLessThan(1e-12);
        });
      }),
    );
  });
});
