/** Networks to store in tests: small, or with arrays that do not compress, all determined by a number. */
import { RandomStream } from '../../src/core/random/stream.js';
import { type NetworkInput, type ParameterValue, stateHash } from '../../src/store/index.js';

/** The parameters of a network of the original program, with a seed. */
export const sampleParameters = {
  network_type: 'LC_SNN',
  n_filters: 25,
  kernel_size: 12,
  stride: 4,
  crop: 20,
  mean_weight: 0.46,
  c_w: -126.66666666666666,
  c_w_min: -Infinity,
  c_w_max: null,
  c_l: false,
  A_pos: null,
  A_neg: null,
  tau_pos: 20,
  tau_neg: 20,
  weight_decay: null,
  time_max: 250,
  intensity: 127.5,
  dt: 1,
  refrac: 2,
  n_iter: 4000,
  train_method: 'basic',
  dataset: 'mnist',
  seed: 0,
} as const;

export function sampleNetwork(
  parameters: Record<string, ParameterValue> = {},
  changes: Partial<NetworkInput> = {},
): NetworkInput {
  return {
    parameters: { ...sampleParameters, ...parameters },
    nParameters: 37_800,
    nOutput: 225,
    datasetHash: 'd0',
    stateHash: '50',
    parent: null,
    codeVersion: '0.1.0',
    scores: {
      patch_voting: { accuracy: 0.8179, error: 0.0038592692313441936, nIter: 10_000 },
      all_voting: { accuracy: 0.8183, error: 0.0038559708245784223, nIter: 10_000 },
      lc: { accuracy: 0.8757, error: 0.003299234911308984, nIter: 10_000 },
    },
    arrays: {
      w_xy: { shape: [2, 3], data: new Float32Array([0, -0, 1.5, NaN, Infinity, 1e-45]) },
      theta: { shape: [2], data: new Float64Array([Math.PI, -Infinity]) },
      votes: { shape: [10, 0], data: new Float32Array(0) },
      confusion: { shape: [2, 2], data: new Uint32Array([4_294_967_295, 1, 2, 3]) },
    },
    meta: { classifier: { C: 0.01 }, history: [1, 2.5, null, 'x'] },
    ...changes,
  };
}

/** A network whose arrays do not compress, `megabytes` large, all of it determined by `generation`. */
export function incompressibleNetwork(
  generation: number,
  megabytes: number,
  parameters: Record<string, ParameterValue> = {},
): NetworkInput {
  const words = (count: number, element: number) => {
    const random = new RandomStream(generation, 'user', 0, element);
    return { shape: [count], data: Uint32Array.from({ length: count }, () => random.nextUint32()) };
  };
  const arrays = { w_xy: words(Math.round(megabytes * 250_000), 0), theta: words(100, 1) };
  const changes = { arrays, stateHash: stateHash(arrays), meta: { generation } };
  return sampleNetwork(parameters, changes);
}
