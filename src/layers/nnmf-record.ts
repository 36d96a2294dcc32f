/** The NNMF network and its training as the database keeps them, and back. */
import { LocusError } from '../errors.js';
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
import { countNnmfParameters, type NnmfNetwork } from './nnmf-network.js';
import type { NnmfTraining, NnmfTrainingState } from './nnmf-training.js';
import { makeTensor } from './tensor.js';

export const nnmfType = 'NNMF';

/** What a stored training goes by: published names. */
export interface NnmfIdentity {
  readonly parameters: Parameters;
  readonly datasetHash: string | null;
}

/** The trained network: its weights by the names of a PyTorch `state_dict`, its history and its score. */
export function toNnmfRecord(
  training: NnmfTraining,
  identity: NnmfIdentity,
  tested: number,
  name?: string,
): NetworkInput {
  const arrays = weightArrays(training.built);
  const accuracy = training.history.at(-1)?.testCorrect ?? 0;
  return {
    ...identity,
    ...(name === undefined ? {} : { name }),
    nParameters: countNnmfParameters(training.built.groups).total,
    nOutput: training.built.network.parameters().at(-1)?.value.shape[0] ?? 0,
    stateHash: stateHash(arrays),
    parent: null,
    codeVersion: version,
    scores:
      tested === 0
        ? {}
        : { output: { accuracy, error: Math.sqrt((accuracy * (1 - accuracy)) / tested), nIter: tested } },
    arrays,
    meta: { history: training.history },
  };
}

/** Everything that is needed to go on to the bit. */
export function toNnmfCheckpoint(state: NnmfTrainingState, identity: NnmfIdentity): CheckpointInput {
  const arrays: Record<string, StoredArray> = {};
  state.parameters.forEach(({ shape, data }, i) => (arrays[`parameter.${i}`] = { shape, data }));
  state.optimizers.forEach(({ moments }, group) => {
    moments.forEach((data, i) => (arrays[`moment.${group}.${i}`] = { shape: [data.length], data }));
  });
  const optimizers = state.optimizers.map(({ rate, steps, moments }) => ({
    rate,
    steps,
    moments: moments.length,
  }));
  const meta = { optimizers, plateaus: state.plateaus, history: state.history };
  return { ...identity, codeVersion: version, arrays, meta };
}

/** Errors: `STORE_CORRUPT` naming what is missing. */
export function readNnmfCheckpoint(
  arrays: StoredArrays,
  meta: Readonly<Record<string, unknown>>,
): NnmfTrainingState {
  const place = 'checkpoint of an NNMF training';
  const { optimizers, plateaus, history } = meta as unknown as Pick<
    NnmfTrainingState,
    'plateaus' | 'history'
  > & {
    optimizers: { rate: number; steps: number; moments: number }[];
  };
  const floats = (name: string) => {
    const array = arrays[name];
    if (!(array?.data instanceof Float32Array)) {
      throw new LocusError(
        'STORE_CORRUPT',
        `${place}: expected an array ${name} of float32, which is not there`,
      );
    }
    return makeTensor(array.shape, array.data);
  };
  const count = Object.keys(arrays).filter((name) => name.startsWith('parameter.')).length;
  return {
    parameters: Array.from({ length: count }, (_, i) => floats(`parameter.${i}`)),
    optimizers: optimizers.map(({ rate, steps, moments }, group) => ({
      rate,
      steps,
      moments: Array.from({ length: moments }, (_, i) => floats(`moment.${group}.${i}`).data),
    })),
    plateaus,
    history,
  };
}

/** Puts the weights of a record into a network of the same structure. Errors: `STORE_CORRUPT` naming what does not fit. */
export function loadNnmfWeights({ network }: NnmfNetwork, { name, arrays }: NetworkRecord): void {
  for (const [key, { value }] of network.namedParameters()) {
    const data = arrays[key]?.data;
    if (!(data instanceof Float32Array) || data.length !== value.data.length) {
      const expected = `${value.data.length} numbers of float32 as ${key}`;
      throw new LocusError('STORE_CORRUPT', `network "${name}": expected ${expected}, which are not there`);
    }
    value.data.set(data);
  }
}

function weightArrays({ network }: NnmfNetwork): Record<string, StoredArray> {
  return Object.fromEntries(
    network.namedParameters().map(([name, { value }]) => [name, { shape: value.shape, data: value.data }]),
  );
}
