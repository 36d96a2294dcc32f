/** Converted networks as the database keeps them: neurons, weights, how they were normalised, what they answered; and back. */
import { LocusError } from '../../errors.js';
import { makeTensor } from '../../layers/tensor.js';
import type { TrainingIdentity } from '../layered/training-state.js';
import { scoreOf } from '../../readout/score-predictions.js';
import {
  type CheckpointInput,
  checkNetworkType,
  type NetworkInput,
  type NetworkRecord,
  type StoredArray,
  type StoredArrays,
  stateHash,
} from '../../store/index.js';
import { version } from '../../version.js';
import { type ConvertedDescription, ConvertedNetwork, type SpikingLayer } from './converted-network.js';
import type { SpikeTallyState, SpikingResult } from './spike-tally.js';

export const convertedType = 'ReLU_SNN';

/** A layer without its weights. */
type LayerOutline = Omit<SpikingLayer, 'weights'>;

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
    weights[`${layer.name}.weight`] = { shape: tensor.shape, data: tensor.data };
    return outline;
  });
  const { images, spikesPerImage, spikesByLayer } = result;
  const accuracy = result.accuracy.at(-1) ?? 0;
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
    meta: {
      inputShape: snn.inputShape,
      reset: snn.reset,
      layers: outlines,
      scales: snn.scales,
      spikesPerImage,
      spikesByLayer,
    },
  };
}

/**
 * The network of a record.
 *
 * @throws LocusError `INVALID_ARGUMENT` for a network of another type, `STORE_CORRUPT` where weights are missing
 */
export function loadConvertedNetwork(record: NetworkRecord): ConvertedNetwork {
  checkNetworkType(record, convertedType);
  const { name, arrays, meta } = record;
  const { inputShape, reset, scales, layers } = meta as unknown as Omit<ConvertedDescription, 'layers'> & {
    readonly layers: readonly LayerOutline[];
  };
  return new ConvertedNetwork({
    inputShape,
    reset,
    scales,
    layers: layers.map((outline) => restoreLayer(outline, arrays, name)),
  });
}

function restoreLayer(outline: LayerOutline, arrays: StoredArrays, name: string): SpikingLayer {
  if (outline.kind === 'pool') return outline as SpikingLayer;
  const weights = arrays[`${outline.name}.weight`];
  if (weights?.data instanceof Float32Array)
    return { ...outline, weights: makeTensor(weights.shape, weights.data) } as SpikingLayer;
  const expected = `weights of layer ${outline.name} of float32, which are not there`;
  throw new LocusError('STORE_CORRUPT', `network "${name}": expected ${expected}`);
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

/** Errors: `STORE_CORRUPT` where it is no such checkpoint. */
export function readTallyCheckpoint(
  arrays: StoredArrays,
  meta: Readonly<Record<string, unknown>>,
): SpikeTallyState {
  const { correct, spikes, predictions } = Object.fromEntries(
    Object.entries(arrays).map(([name, { data }]) => [name, data]),
  );
  if (
    typeof meta.done === 'number' &&
    correct instanceof Uint32Array &&
    spikes instanceof Float64Array &&
    predictions instanceof Uint8Array
  ) {
    return { done: meta.done, correct, spikes, predictions };
  }
  throw new LocusError(
    'STORE_CORRUPT',
    'checkpoint of a run: expected done, correct, spikes and predictions, which are not all there',
  );
}
