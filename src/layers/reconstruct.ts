/** What the distributions of an inference layer say of the map that they explain. */
import { kernelsFor } from './kernels/select-kernels.js';
import {
  makeTensor,
  makeZeros,
  mapShape,
  reshape,
  type Tensor,
  tensorField,
  transposeLast,
} from './tensor.js';
import { foldMap, unfoldMap } from './unfold.js';
import type { Window } from './window.js';

/**
 * Every patch is Σ_i h_i P_i times the sum of the patch that was seen; where patches overlap, their mean counts, and where
 * there is none, zero.
 *
 * @param x the map [image, channel, row, column], non-negative
 * @param h [image, neuron, row, column]
 * @param weights [neuron, input · ky · kx], rows sum to 1
 */
export function reconstructMap(x: Tensor, h: Tensor, weights: Tensor, window: Window): Tensor {
  const shape = mapShape('reconstructMap', x);
  const [batch, , rows, columns] = mapShape('reconstructMap', h);
  const inputs = tensorField('reconstructMap', 'weights', weights).shape[1];
  const positions = rows * columns;
  const patches = mixWeights(h, weights, { neuronsFirst: true });
  const seen = unfoldMap(x, window, [rows, columns]);
  for (let image = 0; image < batch; image++) {
    for (let p = 0; p < positions; p++) {
      const first = image * inputs * positions + p;
      let sum = 0;
      for (let s = 0; s < inputs; s++) sum += seen.data[first + s * positions];
      for (let s = 0; s < inputs; s++) patches.data[first + s * positions] *= sum;
    }
  }
  const out = foldMap(patches, window, shape, [rows, columns]);
  const ones = makeTensor(patches.shape, patches.data.slice().fill(1));
  const covered = foldMap(ones, window, shape, [rows, columns]);
  for (let i = 0; i < out.data.length; i++) {
    out.data[i] = covered.data[i] > 0 ? out.data[i] / covered.data[i] : 0;
  }
  return out;
}

/**
 * Σ_i h_i P_i at every position [image, input · ky · kx, position].
 *
 * @param h [image, neuron, row, column]
 * @param weights [neuron, input · ky · kx] if `neuronsFirst`, else [input · ky · kx, neuron]
 */
export function mixWeights(
  h: Tensor,
  weights: Tensor,
  { neuronsFirst }: { readonly neuronsFirst: boolean },
): Tensor {
  const [batch, neurons, rows, columns] = mapShape('mixWeights', h);
  const inputs = weights.shape[neuronsFirst ? 1 : 0];
  const positions = rows * columns;
  const patches = makeZeros([batch, inputs, positions], h.data);
  kernelsFor(h.data).matmul({
    m: inputs,
    n: positions,
    k: neurons,
    batch,
    a: weights.data,
    aBatch: 0,
    aRow: neuronsFirst ? 1 : neurons,
    aColumn: neuronsFirst ? inputs : 1,
    b: h.data,
    bBatch: neurons * positions,
    sum: false,
    out: patches.data,
  });
  return patches;
}

/** Weights [input · ky · kx, neuron] as [neuron, input · ky · kx]. */
export function neuronsFirst({ shape: [inputs, neurons], data }: Tensor): Tensor {
  return makeTensor([neurons, inputs], transposeLast(data, 1, inputs, neurons));
}

/** Weights [neuron, input · ky · kx] as [neuron, input, ky, kx]. */
export function splitKernel(weights: Tensor, { kernel: [ky, kx] }: Window): Tensor {
  return reshape(weights, [weights.shape[0], weights.shape[1] / (ky * kx), ky, kx]);
}
