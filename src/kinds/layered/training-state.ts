/** Everything that changes while a deep network is trained, as checkpoints keep it: to go on to the bit. */
import { invalidArgument, LocusError } from '../../errors.js';
import type { CheckpointInput, Parameters, StoredArray, StoredArrays } from '../../store/index.js';
import { version } from '../../version.js';
import type { Parameter } from '../../layers/layer.js';
import type { Optimizer, OptimizerState } from '../../layers/optimizers.js';
import type { PlateauState, ReduceLROnPlateau } from '../../layers/reduce-lr-on-plateau.js';
import { makeTensor, type Tensor } from '../../layers/tensor.js';

/** @typeParam Entry what is noted of an epoch or an update */
export interface TrainingState<Entry> {
  readonly parameters: readonly Tensor[];
  readonly optimizers: readonly OptimizerState[];
  readonly plateaus: readonly PlateauState[];
  readonly history: readonly Entry[];
}

/** What a stored training goes by: published names. */
export interface TrainingIdentity {
  readonly parameters: Parameters;
  readonly datasetHash: string | null;
}

/** The parts of a training that a state is taken from and put back into. */
export interface TrainingParts {
  readonly parameters: readonly Parameter[];
  readonly optimizers: readonly Optimizer[];
  readonly plateaus: readonly ReduceLROnPlateau[];
}

export function saveState<Entry>(parts: TrainingParts, history: readonly Entry[]): TrainingState<Entry> {
  return {
    parameters: parts.parameters.map(({ value: { shape, data } }) => ({ shape, data: data.slice() })),
    optimizers: parts.optimizers.map((optimizer) => optimizer.save()),
    plateaus: parts.plateaus.map((plateau) => plateau.save()),
    history: [...history],
  };
}

/** Errors: `INVALID_ARGUMENT` for the state of another network. */
export function restoreState(place: string, parts: TrainingParts, state: TrainingState<unknown>): void {
  const { parameters, optimizers, plateaus } = parts;
  const fits =
    state.parameters.length === parameters.length &&
    state.plateaus.length === plateaus.length &&
    parameters.every(({ value }, i) => value.data.length === state.parameters[i].data.length);
  if (!fits) {
    throw invalidArgument(place, `a state of ${parameters.length} parameters`, state.parameters.length);
  }
  parameters.forEach(({ value }, i) => value.data.set(state.parameters[i].data));
  optimizers.forEach((optimizer, i) => optimizer.restore(state.optimizers[i]));
  plateaus.forEach((plateau, i) => plateau.restore(state.plateaus[i]));
}

export function toCheckpoint(state: TrainingState<unknown>, identity: TrainingIdentity): CheckpointInput {
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
export function readCheckpoint<Entry>(
  arrays: StoredArrays,
  meta: Readonly<Record<string, unknown>>,
): TrainingState<Entry> {
  const { optimizers, plateaus, history } = meta as unknown as Pick<
    TrainingState<Entry>,
    'plateaus' | 'history'
  > & {
    optimizers: { rate: number; steps: number; moments: number }[];
  };
  const floats = (name: string) => {
    const array = arrays[name];
    if (!(array?.data instanceof Float32Array)) {
      throw new LocusError(
        'STORE_CORRUPT',
        `checkpoint of a training: expected an array ${name} of float32, which is not there`,
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
