/** Training of bias-free ReLU networks: cross entropy, dropout, an epoch at a time. */
import { type ImageSet, imageSetField } from '../../datasets/image-set.js';
import {
  abortSignal,
  callback,
  count,
  instance,
  number,
  objectWith,
  oneOf,
  pickOptions,
  readOptions,
  required,
  type Schema,
} from '../../options.js';
import { pickLabels } from '../../readout/class-numbers.js';
import { Dropout } from '../../layers/dropout.js';
import { countCorrect, crossEntropyLoss } from '../../layers/losses.js';
import { pause, readEpoch, type WatchOptions } from '../layered/pause.js';
import { runBatches } from '../layered/run-batches.js';
import { Adam, learningRate, momentumField, type Optimizer, SGD } from '../../layers/optimizers.js';
import { Sequential } from '../../layers/sequential.js';
import {
  layOutTraining,
  type PartialEpoch,
  restoreState,
  saveState,
  type TrainingLayout,
  type TrainingParts,
  type TrainingState,
} from '../layered/training-state.js';
import {
  type Architecture,
  architectureField,
  makeReluNetwork,
  type ReluNetworkOptions,
  reluNetworkSchema,
} from './architecture.js';
import { imageTensor, shiftImages } from './image-tensor.js';

export const reluOptimizers = ['adam', 'sgd'] as const;

export interface ReluTrainingOptions extends ReluNetworkOptions {
  readonly architecture: Architecture;
  /** Images per update. Default: 100. */
  readonly batchSize?: number;
  /** Default: adam. */
  readonly optimizer?: (typeof reluOptimizers)[number];
  /** Learning rate of the first epoch. Default: 0.001 (adam), 0.1 (sgd). */
  readonly rate?: number;
  /** Factor of the learning rate from epoch to epoch. Default: 0.75. */
  readonly rateDecay?: number;
  /** Of SGD. Default: 0.5. */
  readonly momentum?: number;
  /** Training images are moved by up to so many pixels in both directions, anew in every epoch. Default: 0. */
  readonly shift?: number;
}

const trainingSchema: Schema<ReluTrainingOptions> = {
  ...reluNetworkSchema,
  architecture: required(architectureField),
  batchSize: count({ unit: 'images' }),
  optimizer: oneOf(reluOptimizers),
  rate: learningRate,
  rateDecay: number({ above: 0, most: 1 }),
  momentum: momentumField,
  shift: count({ least: 0, unit: 'pixels' }),
};

type EvaluationWatch = Pick<Partial<WatchOptions>, 'signal' | 'onProgress'>;

const evaluationSchema: Schema<EvaluationWatch> = { signal: abortSignal, onProgress: callback() };

export interface ReluEpoch {
  readonly epoch: number;
  readonly rate: number;
  /** Mean cross entropy of the training images, with dropout. */
  readonly trainLoss: number;
  /** Shares of 1; of the training images with dropout. */
  readonly trainCorrect: number;
  readonly testCorrect: number;
  readonly seconds: number;
}

/** Images that are evaluated together. */
const evaluationBatch = 500;

export class ReluTraining {
  readonly network: Sequential;
  readonly #options: ReluTrainingOptions;
  readonly #batchSize: number;
  readonly #optimizer: Optimizer;
  readonly #rateDecay: number;
  #history: ReluEpoch[] = [];
  #partial: PartialEpoch | null = null;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(given: ReluTrainingOptions) {
    const options = readOptions('ReluTraining', trainingSchema, given);
    const { batchSize = 100, optimizer = 'adam', rateDecay = 0.75, momentum = 0.5 } = options;
    this.#options = options;
    this.#batchSize = batchSize;
    this.#rateDecay = rateDecay;
    this.network = makeReluNetwork(options.architecture, pickOptions(reluNetworkSchema, options));
    const parameters = this.network.parameters();
    this.#optimizer =
      optimizer === 'adam'
        ? new Adam(parameters, { rate: options.rate })
        : new SGD(parameters, { rate: options.rate ?? 0.1, momentum });
  }

  /** The epoch that was interrupted; null: between two epochs. */
  get partial(): PartialEpoch | null {
    return this.#partial;
  }

  /** Results of the epochs so far. */
  get history(): readonly ReluEpoch[] {
    return this.#history;
  }

  /**
   * Trains on all images once in a random order, then tests. After an interruption the next call goes on in the middle of the
   * epoch, to the bit as if there had been no pause.
   *
   * @throws LocusError `INTERRUPTED`
   */
  async runEpoch(train: ImageSet, test: ImageSet, given: WatchOptions): Promise<ReluEpoch> {
    const watch = readEpoch('ReluTraining.runEpoch', train, test, given);
    const { seed = 0, architecture, shift = 0 } = this.#options;
    const epoch = this.#history.length;
    const { count } = train;
    const { rate } = this.#optimizer;
    this.network.setTraining(true);
    const whole = await runBatches(
      { seed, epoch, count, batchSize: this.#batchSize, partial: this.#partial },
      watch,
      (chosen) => {
        const labels = pickLabels(train.labels, chosen);
        const x = imageTensor(train, chosen, architecture.inputShape);
        if (shift > 0) shiftImages(x, train, chosen, shift, { seed, epoch });
        const output = this.network.forward(x);
        const { value, gradient } = crossEntropyLoss(output, labels);
        this.network.clearGradients();
        this.network.backward(gradient);
        this.#optimizer.step();
        return { loss: value * chosen.length, correct: countCorrect(output, labels) };
      },
      (partial) => {
        this.#partial = partial;
      },
    );
    const begin = watch.now();
    const testCorrect = await evaluateRelu(this.network, architecture, test, { signal: watch.signal });
    this.#optimizer.rate *= this.#rateDecay;
    const result: ReluEpoch = {
      epoch,
      rate,
      trainLoss: whole.loss / count,
      trainCorrect: whole.correct / count,
      testCorrect,
      seconds: whole.seconds + (watch.now() - begin) / 1000,
    };
    this.#history.push(result);
    this.#partial = null;
    return result;
  }

  save(): TrainingState<ReluEpoch> {
    return saveState(this.#parts, this.#history, this.#partial);
  }

  /** Goes on from a state as if there had been no pause. Errors: `INVALID_ARGUMENT` for the state of another network. */
  restore(state: TrainingState<ReluEpoch>, nTrain: number): void {
    restoreState('ReluTraining', this.#parts, state);
    this.#history = [...state.history];
    this.#partial = state.partial;
    const batches = (images: number) => Math.ceil(images / this.#batchSize);
    const passes = this.#history.length * batches(nTrain) + batches(state.partial?.images ?? 0);
    for (const layer of this.network.layers) if (layer instanceof Dropout) layer.passes = passes;
  }

  /** The sizes of what `save` gives. */
  get layout(): TrainingLayout {
    return layOutTraining(this.#parts);
  }

  get #parts(): TrainingParts {
    return { parameters: this.network.parameters(), optimizers: [this.#optimizer], plateaus: [] };
  }
}

/** Share of the images, in their order, that are classified correctly. Errors: `INTERRUPTED`. */
export async function evaluateRelu(
  network: Sequential,
  architecture: Pick<Architecture, 'inputShape'>,
  set: ImageSet,
  watch: EvaluationWatch = {},
): Promise<number> {
  const { signal, onProgress } = readOptions('evaluateRelu', evaluationSchema, watch);
  instance(Sequential)('evaluateRelu', 'network', network);
  const { inputShape } = objectWith<Pick<Architecture, 'inputShape'>>('inputShape')(
    'evaluateRelu',
    'architecture',
    architecture,
  );
  imageSetField('evaluateRelu', 'set', set);
  network.setTraining(false);
  let correct = 0;
  for (let from = 0; from < set.count; from += evaluationBatch) {
    await pause(signal);
    const to = Math.min(set.count, from + evaluationBatch);
    const chosen = Uint32Array.from({ length: to - from }, (_, i) => from + i);
    correct += countCorrect(
      network.forward(imageTensor(set, chosen, inputShape)),
      set.labels.subarray(from, to),
    );
    onProgress?.({ done: to, total: set.count });
  }
  return correct / set.count;
}

/** An epoch on one line. */
export function formatReluEpoch({
  epoch,
  rate,
  trainLoss,
  trainCorrect,
  testCorrect,
  seconds,
}: ReluEpoch): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  return (
    `Epoch ${epoch}: rate ${rate.toPrecision(3)}, loss ${trainLoss.toFixed(4)}, training ${percent(trainCorrect)}, ` +
    `test ${percent(testCorrect)}, ${seconds.toFixed(0)} s`
  );
}
