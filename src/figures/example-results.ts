/** Small results for figures, the same on every machine: 4 filters of 3 × 3 weights at 2 × 2 receptive fields, 20 steps. */
import { spikeTrainFromRaster } from '../core/encoding/spike-train.js';
import type { ShapedArray, StepRecording } from './results.js';

export const nFilters = 4;
export const nPositions = 4;
export const nNeurons = nFilters * nPositions;
export const steps = 20;
export const nClasses = 3;

/** Values in [0, 1) without pattern. */
export function scatterValues(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    const value = Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 43758.5453;
    return value - Math.floor(value);
  });
}

export const weightsLC: ShapedArray = { shape: [4, 2, 2, 3, 3], data: scatterValues(144, 1) };
export const weightsC: ShapedArray = { shape: [4, 3, 3], data: scatterValues(36, 2) };

/** [position, source, target], 0 from a neuron onto itself [mV]. */
export const weightsYY: ShapedArray = {
  shape: [4, 4, 4],
  data: scatterValues(64, 3).map((value, i) => (Math.floor(i / 4) % 4 === i % 4 ? 0 : -100 * value)),
};

/** Every neuron spikes in steps of a period of its own; neurons of filter 3 never do. */
export const spikes: StepRecording = {
  steps,
  size: nNeurons,
  data: Float32Array.from({ length: steps * nNeurons }, (_, at) => {
    const [step, neuron] = [Math.floor(at / nNeurons), at % nNeurons];
    const filter = Math.floor(neuron / nPositions);
    return filter < 3 && step % (4 + filter + (neuron % nPositions)) === 3 ? 1 : 0;
  }),
};

/** Spikes without pattern of 12 neurons in 300 steps; the first ones spike more often. */
export const irregularSpikes = spikeTrainFromRaster(
  scatterValues(12 * 300, 10).map((value, at) => Number(value < 0.12 - 0.007 * (at % 12))),
  300,
  12,
);

/** Membrane potentials that rise and fall back with the spikes [mV]. */
export const voltages: StepRecording = {
  steps,
  size: nNeurons,
  data: spikes.data.map((spike, at) => (spike ? -65 : -64 + 8 * scatterValues(1, at)[0])),
};

export const thresholds = Float32Array.from({ length: nNeurons }, (_, neuron) => -52 + 0.5 * neuron);

/** [label, neuron]. */
export const votes = scatterValues(nClasses * nNeurons, 4).map((value, at) =>
  at % nNeurons < 12 ? 5 * value : 0,
);

/** [label, prediction, last: none]. */
export const confusion = Int32Array.from([8, 1, 0, 1, 0, 10, 0, 0, 2, 3, 5, 0]);

export const image = Uint8Array.from({ length: 25 }, (_, at) => at * 10);

/** Spikes of the 25 pixels: pixel p in every step that 25 − p divides. */
export const inputSpikes: StepRecording = {
  steps,
  size: 25,
  data: Float32Array.from({ length: steps * 25 }, (_, at) =>
    Math.floor(at / 25) % (25 - (at % 25)) === 0 ? 1 : 0,
  ),
};

/** [neuron, channel, ky, kx] */
export const layerWeights: ShapedArray = { shape: [6, 2, 3, 3], data: scatterValues(108, 5) };

/** [channel, row, column] in [0, 1] */
export const picture: ShapedArray = { shape: [1, 6, 6], data: scatterValues(36, 6) };
export const reconstruction: ShapedArray = {
  shape: [1, 6, 6],
  data: picture.data.map((value, i) => (value + 0.2 * scatterValues(36, 7)[i]) / 1.2),
};

/** Accuracies of methods along an axis; one point has none of the classifier. */
export const accuracies = [1, 2, 3].map((x) => ({
  x,
  scores: {
    patch_voting: { accuracy: 0.7 + 0.02 * x, error: 0.01 },
    all_voting: { accuracy: 0.8 - 0.03 * x, error: 0.01 },
    lc: x === 2 ? undefined : { accuracy: 0.9, error: 0.01 },
  },
}));
