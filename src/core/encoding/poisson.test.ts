/** Poisson encoding against renewal theory, against the original's own spikes, and what a pixel's spikes depend on. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cropCentre, loadDataset } from '../../datasets/index.js';
import { originalCases, readOriginalCase } from '../../../test/parity/original-case.js';
import { poissonRenewal, type Renewal } from '../../../test/support/poisson-renewal.js';
import { meanInterval } from './interval-table.js';
import { poisson } from './poisson.js';
import { rasterFromSpikeTrain, type SpikeTrain } from './spike-train.js';

/** Steps of each neuron's spikes. */
function timesOf(train: SpikeTrain): number[][] {
  const times: number[][] = Array.from({ length: train.size }, () => []);
  for (let t = 0; t < train.steps; t++) {
    for (let e = train.offsets[t]; e < train.offsets[t + 1]; e++) times[train.neurons[e]].push(t);
  }
  return times;
}

const nPixels = 4000;
const within = 5;

/** How many standard errors the number of spikes is from the expected one: in all, and in the worst step. */
function deviation(
  trains: readonly SpikeTrain[],
  renewals: readonly Renewal[],
): { all: number; step: number } {
  const steps = renewals[0].density.length;
  const sum = (of: (renewal: Renewal) => number) => renewals.reduce((total, each) => total + of(each), 0);
  const perStep = Array.from({ length: steps }, (_, t) => {
    const count = trains.reduce((total, { offsets }) => total + offsets[t + 1] - offsets[t], 0);
    const expected = sum(({ density }) => density[t]);
    const error = Math.sqrt(sum(({ density }) => density[t] * (1 - density[t])));
    return { count, deviation: count === expected ? 0 : Math.abs(count - expected) / error };
  });
  const total = perStep.reduce((all, { count }) => all + count, 0);
  return {
    all: Math.abs(total - sum(({ mean }) => mean)) / Math.sqrt(sum(({ variance }) => variance)),
    step: Math.max(...perStep.map(({ deviation }) => deviation)),
  };
}

describe('poisson', () => {
  it.each([
    { brightness: 1, intensity: 127.5, dt: 1, steps: 250 },
    { brightness: 0.35, intensity: 127.5, dt: 1, steps: 250 },
    { brightness: 3 / 255, intensity: 127.5, dt: 1, steps: 250 },
    { brightness: 0.8, intensity: 127.5, dt: 0.5, steps: 500 },
    { brightness: 1, intensity: 2000, dt: 1, steps: 60 },
  ])(
    'brightness $brightness, $intensity Hz, dt $dt: counts of $steps steps within 5 standard errors of renewal theory',
    ({ brightness, intensity, dt, steps }) => {
      const values = Array.from({ length: nPixels }, () => brightness);
      const train = poisson(values, { time: steps, dt, intensity, seed: 7 });
      const renewal = poissonRenewal(meanInterval(brightness * intensity, dt), steps);
      const { all, step } = deviation(
        [train],
        Array.from({ length: nPixels }, () => renewal),
      );
      expect(all).toBeLessThan(within);
      expect(step).toBeLessThan(within);
    },
  );

  it('draws intervals of mean μ + exp(−μ) and variance of max(1, Poisson(μ)): within 5 standard errors', () => {
    const mu = meanInterval(500, 1);
    // So long a time that cutting it off cannot favour short intervals: the first 100 of each pixel.
    const times = timesOf(
      poisson(
        Array.from({ length: 400 }, () => 1),
        { time: 1000, intensity: 500, seed: 3 },
      ),
    );
    const intervals = times.flatMap((each) => each.slice(0, 100).map((t, i) => t - (each[i - 1] ?? -1)));
    expect(intervals).toHaveLength(40_000);
    const mean = intervals.reduce((sum, value) => sum + value, 0) / intervals.length;
    const variance = intervals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / intervals.length;
    const expectedMean = mu + Math.exp(-mu);
    const expectedVariance = mu + mu * mu + Math.exp(-mu) - expectedMean ** 2;
    expect(Math.abs(mean - expectedMean)).toBeLessThan(within * Math.sqrt(expectedVariance / 40_000));
    expect(variance / expectedVariance).toBeCloseTo(1, 1);
    expect(Math.min(...intervals)).toBe(1);
  });

  it('spikes from the first step on: in every step where the rate leaves no room for pauses', () => {
    const train = poisson([1, 0, 1], { time: 20, intensity: 1e9 });
    expect(timesOf(train)).toEqual([[...Array(20).keys()], [], [...Array(20).keys()]]);
  });

  it('never spikes where brightness or intensity is 0', () => {
    expect(poisson(new Uint8Array(50), { time: 250, intensity: 1e6 }).neurons).toHaveLength(0);
    expect(poisson([1, 0.5], { time: 250, intensity: 0 }).neurons).toHaveLength(0);
  });

  // Each of MNIST's images 0 to 5 is the first of its digit: the package, which keeps the order within a digit, shows which they are.
  const showFirstImages = originalCases
    .map(({ name, folder }) => ({ name, original: readOriginalCase(folder) }))
    .filter(({ original }) => original.meta.mnist_train_indices.every((index) => index < 6));

  it('finds runs of the original program on MNIST images 0 to 5', () => {
    expect(showFirstImages).not.toEqual([]);
  });

  it.each(showFirstImages)('has the statistics of the original’s spikes, $name', async ({ original }) => {
    const { meta, inputs } = original;
    const { train } = await loadDataset('mnist-10k');
    const pixels = cropCentre(train, meta.crop);
    const images = meta.labels.map((label) => {
      const first = train.labels.indexOf(label);
      return pixels.subarray(first * meta.crop ** 2, (first + 1) * meta.crop ** 2);
    });
    const byLevel = new Map<number, Renewal>();
    const renewals = images.flatMap((image) =>
      [...image].map((level) => {
        const rate = (level / 255) * meta.intensity;
        const known =
          byLevel.get(level) ??
          (level === 0
            ? { density: new Float64Array(meta.time_max), mean: 0, variance: 0 }
            : poissonRenewal(meanInterval(rate, 1), meta.time_max));
        byLevel.set(level, known);
        return known;
      }),
    );
    const ours = images.map((image, item) =>
      poisson(image, { time: meta.time_max, intensity: meta.intensity, item }),
    );
    for (const trains of [inputs, ours]) {
      const { all, step } = deviation(trains, renewals);
      expect(all).toBeLessThan(within);
      expect(step).toBeLessThan(within);
    }
    inputs.forEach(({ neurons }, i) => {
      expect([...neurons].every((neuron) => images[i][neuron] > 0)).toBe(true);
    });
  });

  const brightnesses = fc.array(fc.constantFrom(0, 0.01, 0.2, 0.5, 1), { minLength: 1, maxLength: 30 });
  const key = fc.record({
    seed: fc.maxSafeNat(),
    item: fc.nat(60_000),
    purpose: fc.constantFrom('trainingSpikes' as const, 'testSpikes' as const),
  });

  it('gives a pixel spikes that depend on nothing but key, index and brightness', () => {
    fc.assert(
      fc.property(brightnesses, brightnesses, key, (a, b, key) => {
        const options = { ...key, time: 120 };
        const [first, second] = [timesOf(poisson(a, options)), timesOf(poisson(b, options))];
        const equal = [...a.keys()].filter((pixel) => a[pixel] === b[pixel]);
        expect(equal.map((pixel) => second[pixel])).toEqual(equal.map((pixel) => first[pixel]));
      }),
    );
  });

  it('gives the beginning of a longer time where the time is shorter', () => {
    fc.assert(
      fc.property(brightnesses, key, fc.integer({ min: 1, max: 120 }), (values, key, time) => {
        const short = rasterFromSpikeTrain(poisson(values, { ...key, time }));
        const long = rasterFromSpikeTrain(poisson(values, { ...key, time: 120 }));
        expect(short).toEqual(long.subarray(0, short.length));
      }),
    );
  });

  it('reads bytes as brightness / 255', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), key, (bytes, key) => {
        const options = { ...key, time: 100 };
        expect(poisson(bytes, options)).toEqual(
          poisson(
            [...bytes].map((byte) => byte / 255),
            options,
          ),
        );
      }),
    );
  });

  it.each([{ seed: 1 }, { item: 1 }, { purpose: 'testSpikes' as const }, { seed: 2 ** 32 }])(
    'gives other spikes for %o',
    (change) => {
      const values = Array.from({ length: 100 }, () => 1);
      expect(poisson(values, { time: 50, ...change })).not.toEqual(poisson(values, { time: 50 }));
    },
  );

  it.each([
    [
      'brightness above 1',
      [0.5, 1.5],
      {},
      'poisson: expected brightness in [0, 1] (or bytes), got "1.5 at index 1"',
    ],
    ['negative brightness', [-0.1], {}, 'got "-0.1 at index 0"'],
    ['NaN', [Number.NaN], {}, 'got "NaN at index 0"'],
    ['no time', [1], { time: 0 }, 'poisson: expected time to be a whole number of steps ≥ 1, got 0'],
    ['half a step', [1], { time: 2.5 }, 'got 2.5'],
    ['a negative intensity', [1], { intensity: -1 }, 'poisson: expected a finite intensity ≥ 0 Hz, got -1'],
    [
      'an infinite intensity',
      [1],
      { intensity: Infinity },
      'poisson: expected a finite intensity ≥ 0 Hz, got Infinity',
    ],
    ['a step of no length', [1], { dt: 0 }, 'poisson: expected a finite dt > 0 ms, got 0'],
    ['an infinite step', [1], { dt: Infinity }, 'poisson: expected a finite dt > 0 ms, got Infinity'],
    [
      'a fractional seed',
      [1],
      { seed: 0.5 },
      'poisson: expected seed to be a whole number from 0 to 2⁵³ − 1, got 0.5',
    ],
  ])('refuses %s', (_, values, change, message) => {
    expect(() => poisson(values, { time: 10, ...change })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    );
  });
});
