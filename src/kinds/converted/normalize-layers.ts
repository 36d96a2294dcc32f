/** Weight normalisation: by how much the weights of every layer are divided so that no neuron gets too much or too little. */
import { invalidArgument } from '../../errors.js';
import type { Tensor } from '../../layers/tensor.js';
import type { ReluLayer } from '../relu/relu-layers.js';

export const normalizations = ['none', 'model', 'data'] as const;
export type Normalization = (typeof normalizations)[number];

/** How one layer with weights was normalised. */
export interface LayerScale {
  readonly layer: string;
  /** What its weights are divided by (or its threshold multiplied by). */
  readonly factor: number;
  /** Activation of the ReLU network that becomes 1. */
  readonly scale: number;
  readonly largestWeight: number;
  /** Largest sum of the positive weights of a neuron. */
  readonly positiveSum: number;
  /** Largest activation (or the percentile) on the training data; null where no data were needed. */
  readonly activation: number | null;
}

/**
 * The factors of the layers with weights.
 *
 * - `model`: factor = the largest sum of a neuron's positive weights.
 * - `data`: scale = max(largest weight, largest activation); factor = scale / scale of the layer before (1 before the first).
 *
 * The output's winner does not depend on its factor, so `normalizeOutput` may leave it as it was trained.  Source: Diehl et al.,
 * "Fast-classifying, high-accuracy spiking deep networks through weight and threshold balancing", IJCNN 2015.
 *
 * @param activations of every layer, by its name; for `data`
 */
export function normalizeLayers(
  layers: readonly ReluLayer[],
  normalization: Normalization,
  activations: ReadonlyMap<string, number> | null,
  normalizeOutput: boolean,
): LayerScale[] {
  let before = 1;
  return layers.flatMap((layer): LayerScale[] => {
    if (layer.kind === 'pool') return [];
    const { weights, name } = layer;
    const largestWeight = findLargest(weights);
    const positiveSum = sumPositive(weights);
    const activation = activations?.get(name) ?? null;
    const measured = { layer: name, largestWeight, positiveSum, activation };
    const isKept = normalization === 'none' || (name === 'output' && !normalizeOutput);
    if (isKept) return [{ ...measured, factor: 1, scale: before }];
    const factor =
      normalization === 'model' ? positiveSum : Math.max(largestWeight, activation ?? 0) / before;
    if (!(factor > 0))
      throw invalidArgument('convert', `positive weights in layer ${name}, to normalise them`, largestWeight);
    before *= factor;
    return [{ ...measured, factor, scale: before }];
  });
}

function findLargest({ data }: Tensor): number {
  let largest = 0;
  for (const weight of data) largest = Math.max(largest, weight);
  return largest;
}

/** The largest sum of positive weights onto one neuron. */
function sumPositive({ shape, data }: Tensor): number {
  const perNeuron = data.length / shape[0];
  let largest = 0;
  for (let neuron = 0; neuron < shape[0]; neuron++) {
    let sum = 0;
    for (let i = neuron * perNeuron; i < (neuron + 1) * perNeuron; i++) sum += Math.max(0, data[i]);
    largest = Math.max(largest, sum);
  }
  return largest;
}
