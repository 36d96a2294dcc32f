import { expect, it } from 'vitest';
import { packSpikeCounts } from './spike-counts.js';
import { describeHealth, type HealthQuery, trainingHealth } from './training-health.js';

/** 4 filters at 1 position; images as lists of counts. */
function query(images: number[][], rest: Partial<HealthQuery> = {}): HealthQuery {
  const counts = packSpikeCounts(Uint16Array.from(images.flat()), { nFilters: 4, nPositions: 1 });
  return {
    counts,
    timeMax: 250,
    weights: Float32Array.of(0, 0.5, 1, 1),
    theta: new Float32Array(4),
    ...rest,
  };
}

it('counts dead neurons, hogs, rates and silent images', () => {
  const images = [
    [0, 0, 0, 0],
    [6, 1, 1, 0],
    [4, 2, 0, 0],
    [2, 0, 0, 0],
  ];
  // 16 spikes, 12 of them of filter 0: more than half.
  expect(trainingHealth(query(images))).toMatchObject({
    nImages: 4,
    nNeurons: 4,
    deadNeurons: 1,
    hogNeurons: 1,
    spikesPerImage: 4,
    firingRate: 4,
    silentImages: 0.25,
    spikesPerNeuron: Float64Array.of(3, 0.75, 0.25, 0),
  });
});

it('is 1 where all filters win equally often, 0 where one always does, log 2 / log 4 for two of four', () => {
  const identity = [0, 1, 2, 3].map((filter) => [0, 1, 2, 3].map((other) => (other === filter ? 3 : 1)));
  expect(trainingHealth(query(identity)).winnerEntropy).toBeCloseTo(1, 12);
  expect(trainingHealth(query([identity[1], identity[1]])).winnerEntropy).toBe(0);
  expect(trainingHealth(query([identity[1], identity[2]])).winnerEntropy).toBeCloseTo(0.5, 12);
  expect(trainingHealth(query([[0, 0, 0, 0]])).winnerEntropy).toBeNaN();
});

it('has mean, spread and range of theta, and shares of weights at their bounds', () => {
  const health = trainingHealth(query([[1, 0, 0, 0]], { theta: Float32Array.of(1, 3, 1, 3) }));
  expect(health.theta).toEqual({ mean: 2, sd: 1, least: 1, most: 3 });
  expect(health.saturatedLow).toBe(0.25);
  expect(health.saturatedHigh).toBe(0.5);
  expect(health.weightHistogram.counts.reduce((sum, n) => sum + n, 0)).toBe(4);
});

it('relates the change of the weights to 100 images', () => {
  const before = { weights: Float32Array.of(0.25, 0.5, 1, 0.75), nImages: 50 };
  expect(trainingHealth(query([[1, 0, 0, 0]])).filterChange).toBeNull();
  expect(trainingHealth(query([[1, 0, 0, 0]], { before })).filterChange).toBeCloseTo((0.5 / 2.5) * 2, 12);
});

it('tells it in a compact table', () => {
  const before = { weights: Float32Array.of(0, 0.5, 1, 1), nImages: 50 };
  expect(describeHealth(trainingHealth(query([[3, 1, 0, 0]], { before })))).toEqual([
    ['images looked at', '1'],
    ['dead neurons', '2 of 4 (50.0 %)'],
    ['hog neurons', '1 of 4 (25.0 %)'],
    ['mean firing rate', '4.00 Hz'],
    ['spikes per image', '4.0'],
    ['images without a spike', '0.0 %'],
    ['theta', '0.0 ± 0.0 mV (0.0 … 0.0)'],
    ['weights at 0 and at the bound', '25.0 % and 50.0 %'],
    ['winner entropy', '0.000'],
    ['filter change per 100 images', '0.0 %'],
  ]);
});

it('refuses what does not belong together', () => {
  expect(() => trainingHealth(query([]))).toThrow('trainingHealth: expected at least one image, got 0');
  expect(() => trainingHealth(query([[1, 0, 0, 0]], { theta: new Float32Array(3) }))).toThrow(
    'theta of 4 neurons',
  );
  const before = { weights: new Float32Array(3), nImages: 5 };
  expect(() => trainingHealth(query([[1, 0, 0, 0]], { before }))).toThrow('4 earlier weights, got 3');
});
