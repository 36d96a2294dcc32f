/** ReLU networks and their training as the database keeps them, and back. */
import { LocusError } from '../errors.js';
import type { Sequential } from '../layers/sequential.js';
import { makeTensor } from '../layers/tensor.js';
import {
  type CheckpointInput,
  type NetworkInput,
  type NetworkRecord,
  type Parameters,
  type StoredArray,
  type StoredArrays,
  stateHash,
} from '../store/index.js';
import { version } from '../version.js';
import { type Architecture, makeReluNetwork, parseArchitecture } from './architecture.js';
import type { ReluEpoch, ReluTrainingState } from './relu-training.js';

export const reluType = 'ReLU';

/** What a stored network goes by: published names. */
export interface ReluIdentity {
  readonly parameters: Parameters;
  readonly datasetHash: string | null;
  readonly name?: string;
}

/** Number of images that an accuracy was measured on. */
export interface MeasuredAccuracy {
  readonly accuracy: number;
  readonly nIter: number;
}

/** A trained network: its weights by the names of a PyTorch `state_dict`, its history and its score. */
export function toReluRecord(
  network: Sequential,
  identity: ReluIdentity,
  measured: MeasuredAccuracy,
  history: readonly ReluEpoch[] = [],
): NetworkInput {
  const arrays: Record<string, StoredArray> = Object.fromEntries(
    network.namedParameters().map(([name, { value }]) => [name, { shape: value.shape, data: value.data }]),
  );
  return {
    ...identity,
    nParameters: network.parameters().reduce((sum, { value }) => sum + value.data.length, 0),
    nOutput: network.parameters().at(-1)?.value.shape[0] ?? 0,
    stateHash: stateHash(arrays),
    parent: null,
    codeVersion: version,
    scores: { output: scoreOf(measured) },
    arrays,
    meta: { history },
  };
}

/** An accuracy with its standard error. */
export function scoreOf({ accuracy, nIter }: MeasuredAccuracy) {
  return { accuracy, error: Math.sqrt((accuracy * (1 - accuracy)) / nIter), nIter };
}

/**
 * The network of a record.
 *
 * @throws LocusError `INVALID_ARGUMENT` for a network of another type, `STORE_CORRUPT` where its weights do not fit
 */
export function loadReluNetwork(record: NetworkRecord): { network: Sequential; architecture: Architecture } {
  const { parameters, name, arrays } = record;
  if (parameters.network_type !== reluType) {
    const got = `"${name}" is of type ${String(parameters.network_type)}`;
    throw new LocusError('INVALID_ARGUMENT', `expected a network of type ${reluType}, ${got}`);
  }
  const architecture = parseArchitecture(String(parameters.architecture));
  const network = makeReluNetwork(architecture, {
    dropout: Number(parameters.dropout ?? 0),
    inputDropout: Number(parameters.input_dropout ?? 0),
  });
  for (const [key, { value }] of network.namedParameters()) {
    const data = arrays[key]?.data;
    if (!(data instanceof Float32Array) || data.length !== value.data.length) {
      const expected = `${value.data.length} numbers of float32 as ${key}`;
      throw new LocusError('STORE_CORRUPT', `network "${name}": expected ${expected}, which are not there`);
    }
    value.data.set(data);
  }
  return { network, architecture };
}

/** Everything that is needed to go on to the bit. */
export function toReluCheckpoint(state: ReluTrainingState, identity: ReluIdentity): CheckpointInput {
  const arrays: Record<string, StoredArray> = {};
  state.parameters.forEach(({ shape, data }, i) => (arrays[`parameter.${i}`] = { shape, data }));
  const { rate, steps, moments } = state.optimizer;
  moments.forEach((data, i) => (arrays[`moment.${i}`] = { shape: [data.length], data }));
  const meta = { optimizer: { rate, steps, moments: moments.length }, history: state.history };
  return { ...identity, codeVersion: version, arrays, meta };
}

/** Errors: `STORE_CORRUPT` naming what is missing. */
export function readReluCheckpoint(
  arrays: StoredArrays,
  meta: Readonly<Record<string, unknown>>,
): ReluTrainingState {
  const { optimizer, history } = meta as unknown as {
    optimizer: { rate: number; steps: number; moments: number };
    history: ReluEpoch[];
  };
  const floats = (name: string) => {
    const array = arrays[name];
    if (array?.data instanceof Float32Array) return makeTensor(array.shape, array.data);
    const expected = `expected an array ${name} of float32, which is not there`;
    throw new LocusError('STORE_CORRUPT', `checkpoint of a ReLU training: ${expected}`);
  };
  const count = Object.keys(arrays).filter((name) => name.startsWith('parameter.')).length;
  return {
    parameters: Array.from({ length: count }, (_, i) => floats(`parameter.${i}`)),
    optimizer: {
      ...optimizer,
      moments: Array.from({ length: optimizer.moments }, (_, i) => floats(`moment.${i}`).data),
    },
    history,
  };
}
