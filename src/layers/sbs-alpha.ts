/** The spatial gain of a Spike-by-Spike layer: positions whose virtual reconstruction meets the input are raised. */
import { mixWeights } from './reconstruct.js';
import { makeZeros, mapShape, type Tensor } from './tensor.js';
import { foldMap, unfoldMap } from './unfold.js';
import type { Window } from './window.js';

const float32Epsilon = 2 ** -23;
/** Added to every gain, so that none dies. */
const gainFloor = 1000 * float32Epsilon;

/**
 * Multiplies `h` [image, neuron, row, column] by the gain, which sums to 1 over every image's map.
 *
 * @param weights [input, neuron]
 */
export function spatialGain(x: Tensor, h: Tensor, weights: Tensor, window: Window, iterations: number): void {
  const [batch, neurons, rows, columns] = mapShape('spatialGain', h);
  const inputShape = mapShape('spatialGain', x);
  const positions = rows * columns;
  const reconstruction = mixWeights(h, weights, { neuronsFirst: false });
  let gain: Float64Array = new Float64Array(batch * positions).fill(1 / positions);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const patches = normalizeMaps(reconstruction, gain, positions);
    const met = meet(x, foldMap(patches, window, inputShape, [rows, columns]));
    gain = sumPatches(unfoldMap(met, window, [rows, columns]), positions);
    normalizeGain(gain, positions);
  }
  for (let image = 0; image < batch; image++) {
    for (let at = image * neurons * positions; at < (image + 1) * neurons * positions; at++) {
      h.data[at] *= gain[image * positions + (at % positions)];
    }
  }
}

/** gain · reconstruction, every input's map summing to 1; maps without a sum become zero. */
function normalizeMaps(reconstruction: Tensor, gain: Float64Array, positions: number): Tensor {
  const out = makeZeros(reconstruction.shape, reconstruction.data);
  const inputs = reconstruction.shape[1];
  for (let plane = 0; plane < out.data.length / positions; plane++) {
    const first = plane * positions;
    const gainAt = Math.floor(plane / inputs) * positions;
    let sum = 0;
    for (let p = 0; p < positions; p++) {
      const value = gain[gainAt + p] * reconstruction.data[first + p];
      out.data[first + p] = value;
      sum += value;
    }
    for (let p = 0; p < positions; p++) out.data[first + p] = sum > 0 ? out.data[first + p] / sum : 0;
  }
  return out;
}

/** Σ_channel x · y: one channel. */
function meet(x: Tensor, y: Tensor): Tensor {
  const [batch, channels, height, width] = mapShape('spatialGain', x);
  const pixels = height * width;
  const out = makeZeros([batch, 1, height, width], x.data);
  for (let plane = 0; plane < batch * channels; plane++) {
    const to = Math.floor(plane / channels) * pixels;
    for (let p = 0; p < pixels; p++)
      out.data[to + p] += x.data[plane * pixels + p] * y.data[plane * pixels + p];
  }
  return out;
}

function sumPatches(patches: Tensor, positions: number): Float64Array {
  const [batch, taps] = patches.shape;
  const sums = new Float64Array(batch * positions);
  for (let row = 0; row < batch * taps; row++) {
    const to = Math.floor(row / taps) * positions;
    for (let p = 0; p < positions; p++) sums[to + p] += patches.data[row * positions + p];
  }
  return sums;
}

function normalizeGain(gain: Float64Array, positions: number): void {
  for (let first = 0; first < gain.length; first += positions) {
    let sum = 0;
    for (let at = first; at < first + positions; at++) sum += gain[at] + gainFloor;
    for (let at = first; at < first + positions; at++) gain[at] = (gain[at] + gainFloor) / sum;
  }
}
