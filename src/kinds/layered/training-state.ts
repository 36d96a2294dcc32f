/** Everything that changes while a deep network is trained, as checkpoints keep it: to go on to the bit. */
import type { z as zod } from 'zod';
import { invalidArgument } from '../../errors.js';
import type { Checkpoint, CheckpointInput, Parameters, StoredArray } from '../../store/index.js';
import { version } from '../../version.js';
import type { Parameter } from '../../layers/layer.js';
import type { Optimizer, OptimizerState } from '../../layers/optimizers.js';
import type { PlateauState, ReduceLROnPlateau } from '../../layers/reduce-lr-on-plateau.js';
import type { Tensor } from '../../layers/tensor.js';
import { checkCheckpoint } from '../check-record.js';
import { makeFields } from '../field-schemas.js';
import type { RecordShape, Zod } from '../record-shape.js';
import type { WeightShapes } from './network-weights.js';

/** An epoch that has begun and not ended. */
export interface PartialEpoch {
  /** Images that were learned from. */
  readonly images: number;
  /** Of those, summed. */
  readonly loss: number;
  readonly correct: number;
  /** Training time so far. */
  readonly seconds: number;
}

/** @typeParam Entry what is noted of an epoch or an update */
export interface TrainingState<Entry> {
  readonly parameters: readonly Tensor[];
  readonly optimizers: readonly OptimizerState[];
  readonly plateaus: readonly PlateauState[];
  readonly history: readonly Entry[];
  /** Null: between two epochs. */
  readonly partial: PartialEpoch | null;
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

export function saveState<Entry>(
  parts: TrainingParts,
  history: readonly Entry[],
  partial: PartialEpoch | null = null,
): TrainingState<Entry> {
  return {
    parameters: parts.parameters.map(({ value: { shape, data } }) => ({ shape, data: data.slice() })),
    optimizers: parts.optimizers.map((optimizer) => optimizer.save()),
    plateaus: parts.plateaus.map((plateau) => plateau.save()),
    history: [...history],
    partial,
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
  state.parameters.forEach(({ shape, data }, i) => (arrays[parameterName(i)] = { shape, data }));
  state.optimizers.forEach(({ moments }, group) => {
    moments.forEach((data, i) => (arrays[momentName(group, i)] = { shape: [data.length], data }));
  });
  const optimizers = state.optimizers.map(({ rate, steps, moments }) => ({
    rate,
    steps,
    moments: moments.length,
  }));
  const { plateaus, history, partial } = state;
  const meta = { optimizers, plateaus, history, ...(partial && { partial }) };
  return { ...identity, codeVersion: version, arrays, meta };
}

/** The sizes of everything that a checkpoint of a training holds. */
export interface TrainingLayout {
  /** Shapes of the parameters. */
  readonly parameters: readonly (readonly number[])[];
  /** Lengths of the moments of every optimiser. */
  readonly moments: readonly (readonly number[])[];
  /** Number of plateaus. */
  readonly plateaus: number;
}

export function layOutTraining({ parameters, optimizers, plateaus }: TrainingParts): TrainingLayout {
  return {
    parameters: parameters.map(({ value }) => value.shape),
    moments: optimizers.map((optimizer) => optimizer.save().moments.map(({ length }) => length)),
    plateaus: plateaus.length,
  };
}

/** What a checkpoint keeps besides its arrays. */
interface TrainingMeta<Entry> {
  readonly optimizers: readonly { readonly rate: number; readonly steps: number; readonly moments: number }[];
  readonly plateaus: readonly PlateauState[];
  readonly history: readonly Entry[];
  /** Absent: between two epochs. */
  readonly partial?: PartialEpoch;
}

export type TrainingShape<Entry> = RecordShape<TrainingLayout, TrainingMeta<Entry>, WeightShapes>;

/**
 * The shape of the checkpoints of one kind of training.
 *
 * @param layout of the training with these published parameters
 * @param entry what is noted of one epoch or update
 */
export function makeTrainingShape<Entry>(
  layout: (z: Zod) => zod.ZodType<TrainingLayout>,
  entry: (z: Zod) => zod.ZodType<Entry>,
): TrainingShape<Entry> {
  return {
    parameters: layout,
    meta: (z, { moments, plateaus }) => {
      const { count, countFrom1, notNegative } = makeFields(z);
      const partial = { images: countFrom1, loss: z.number(), correct: count, seconds: notNegative };
      const optimizer = z.strictObject({ rate: notNegative, steps: count, moments: count });
      return z.strictObject({
        optimizers: z.array(optimizer).length(moments.length).superRefine(checkMoments(moments)),
        plateaus: z.array(z.strictObject({ best: z.number().nullable(), badSteps: count })).length(plateaus),
        history: z.array(entry(z)),
        partial: z.strictObject(partial).optional(),
      });
    },
    arrays: ({ parameters, moments }) =>
      Object.fromEntries([
        ...parameters.map((shape, i) => [parameterName(i), { dtype: 'float32', shape }] as const),
        ...moments.flatMap((lengths, group) =>
          lengths.map((length, i) => [momentName(group, i), { dtype: 'float32', shape: [length] }] as const),
        ),
      ]),
  };
}

/** The state of a training. Errors: `STORE_CORRUPT` naming the checkpoint, the field and the expectation. */
export function readTraining<Entry>(
  shape: TrainingShape<Entry>,
  checkpoint: Pick<Checkpoint, 'key'> & CheckpointInput,
): TrainingState<Entry> {
  const { parameters, meta, arrays } = checkCheckpoint(shape, checkpoint);
  return {
    parameters: parameters.parameters.map((_, i) => arrays[parameterName(i)]),
    optimizers: meta.optimizers.map(({ rate, steps }, group) => ({
      rate,
      steps,
      moments: parameters.moments[group].map((_, i) => arrays[momentName(group, i)].data),
    })),
    plateaus: meta.plateaus,
    history: meta.history,
    partial: meta.partial ?? null,
  };
}

function checkMoments(expected: TrainingLayout['moments']) {
  return (optimizers: readonly { readonly moments: number }[], context: zod.core.$RefinementCtx) =>
    optimizers.forEach(({ moments }, group) => {
      const { length } = expected[group];
      if (moments === length) return;
      const message = `expected ${length}, got ${moments}`;
      context.addIssue({ code: 'custom', path: [group, 'moments'], message });
    });
}

function parameterName(index: number): string {
  return `parameter.${index}`;
}

function momentName(group: number, index: number): string {
  return `moment.${group}.${index}`;
}
