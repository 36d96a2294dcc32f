/** ReLU networks and their training as the database keeps them, and back. */
import type { z as zod } from 'zod';
import { checkNetworkRecord } from '../check-record.js';
import { makeFields } from '../field-schemas.js';
import { loadWeights, shapeWeights, weightArrays, type WeightShapes } from '../layered/network-weights.js';
import { keepSchemas, type RecordShape, type Zod } from '../record-shape.js';
import type { Sequential } from '../../layers/sequential.js';
import { makeTrainingShape, type TrainingIdentity } from '../layered/training-state.js';
import { scoreOf } from '../../readout/score-predictions.js';
import { checkNetworkType, type NetworkInput, type NetworkRecord, stateHash } from '../../store/index.js';
import { version } from '../../version.js';
import { type Architecture, makeReluNetwork, parseArchitecture } from './architecture.js';
import { type ReluEpoch, reluOptimizers, ReluTraining } from './relu-training.js';

export const reluType = 'ReLU';

/** An accuracy in [0, 1] and the number of images that it was measured on. */
export interface MeasuredAccuracy {
  readonly accuracy: number;
  readonly nIter: number;
}

/** A trained network: its weights by the names of a PyTorch `state_dict`, its history and its score. */
export function toReluRecord(
  network: Sequential,
  identity: TrainingIdentity,
  measured: MeasuredAccuracy,
  { name, history = [] }: { name?: string; history?: readonly ReluEpoch[] } = {},
): NetworkInput {
  const arrays = weightArrays(network);
  return {
    ...identity,
    ...(name === undefined ? {} : { name }),
    nParameters: network.parameters().reduce((sum, { value }) => sum + value.data.length, 0),
    nOutput: network.parameters().at(-1)?.value.shape[0] ?? 0,
    stateHash: stateHash(arrays),
    parent: null,
    codeVersion: version,
    scores: { output: scoreOf(measured.accuracy, measured.nIter) },
    arrays,
    meta: { history },
  };
}

/** What is read back of a record's parameters. */
interface ReluIdentityRead {
  readonly architecture: Architecture;
  readonly dropout: number;
  readonly inputDropout: number;
}

interface ReluMeta {
  /** Epoch by epoch; empty for weights from elsewhere. */
  readonly history: readonly ReluEpoch[];
}

export const reluRecordShape: RecordShape<ReluIdentityRead, ReluMeta, WeightShapes> = {
  parameters: keepSchemas((z) => z.object(structureFields(z)).transform(readStructure)),
  meta: keepSchemas((z) => z.strictObject({ history: z.array(makeReluEpoch(z)) })),
  arrays: ({ architecture, ...options }) => shapeWeights(makeReluNetwork(architecture, options)),
};

export const reluCheckpointShape = makeTrainingShape(
  (z) =>
    z
      .object({ ...structureFields(z), optimizer: z.enum(reluOptimizers) })
      .transform(({ optimizer, ...structure }) => ({ optimizer, ...readStructure(structure) }))
      .transform((options) => new ReluTraining(options).layout),
  makeReluEpoch,
);

/** The values of a record. Errors: `INVALID_ARGUMENT` for a network of another type, `STORE_CORRUPT`. */
export function readReluRecord(record: NetworkRecord) {
  checkNetworkType(record, reluType);
  return checkNetworkRecord(reluRecordShape, record);
}

/** The network of a record. Errors as `readReluRecord`. */
export function loadReluNetwork(record: NetworkRecord): { network: Sequential; architecture: Architecture } {
  const { parameters, arrays } = readReluRecord(record);
  const { architecture, ...options } = parameters;
  const network = makeReluNetwork(architecture, options);
  loadWeights(network, arrays);
  return { network, architecture };
}

/** Weights from elsewhere come without dropout. */
function structureFields(z: Zod) {
  const { share } = makeFields(z);
  return {
    network_type: z.literal(reluType),
    architecture: z.string(),
    dropout: share.default(0),
    input_dropout: share.default(0),
  };
}

function readStructure(published: {
  readonly architecture: string;
  readonly dropout: number;
  readonly input_dropout: number;
}): ReluIdentityRead {
  const { architecture, dropout, input_dropout: inputDropout } = published;
  return { architecture: parseArchitecture(architecture), dropout, inputDropout };
}

function makeReluEpoch(z: Zod): zod.ZodType<ReluEpoch> {
  const { count, share, notNegative } = makeFields(z);
  return z.strictObject({
    epoch: count,
    rate: notNegative,
    trainLoss: z.number(),
    trainCorrect: share,
    testCorrect: share,
    seconds: notNegative,
  });
}
