/** Synchrony: identical, independent and alternating neurons in closed form, and sums over pairs written out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bernoulliTrain, distance, repeatNeurons, smallTrains } from '../../test/support/random-trains.js';
import { spikeTrainFromEvents } from '../core/encoding/spike-train.js';
import { RandomStream } from '../core/random/stream.js';
import { spikeSynchrony, synchronyIndex } from './index.js';

const none = { chi: Number.NaN, fano: Number.NaN, correlation: Number.NaN };

/** Values without pattern [step, neuron]. */
function noise(steps: number, size: number): { steps: number; size: number; data: Float64Array } {
  const random = new RandomStream(3, 'user');
  return { steps, size, data: Float64Array.from({ length: steps * size }, () => random.nextFloat()) };
}

describe('the synchrony index of voltages', () => {
  it('of neurons that do the same is 1: within 1e-12', () => {
    const { steps, data: one } = noise(100, 1);
    const data = Float64Array.from({ length: 700 }, (_, at) => 0.7 * one[Math.floor(at / 7)] - 60);
    expect(synchronyIndex({ steps, size: 7, data })).toBeCloseTo(1, 12);
  });

  it.each([4, 25, 100])('of %d independent neurons is 1/√N: within 3 %%', (size) => {
    expect(Math.abs(Math.sqrt(size) * synchronyIndex(noise(8000, size)) - 1)).toBeLessThan(0.03);
  });

  it('of two neurons in antiphase is 0', () => {
    const data = Float32Array.from({ length: 40 }, (_, at) => ((at >> 1) + at) % 2);
    expect(synchronyIndex({ steps: 20, size: 2, data })).toBe(0);
  });

  it('of a sum of a common signal and noise is √((c + n/N) / (c + n)): within 2 %', () => {
    const [steps, size] = [8000, 20];
    const own = noise(steps, size + 1).data;
    const data = Float64Array.from({ length: steps * size }, (_, at) => {
      const row = Math.floor(at / size) * (size + 1);
      return 2 * own[row] + own[row + 1 + (at % size)];
    });
    const expected = Math.sqrt((4 + 1 / size) / (4 + 1));
    expect(Math.abs(synchronyIndex({ steps, size, data }) / expected - 1)).toBeLessThan(0.02);
  });

  it('is NaN where nothing varies', () => {
    for (const steps of [0, 1, 5]) {
      expect(synchronyIndex({ steps, size: 2, data: new Float32Array(2 * steps).fill(-65) })).toBeNaN();
    }
    expect(synchronyIndex({ steps: 4, size: 0, data: new Float32Array() })).toBeNaN();
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['too few values', { steps: 3, size: 2, data: new Float32Array(5) }],
    ['a list', { steps: 1, size: 2, data: [1, 2] }],
    ['negative sizes', { steps: -1, size: -2, data: new Float32Array(2) }],
  ])('refuses %s', (_, recording) => {
    expect(() => synchronyIndex(recording as never)).toThrow(
      'synchronyIndex: expected recording to be { steps, size, data } with a number for every step and neuron',
    );
  });
});

describe('the synchrony of spikes', () => {
  it('of neurons that do the same: χ = 1, Fano factor N (1 − p), correlation 1: within 1e-9', () => {
    const one = bernoulliTrain(0.1, 3000, 1);
    const { chi, fano, correlation } = spikeSynchrony(repeatNeurons(one, 6), { bin: 1 });
    expect(chi).toBeCloseTo(1, 9);
    expect(correlation).toBeCloseTo(1, 9);
    expect(fano).toBeCloseTo(6 * (1 - one.neurons.length / 3000), 9);
  });

  it.each([1, 5])(
    'of independent neurons in bins of %d steps: χ = 1/√N, Fano factor 1 − p, correlation 0',
    (bin) => {
      const [p, size, steps] = [0.05, 50, 40_000];
      const { chi, fano, correlation } = spikeSynchrony(bernoulliTrain(p, steps, size), { bin });
      // Variances over n bins have a relative standard error of √(2 / n).
      const error = 4 * Math.sqrt((2 * bin) / steps);
      expect(Math.abs(chi * Math.sqrt(size) - 1)).toBeLessThan(error);
      expect(Math.abs(fano - (1 - p))).toBeLessThan(error);
      expect(Math.abs(correlation)).toBeLessThan(error / size);
    },
  );

  it('of two neurons that take turns: all counts of the population are equal', () => {
    const times = Array.from({ length: 40 }, (_, t) => t);
    const neurons = times.map((t) => t % 2);
    const turns = spikeTrainFromEvents(times, neurons, 40, 2);
    const { chi, fano, correlation } = spikeSynchrony(turns, { bin: 1 });
    expect([chi, fano]).toEqual([0, 0]);
    expect(correlation).toBeCloseTo(-1, 12);
    // In bins of two steps no count varies.
    expect(spikeSynchrony(turns, { bin: 2 })).toEqual({ chi: Number.NaN, fano: 0, correlation: Number.NaN });
  });

  it('without spikes, or in fewer than two whole bins, is NaN', () => {
    expect(spikeSynchrony(spikeTrainFromEvents([], [], 10, 3), { bin: 1 })).toEqual(none);
    const train = spikeTrainFromEvents([1, 4], [0, 1], 10, 2);
    expect(spikeSynchrony(train, { bin: 6 })).toEqual(none);
    expect(spikeSynchrony(spikeTrainFromEvents([], [], 10, 0), { bin: 1 })).toEqual(none);
  });

  it('of one neuron has no correlation', () => {
    const { chi, correlation } = spikeSynchrony(spikeTrainFromEvents([1, 4], [0, 0], 10, 1), { bin: 1 });
    expect(chi).toBeCloseTo(1, 12);
    expect(correlation).toBeNaN();
  });

  it('is what sums over neurons and pairs give: within 1e-9; χ is that of the counts', () => {
    fc.assert(
      fc.property(smallTrains, fc.integer({ min: 1, max: 4 }), ({ raster, train }, bin) => {
        const bins = Math.floor(train.steps / bin);
        const found = spikeSynchrony(train, { bin });
        fc.pre(bins >= 2);
        const counts = new Float64Array(bins * train.size);
        for (let at = 0; at < bins * bin * train.size; at++) {
          counts[Math.floor(at / train.size / bin) * train.size + (at % train.size)] += raster[at];
        }
        const own = Array.from({ length: train.size }, (_, neuron) =>
          Array.from({ length: bins }, (_, i) => counts[i * train.size + neuron]),
        );
        const all = own[0].map((_, i) => sum(own.map((row) => row[i])));
        expect(
          distance(found.chi, synchronyIndex({ steps: bins, size: train.size, data: counts })),
        ).toBeLessThan(1e-9);
        expect(distance(found.fano, covariance(all, all) / (sum(all) / bins))).toBeLessThan(1e-9);
        const varying = own.filter((row) => covariance(row, row) > 1e-9);
        const pairs = varying.flatMap((a, i) => varying.slice(i + 1).map((b) => [a, b]));
        const correlations = pairs.map(
          ([a, b]) => covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b)),
        );
        expect(distance(found.correlation, sum(correlations) / correlations.length)).toBeLessThan(1e-9);
      }),
    );
  });

  it('of a population twice over has the same χ: within 1e-9', () => {
    fc.assert(
      fc.property(smallTrains, ({ train }) => {
        expect(
          distance(
            spikeSynchrony(repeatNeurons(train, 2), { bin: 1 }).chi,
            spikeSynchrony(train, { bin: 1 }).chi,
          ),
        ).toBeLessThan(1e-9);
      }),
    );
  });

  it('asks for bins', () => {
    expect(() => spikeSynchrony(spikeTrainFromEvents([], [], 2, 1), {} as never)).toThrow(
      'spikeSynchrony: expected a finite bin > 0 ms, got undefined',
    );
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function covariance(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [sum(a) / a.length, sum(b) / b.length];
  return sum(a.map((value, i) => (value - meanA) * (b[i] - meanB))) / a.length;
}
