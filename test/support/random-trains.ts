/** Spike trains for statistics: independent neurons of one rate, and small trains of any kind. */
import fc from 'fast-check';
import { type SpikeTrain, spikeTrainFromRaster } from '../../src/core/encoding/spike-train.js';
import { RandomStream } from '../../src/core/random/stream.js';

/** Neurons that spike in every step with the probability `p`, each by itself: intervals are geometric, CV² = 1 − p. */
export function bernoulliTrain(p: number, steps: number, size: number, seed = 1): SpikeTrain {
  const random = new RandomStream(seed, 'user');
  const raster = Uint8Array.from({ length: steps * size }, () => Number(random.nextFloat() < p));
  return spikeTrainFromRaster(raster, steps, size);
}

/** The same spikes of every neuron `times` times over. */
export function repeatNeurons({ steps, size, offsets, neurons }: SpikeTrain, times: number): SpikeTrain {
  const raster = new Uint8Array(steps * size * times);
  for (let t = 0; t < steps; t++) {
    for (const neuron of neurons.subarray(offsets[t], offsets[t + 1])) {
      for (let i = 0; i < times; i++) raster[(t * times + i) * size + neuron] = 1;
    }
  }
  return spikeTrainFromRaster(raster, steps, size * times);
}

/** How far two numbers are apart: 0 where both are NaN, NaN where one is. */
export function distance(a: number, b: number): number {
  return Number.isNaN(a) && Number.isNaN(b) ? 0 : Math.abs(a - b);
}

/** A raster [step, neuron] with its train. */
export const smallTrains = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 5 }))
  .chain(([steps, size]) =>
    fc
      .array(fc.constantFrom(0, 0, 1), { minLength: steps * size, maxLength: steps * size })
      .map((raster) => ({ raster, train: spikeTrainFromRaster(raster, steps, size) })),
  );
