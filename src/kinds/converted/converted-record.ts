/** Converted networks as the database keeps them: neurons, weights, how they were normalised, what they answered; and back. */
import type { TrainingIdentity } from '../layered/training-state.js';
import { scoreOf } from '../../readout/score-predictions.js';
import { type CheckpointInput, type NetworkInput, type StoredArray, stateHash } from '../../store/index.js';
import { version } from '../../version.js';
import { type ConvertedDescription, ConvertedNetwork, type SpikingLayer } from './converted-network.js';
import type { ArrayShape, CheckedArrays } from '../record-shape.js';
import type { SpikeTallyState, SpikingResult } from './spike-tally.js';

export const convertedType = 'ReLU_SNN';

type WithoutWeights<Layer> = Layer extends unknown ? Omit<Layer, 'weights'> : never;
/** A layer without its weights. */
export type LayerOutline = WithoutWeights<SpikingLayer>;

/** What the database keeps of a network and its run besides their arrays. */
export interface ConvertedMeta extends Omit<ConvertedDescription, 'layers'> {
  readonly layers: readonly LayerOutline[];
  /** Of all layers, input included. */
  readonly spikesPerImage: number;
  readonly spikesByLayer: Readonly<Record<string, number>>;
}

export type ConvertedArrays = {
  readonly [name: `${string}.weight`]: ArrayShape<'float32'>;
  /** Of every readout [ms]. */
  readonly times: ArrayShape<'float64'>;
  /** By readout. */
  readonly accuracy: ArrayShape<'float64'>;
  /** Class by image. */
  readonly predictions: ArrayShape<'uint8' | 'uint16'>;
};

/** Name of the array of a layer's weights. */
export function weightName(layer: string): `${string}.weight` {
  return `${layer}.weight`;
}

/**
 * The network and the result of its run.
 *
 * @param parent name of the ReLU network
 */
export function toConvertedRecord(
  snn: ConvertedNetwork,
  result: SpikingResult,
  identity: TrainingIdentity,
  { parent, name }: { parent: string; name?: string },
): NetworkInput {
  const weights: Record<string, StoredArray> = {};
  const outlines = snn.layers.map((layer): LayerOutline => {
    if (layer.kind === 'pool') return layer;
    const { weights: tensor, ...outline } = layer;
    weights[weightName(layer.name)] = { shape: tensor.shape, data: tensor.data };
    return outline;
  });
  const { images, spikesPerImage, spikesByLayer } = result;
  const accuracy = result.accuracy.at(-1) ?? 0;
  const { inputShape, reset, scales } = snn;
  const meta: ConvertedMeta = { inputShape, reset, layers: outlines, scales, spikesPerImage, spikesByLayer };
  return {
    ...identity,
    ...(name === undefined ? {} : { name }),
    nParameters: Object.values(weights).reduce((sum, { data }) => sum + data.length, 0),
    nOutput: snn.layers.at(-1)?.shape[0] ?? 0,
    stateHash: stateHash(weights),
    parent,
    codeVersion: version,
    scores: { output: scoreOf(accuracy, images) },
    arrays: {
      ...weights,
      times: { shape: [result.times.length], data: result.times },
      accuracy: { shape: [result.accuracy.length], data: result.accuracy },
      predictions: { shape: [result.predictions.length], data: result.predictions },
    },
    meta: { ...meta },
  };
}

/** The network of a valid record. */
export function toConvertedNetwork(
  meta: ConvertedMeta,
  arrays: CheckedArrays<ConvertedArrays>,
): ConvertedNetwork {
  const { inputShape, reset, scales } = meta;
  const layers = meta.layers.map(
    (outline): SpikingLayer =>
      outline.kind === 'pool' ? outline : { ...outline, weights: arrays[weightName(outline.name)] },
  );
  return new ConvertedNetwork({ inputShape, reset, scales, layers });
}

/** A run that is not finished. */
export function toTallyCheckpoint(state: SpikeTallyState, identity: TrainingIdentity): CheckpointInput {
  const arrays = Object.fromEntries(
    (['correct', 'spikes', 'predictions'] as const).map((name): [string, StoredArray] => [
      name,
      { shape: [state[name].length], data: state[name] },
    ]),
  );
  return { ...identity, codeVersion: version, arrays, meta: { done: state.done } };
}
