/** Training of the NNMF network: three Adam groups, a plateau for each, an epoch at a time. */
import { type ImageSet, imageSetField } from '../../datasets/image-set.js';
import {
  callback,
  count,
  custom,
  nested,
  number,
  objectWith,
  pickOptions,
  readOptions,
  required,
  type Schema,
} from '../../options.js';
import { type Labels, pickLabels } from '../../readout/class-numbers.js';
import {
  type Augmentation,
  augmentationField,
  centreCrops,
  colourJitter,
  noJitter,
  randomCrops,
} from '../../layers/augmentation.js';
import { countCorrect, crossEntropyLoss, type Loss, mixtureLoss } from '../../layers/losses.js';
import {
  makeNnmfNetwork,
  type NnmfGroups,
  type NnmfNetwork,
  type NnmfNetworkOptions,
  nnmfNetworkSchema,
  networkField,
} from './nnmf-network.js';
import { partialWatchSchema, pause, readEpoch, type WatchOptions } from '../layered/pause.js';
import { runBatches } from '../layered/run-batches.js';
import { Adam, learningRate } from '../../layers/optimizers.js';
import { ReduceLROnPlateau } from '../../layers/reduce-lr-on-plateau.js';
import type { Tensor } from '../../layers/tensor.js';
import {
  layOutTraining,
  type PartialEpoch,
  restoreState,
  saveState,
  type TrainingLayout,
  type TrainingParts,
  type TrainingState,
} from '../layered/training-state.js';

export interface NnmfTrainingOptions extends NnmfNetworkOptions {
  /** Default: 50. */
  readonly batchSize?: number;
  /** 0 (default): mean squared error and Kullback–Leibler divergence; 1: cross entropy. */
  readonly lossMode?: 0 | 1;
  /** Initial learning rates. Defaults: 0.001, 0.01, 0.001. */
  readonly rates?: Partial<Readonly<Record<keyof NnmfGroups, number>>>;
  /** All rates are multiplied by it after every epoch, besides what the plateaus do. Default: 1. */
  readonly rateDecay?: number;
  /** Flip and colour jitter; `auto` (default): as the reference for three channels, none for one. */
  readonly augmentation?: Augmentation | 'auto';
}

export interface EpochResult {
  readonly epoch: number;
  /** After the epoch, in the order cnnTop, nnmf, batchNorm2d. */
  readonly rates: readonly [number, number, number];
  /** Summed over the epoch, divided by its images. */
  readonly trainLoss: number;
  /** Shares of 1. */
  readonly trainCorrect: number;
  readonly testCorrect: number;
  readonly trainSeconds: number;
  readonly testSeconds: number;
}

const resultField = objectWith<EpochResult>('epoch', 'rates', 'trainLoss', 'trainSeconds', 'testSeconds');

export type NnmfTrainingState = TrainingState<EpochResult>;

const evaluationSchema: Schema<EvaluationOptions> = {
  ...partialWatchSchema,
  inputSize: required(count({ unit: 'pixels' })),
  batchSize: count({ unit: 'images' }),
  onBatch: callback(),
};

const trainingSchema: Schema<NnmfTrainingOptions> = {
  ...nnmfNetworkSchema,
  batchSize: count({ unit: 'images' }),
  lossMode: custom('0 (mixture) or 1 (cross entropy)', (value) => value === 0 || value === 1),
  rates: nested<NonNullable<NnmfTrainingOptions['rates']>>({
    cnnTop: learningRate,
    nnmf: learningRate,
    batchNorm2d: learningRate,
  }),
  rateDecay: number({ above: 0, most: 1 }),
  augmentation: (place, name, value) => (value === 'auto' ? value : augmentationField(place, name, value)),
};

const groupNames = ['cnnTop', 'nnmf', 'batchNorm2d'] as const;
/** Initial learning rates of the reference. */
export const nnmfRates = { cnnTop: 0.001, nnmf: 0.01, batchNorm2d: 0.001 };
/** Training ends when no rate is above it. */
const leastRate = 1e-9;
const plateau = { factor: 0.1, patience: 10, threshold: 1e-4, eps: 1e-10 };

export class NnmfTraining {
  readonly built: NnmfNetwork;
  readonly batchSize: number;
  readonly #options: NnmfTrainingOptions;
  readonly #augmentation: Augmentation;
  readonly #optimizers: readonly Adam[];
  readonly #plateaus: readonly ReduceLROnPlateau[];
  #history: EpochResult[] = [];
  #partial: PartialEpoch | null = null;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(given: NnmfTrainingOptions) {
    const options = readOptions('NnmfTraining', trainingSchema, given);
    this.#options = options;
    this.batchSize = options.batchSize ?? 50;
    const { augmentation = 'auto' } = options;
    const automatic = options.inputChannels === 3 ? colourJitter : noJitter;
    this.#augmentation = augmentation === 'auto' ? automatic : augmentation;
    this.built = makeNnmfNetwork(pickOptions(nnmfNetworkSchema, options));
    const rates = { ...nnmfRates, ...options.rates };
    this.#optimizers = groupNames.map((name) => new Adam(this.built.groups[name], { rate: rates[name] }));
    this.#plateaus = this.#optimizers.map((optimizer) => new ReduceLROnPlateau(optimizer, plateau));
  }

  /** The epoch that was interrupted; null: between two epochs. */
  get partial(): PartialEpoch | null {
    return this.#partial;
  }

  /** Results of the epochs so far. */
  get history(): readonly EpochResult[] {
    return this.#history;
  }

  /** Whether all rates have fallen below 1e-9. */
  get isFinished(): boolean {
    return this.#optimizers.every(({ rate }) => rate < leastRate);
  }

  /**
   * Trains on all images once in a random order, then tests. After an interruption the next call goes on in the middle of the
   * epoch, to the bit as if there had been no pause.
   *
   * @throws LocusError `INTERRUPTED`
   */
  async runEpoch(train: ImageSet, test: ImageSet, given: WatchOptions): Promise<EpochResult> {
    const watch = readEpoch('NnmfTraining.runEpoch', train, test, given);
    const { seed = 0, inputSize } = this.#options;
    const epoch = this.#history.length;
    const { count } = train;
    const { network } = this.built;
    network.setTraining(true);
    const whole = await runBatches(
      { seed, epoch, count, batchSize: this.batchSize, partial: this.#partial },
      watch,
      (chosen) => {
        const x = randomCrops(train, chosen, inputSize, this.#augmentation, { seed, epoch });
        const labels = pickLabels(train.labels, chosen);
        const output = network.forward(x);
        const { value, gradient } = this.#loss(output, labels);
        network.clearGradients();
        network.backward(gradient);
        for (const optimizer of this.#optimizers) optimizer.step();
        return { loss: value, correct: countCorrect(output, labels) };
      },
      (partial) => {
        this.#partial = partial;
      },
    );
    const begin = watch.now();
    const testCorrect = await evaluateNnmf(this.built, test, {
      inputSize,
      batchSize: this.batchSize,
      ...watch,
      onProgress: undefined,
    });
    for (const each of this.#plateaus) each.step(whole.loss);
    for (const optimizer of this.#optimizers) optimizer.rate *= this.#options.rateDecay ?? 1;
    const [cnnTop, nnmf, batchNorm2d] = this.#optimizers.map(({ rate }) => rate);
    const result: EpochResult = {
      epoch,
      rates: [cnnTop, nnmf, batchNorm2d],
      trainLoss: whole.loss / count,
      trainCorrect: whole.correct / count,
      testCorrect,
      trainSeconds: whole.seconds,
      testSeconds: (watch.now() - begin) / 1000,
    };
    this.#history.push(result);
    this.#partial = null;
    return result;
  }

  save(): NnmfTrainingState {
    return saveState(this.#parts, this.#history, this.#partial);
  }

  /** Goes on from a state as if there had been no pause. Errors: `INVALID_ARGUMENT` for the state of another network. */
  restore(state: NnmfTrainingState): void {
    restoreState('NnmfTraining', this.#parts, state);
    this.#history = [...state.history];
    this.#partial = state.partial;
  }

  /** The sizes of what `save` gives. */
  get layout(): TrainingLayout {
    return layOutTraining(this.#parts);
  }

  get #parts(): TrainingParts {
    const parameters = this.built.network.parameters();
    return { parameters, optimizers: this.#optimizers, plateaus: this.#plateaus };
  }

  #loss(output: Tensor, labels: Labels): Loss {
    return this.#options.lossMode === 1 ? crossEntropyLoss(output, labels) : mixtureLoss(output, labels);
  }
}

export interface EvaluationOptions extends Partial<WatchOptions> {
  readonly inputSize: number;
  /** The network normalises by the statistics of the batch, so results depend on it. Default: 50. */
  readonly batchSize?: number;
  /** Sees the outputs [image, class] of every batch. */
  readonly onBatch?: (output: Tensor, first: number) => void;
}

/** Share of the images, in their order, that are classified correctly. Errors: `INTERRUPTED`. */
export async function evaluateNnmf(
  evaluated: NnmfNetwork,
  set: ImageSet,
  given: EvaluationOptions,
): Promise<number> {
  const options = readOptions('evaluateNnmf', evaluationSchema, given);
  const { inputSize, batchSize = 50 } = options;
  const { network } = networkField('evaluateNnmf', 'network', evaluated);
  imageSetField('evaluateNnmf', 'set', set);
  network.setTraining(false);
  let correct = 0;
  for (let from = 0; from < set.count; from += batchSize) {
    await pause(options.signal);
    const to = Math.min(set.count, from + batchSize);
    const chosen = Uint32Array.from({ length: to - from }, (_, i) => from + i);
    const output = network.forward(centreCrops(set, chosen, inputSize));
    correct += countCorrect(output, set.labels.subarray(from, to));
    options.onBatch?.(output, from);
    options.onProgress?.({ done: to, total: set.count });
  }
  return correct / set.count;
}

/** An epoch in the words of the reference program. */
export function formatEpoch(result: EpochResult): string {
  resultField('formatEpoch', 'result', result);
  const rates = result.rates.map((rate) => `${formatExponent(rate)} `).join(' ');
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
  return [
    `Epoch: ${result.epoch}`,
    `Actual lr:  ${rates}`,
    `Training: Loss=${result.trainLoss.toFixed(5)} Correct=${percent(result.trainCorrect)}`,
    `Testing: Correct=${percent(result.testCorrect)}`,
    `Time: Training=${result.trainSeconds.toFixed(1)}sec, Testing=${result.testSeconds.toFixed(1)}sec`,
  ].join('\n');
}

/** `1.0000e-03` */
function formatExponent(value: number): string {
  return value.toExponential(4).replace(/e([+-])(\d)$/, 'e$10$2');
}
