/** A Spike-by-Spike network as the database keeps it, and back. */
import { LocusError } from '../errors.js';
import {
  type NetworkInput,
  type NetworkRecord,
  type Parameters,
  type StoredArray,
  stateHash,
} from '../store/index.js';
import { version } from '../version.js';
import type { SbsConfig } from './sbs-config.js';
import type { SbsNetwork } from './sbs-network.js';
import type { SbsStep } from './sbs-training.js';
import { makeTensor } from './tensor.js';

export const sbsType = 'SBS';

export interface SbsRun {
  readonly dataset: string;
  readonly datasetHash: string;
  readonly seed: number;
  /** Number of updates. */
  readonly steps: number;
  readonly nTrain: number;
  readonly history: readonly SbsStep[];
  /** Share of correct test images and their number; null: not tested. */
  readonly test: { readonly accuracy: number; readonly nIter: number } | null;
}

/** Weights and epsilon by layer, the configuration and the history. */
export function toSbsRecord(
  { sbsLayers }: SbsNetwork,
  config: SbsConfig,
  run: SbsRun,
  name?: string,
): NetworkInput {
  const arrays: Record<string, StoredArray> = {};
  for (const [index, layer] of sbsLayers) {
    arrays[`weights_${index}`] = layer.weights;
    arrays[`epsilon_xy_${index}`] = layer.epsilonXy;
  }
  const { test } = run;
  return {
    ...(name === undefined ? {} : { name }),
    parameters: describeParameters(config, run),
    nParameters: Object.values(arrays).reduce((sum, { data }) => sum + data.length, 0),
    nOutput: config.network_structure.number_of_output_neurons,
    datasetHash: run.datasetHash,
    stateHash: stateHash(arrays),
    parent: null,
    codeVersion: version,
    scores: test
      ? { output: { ...test, error: Math.sqrt((test.accuracy * (1 - test.accuracy)) / test.nIter) } }
      : {},
    arrays,
    meta: { config, history: run.history },
  };
}

/** Puts the arrays of a record into a network of the same structure. Errors: `INVALID_ARGUMENT`, `STORE_CORRUPT`. */
export function loadSbsRecord({ sbsLayers }: SbsNetwork, record: NetworkRecord): void {
  if (record.parameters.network_type !== sbsType) {
    const got = `"${record.name}" is of type ${String(record.parameters.network_type)}`;
    throw new LocusError('INVALID_ARGUMENT', `sbs: expected a network of type ${sbsType}, ${got}`);
  }
  for (const [index, layer] of sbsLayers) {
    layer.weights = readArray(record, `weights_${index}`);
    layer.epsilonXy = readArray(record, `epsilon_xy_${index}`);
  }
}

function readArray(record: NetworkRecord, name: string) {
  const array = record.arrays[name];
  if (!(array?.data instanceof Float32Array)) {
    const place = `network "${record.name}"`;
    throw new LocusError(
      'STORE_CORRUPT',
      `${place}: expected an array ${name} of float32, which is not there`,
    );
  }
  return makeTensor(array.shape, array.data);
}

function describeParameters(config: SbsConfig, run: SbsRun): Parameters {
  const { network_structure: structure, learning_parameters: learning } = config;
  return {
    network_type: sbsType,
    dataset: run.dataset,
    seed: run.seed,
    n_steps: run.steps,
    n_train: run.nTrain,
    batch_size: config.batch_size,
    number_of_spikes: config.number_of_spikes,
    forward_neuron_numbers: structure.forward_neuron_numbers,
    forward_kernel_size: structure.forward_kernel_size,
    layer_type: structure.layer_type ?? null,
    is_pooling_layer: structure.is_pooling_layer ?? null,
    learning_rate_gamma_w: learning.learning_rate_gamma_w,
    loss_mode: learning.loss_mode,
    use_on_off_filter: config.augmentation.use_on_off_filter,
  };
}
