/** The NNMF network and its training as the database keeps them, and back. */
import { basename } from 'node:path';
import type { z as zod } from 'zod';
import { findDataset } from '../../datasets/registry.js';
import { scoreOf } from '../../readout/score-predictions.js';
import { type NetworkInput, type Parameters, stateHash } from '../../store/index.js';
import { version } from '../../version.js';
import { makeFields } from '../field-schemas.js';
import { shapeWeights, weightArrays, type WeightShapes } from '../layered/network-weights.js';
import { keepSchemas, type RecordShape, type Zod } from '../record-shape.js';
import {
  countNnmfParameters,
  describeNnmfInput,
  makeNnmfNetwork,
  type NnmfNetworkOptions,
} from './nnmf-network.js';
import { type EpochResult, NnmfTraining } from './nnmf-training.js';
import { makeTrainingShape, type TrainingIdentity } from '../layered/training-state.js';

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

type PublishedNnmf = ReturnType<typeof publishNnmf>;

/** The structure under published names, with the defaults of what is left out. */
export function publishNnmf(dataset: string, options: NnmfStructure) {
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
export function readNnmfOptions(structure: PublishedNnmf): NnmfNetworkOptions {
  const { channels, size } = describeNnmfInput(findDataset('nnmf', structure.dataset));
  return {
    inputChannels: channels,
    inputSize: size,
    iterations: structure.iterations,
    epsilon: structure.epsilon,
    positiveFunctionType: structure.positive_function_type,
    beta: structure.beta,
    localLearning: structure.local_learning,
    localLearningKl: structure.local_learning_kl,
    mlpEquivalent: structure.mlp_equivalent,
    seed: structure.seed,
  };
}

/** What is read back of a record's parameters. */
interface NnmfIdentityRead {
  readonly dataset: string;
  readonly options: NnmfNetworkOptions;
  readonly batchSize: number;
}

interface NnmfMeta {
  readonly history: readonly EpochResult[];
}

export const nnmfRecordShape: RecordShape<NnmfIdentityRead, NnmfMeta, WeightShapes> = {
  parameters: keepSchemas((z) =>
    makeStructure(z).transform((structure) => ({
      dataset: structure.dataset,
      options: readNnmfOptions(structure),
      batchSize: structure.batch_size,
    })),
  ),
  meta: keepSchemas((z) => z.strictObject({ history: z.array(makeNnmfEpoch(z)) })),
  arrays: ({ options }) => shapeWeights(makeNnmfNetwork(options).network),
};

export const nnmfCheckpointShape = makeTrainingShape(
  (z) => makeStructure(z).transform((structure) => new NnmfTraining(readNnmfOptions(structure)).layout),
  makeNnmfEpoch,
);

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

/** The published structure of a network, read back. */
function makeStructure(z: Zod) {
  const { count, countFrom1 } = makeFields(z);
  return z.object({
    network_type: z.literal(nnmfType),
    dataset: z.string(),
    iterations: count,
    epsilon: z.number().nullable(),
    positive_function_type: z.literal([0, 1, 2, 3]),
    beta: z.number().nullable(),
    local_learning: z.boolean(),
    local_learning_kl: z.boolean(),
    mlp_equivalent: z.boolean(),
    seed: z.int(),
    batch_size: countFrom1,
  });
}

export function makeNnmfEpoch(z: Zod): zod.ZodType<EpochResult> {
  const { count, share, notNegative } = makeFields(z);
  return z.strictObject({
    epoch: count,
    rates: z.tuple([notNegative, notNegative, notNegative]),
    trainLoss: z.number(),
    trainCorrect: share,
    testCorrect: share,
    trainSeconds: notNegative,
    testSeconds: notNegative,
  });
}
