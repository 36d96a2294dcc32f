/** The NNMF network and its training as the database keeps them, and back. */
import { basename } from 'node:path';
import { findDataset } from '../../datasets/registry.js';
import { scoreOf } from '../../readout/score-predictions.js';
import { type NetworkInput, type Parameters, stateHash } from '../../store/index.js';
import { version } from '../../version.js';
import { weightArrays } from '../layered/network-weights.js';
import { countNnmfParameters, describeNnmfInput, type NnmfNetworkOptions } from './nnmf-network.js';
import type { NnmfTraining } from './nnmf-training.js';
import type { PositiveFunctionType } from '../../layers/positive-function.js';
import type { TrainingIdentity } from '../layered/training-state.js';

export const nnmfType = 'NNMF';

/** What of the network's options is chosen and published. */
export type NnmfStructure = Pick<
  NnmfNetworkOptions,
  | 'iterations'
  | 'epsilon'
  | 'positiveFunctionType'
  | 'beta'
  | 'localLearning'
  | 'localLearningKl'
  | 'mlpEquivalent'
  | 'seed'
>;

/** The structure under published names, with the defaults of what is left out. */
export function publishNnmf(dataset: string, options: NnmfStructure): Parameters {
  return {
    network_type: nnmfType,
    dataset,
    iterations: options.iterations ?? 20,
    epsilon: options.epsilon ?? null,
    positive_function_type: options.positiveFunctionType ?? 0,
    beta: options.beta ?? null,
    local_learning: options.localLearning ?? false,
    local_learning_kl: options.localLearningKl ?? false,
    mlp_equivalent: options.mlpEquivalent ?? false,
    seed: options.seed ?? 0,
  };
}

/** The options of the network from published names. Errors: `UNKNOWN_NAME` for the data set. */
export function readNnmfOptions(parameters: Parameters): NnmfNetworkOptions {
  const dataset = String(parameters.dataset);
  const { channels, size } = describeNnmfInput(findDataset('nnmf', dataset));
  return {
    inputChannels: channels,
    inputSize: size,
    iterations: parameters.iterations as number,
    epsilon: parameters.epsilon as number | null,
    positiveFunctionType: parameters.positive_function_type as PositiveFunctionType,
    beta: parameters.beta as number | null,
    localLearning: parameters.local_learning as boolean,
    localLearningKl: parameters.local_learning_kl as boolean,
    mlpEquivalent: parameters.mlp_equivalent as boolean,
    seed: parameters.seed as number,
  };
}

/** The trained network: its weights by the names of a PyTorch `state_dict`, its history and its score. */
export function toNnmfRecord(
  training: NnmfTraining,
  identity: TrainingIdentity,
  tested: number,
  name?: string,
): NetworkInput {
  const arrays = weightArrays(training.built.network);
  const accuracy = training.history.at(-1)?.testCorrect ?? 0;
  return {
    ...identity,
    ...(name === undefined ? {} : { name }),
    nParameters: countNnmfParameters(training.built.groups).total,
    nOutput: training.built.network.parameters().at(-1)?.value.shape[0] ?? 0,
    stateHash: stateHash(arrays),
    parent: null,
    codeVersion: version,
    scores: tested === 0 ? {} : { output: scoreOf(accuracy, tested) },
    arrays,
    meta: { history: training.history },
  };
}

/** An untrained training's network, with weights out of a file. Files of one name may hold different ones: their hash tells. */
export function toImportedRecord(
  training: NnmfTraining,
  structure: Parameters,
  file: string,
  name?: string,
): NetworkInput {
  const parameters = { ...structure, batch_size: training.batchSize, imported_from: basename(file) };
  const record = toNnmfRecord(training, { parameters, datasetHash: null }, 0, name);
  return { ...record, parameters: { ...parameters, weights_hash: record.stateHash } };
}
