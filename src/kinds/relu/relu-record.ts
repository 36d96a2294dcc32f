/** ReLU networks and their training as the database keeps them, and back. */
import { loadWeights, weightArrays } from '../layered/network-weights.js';
import type { Sequential } from '../../layers/sequential.js';
import type { TrainingIdentity } from '../layered/training-state.js';
import { scoreOf } from '../../readout/score-predictions.js';
import { checkNetworkType, type NetworkInput, type NetworkRecord, stateHash } from '../../store/index.js';
import { version } from '../../version.js';
import { type Architecture, makeReluNetwork, parseArchitecture } from './architecture.js';
import type { ReluEpoch } from './relu-training.js';

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

/**
 * The network of a record.
 *
 * @throws LocusError `INVALID_ARGUMENT` for a network of another type, `STORE_CORRUPT` where its weights do not fit
 */
export function loadReluNetwork(record: NetworkRecord): { network: Sequential; architecture: Architecture } {
  checkNetworkType(record, reluType);
  const { parameters } = record;
  const architecture = parseArchitecture(String(parameters.architecture));
  const network = makeReluNetwork(architecture, {
    dropout: Number(parameters.dropout ?? 0),
    inputDropout: Number(parameters.input_dropout ?? 0),
  });
  loadWeights(network, record);
  return { network, architecture };
}
