/** Training and test of a Spike-by-Spike network by its configuration. */
import { count, readOptions, type Schema } from '../../options.js';
import { type ImageSet, imageSetField } from '../../datasets/image-set.js';
import { type Labels, pickLabels } from '../../readout/class-numbers.js';
import { RandomStream, seedField } from '../../core/random/stream.js';
import type { Parameter } from '../../layers/layer.js';
import { countCorrect, crossEntropyLoss, mixtureLoss } from '../../layers/losses.js';
import { partialWatchSchema, pause, type WatchOptions, watchSchema } from '../layered/pause.js';
import { Adam } from '../../layers/optimizers.js';
import { ReduceLROnPlateau } from '../../layers/reduce-lr-on-plateau.js';
import { configField, type SbsConfig } from './sbs-config.js';
import { fillImageStatistics, SbsImages } from './sbs-images.js';
import { makeSbsNetwork, type SbsNetwork, trainsSbsLayer } from './sbs-network.js';
import { reshape, type Tensor } from '../../layers/tensor.js';
import {
  layOutTraining,
  restoreState,
  saveState,
  type TrainingLayout,
  type TrainingParts,
  type TrainingState,
} from '../layered/training-state.js';

export interface SbsStep {
  /** Number of the update, from 0. */
  readonly step: number;
  readonly images: number;
  /** Mean over images and classes. */
  readonly loss: number;
  readonly correct: number;
  /** Share of correct test images after the update; null: not tested. */
  readonly testCorrect: number | null;
  readonly seconds: number;
}

export type SbsTrainingState = TrainingState<SbsStep>;

export interface SbsTestOptions extends Partial<WatchOptions> {
  /** Images that are computed together; results do not depend on it. */
  readonly batchSize?: number;
}

const testSchema: Schema<SbsTestOptions> = {
  ...partialWatchSchema,
  batchSize: count({ unit: 'images' }),
};

export class SbsTraining {
  readonly built: SbsNetwork;
  /** With the statistics of the images. */
  readonly config: SbsConfig;
  /** Number of the next update. */
  step: number;
  readonly #images: SbsImages;
  readonly #train: ImageSet;
  readonly #seed: number;
  readonly #optimizers: readonly Adam[];
  readonly #plateaus: readonly ReduceLROnPlateau[];
  #history: SbsStep[] = [];

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(config: SbsConfig, train: ImageSet, seed = 0) {
    configField('SbsTraining', 'config', config);
    imageSetField('SbsTraining', 'train', train);
    seedField('SbsTraining', 'seed', seed);
    this.config = fillImageStatistics(config, train);
    this.#train = train;
    this.#seed = seed;
    this.#images = new SbsImages(this.config, train);
    this.built = makeSbsNetwork(config, this.#images.size, seed);
    this.step = config.learning_step;
    const { learning_parameters: learning } = config;
    const groups = [
      {
        parameters: this.#trained('weights'),
        rate: learning.learning_rate_gamma_w,
        factor: learning.lr_scheduler_factor_w,
        patience: learning.lr_scheduler_patience_w,
      },
      {
        parameters: this.#trained('epsilonXy'),
        rate: learning.learning_rate_gamma_eps_xy,
        factor: learning.lr_scheduler_factor_eps_xy,
        patience: learning.lr_scheduler_patience_eps_xy,
      },
    ];
    this.#optimizers = groups.map(({ parameters, rate }) => new Adam(parameters, rate > 0 ? { rate } : {}));
    this.#plateaus = groups.flatMap(({ factor, patience }, index) =>
      patience > 0 ? [new ReduceLROnPlateau(this.#optimizers[index], { factor, patience })] : [],
    );
  }

  /** The updates so far, as far as they are known. */
  get history(): readonly SbsStep[] {
    return this.#history;
  }

  /** Images of one update. */
  get imagesPerUpdate(): number {
    const { batch_size, update_after_x_batch, learning_parameters } = this.config;
    return Math.ceil(
      batch_size * update_after_x_batch * learning_parameters.number_of_batches_for_one_update,
    );
  }

  /** Whether the layer's weights and epsilon are trained; unless told, pooling weights and the later form's epsilon are not. */
  trains(layer: number): { readonly weights: boolean; readonly epsilonXy: boolean } {
    return trainsSbsLayer(this.config.network_structure, layer);
  }

  /** One update of weights and epsilon. Errors: `INTERRUPTED` before anything has changed. */
  async runStep(given: WatchOptions): Promise<SbsStep> {
    const watch = readOptions('SbsTraining.runStep', watchSchema, given);
    const begin = watch.now();
    const { learning_parameters: learning } = this.config;
    const { network } = this.built;
    const total = this.imagesPerUpdate;
    const seen = this.step * total;
    network.clearGradients();
    let loss = 0;
    let correct = 0;
    for (let done = 0; done < total; done += this.config.batch_size) {
      await pause(watch.signal);
      const batch = this.#draw(seen + done, Math.min(this.config.batch_size, total - done));
      seedSpikes(this.built, 'inferenceTrainingSpikes', seen + done);
      const output = network.forward(batch.images);
      const predictions = reshape(output, output.shape.slice(0, 2));
      const result = this.#loss(predictions, batch.labels);
      network.backward(reshape(result.gradient, output.shape));
      loss += result.value * batch.labels.length;
      correct += countCorrect(predictions, batch.labels);
      watch.onProgress?.({ done: Math.min(done + this.config.batch_size, total), total });
    }
    for (const optimizer of this.#optimizers) optimizer.step();
    this.#constrain(learning);
    for (const plateau of this.#plateaus) plateau.step(loss / total);
    const result: SbsStep = {
      step: this.step,
      images: total,
      loss: loss / total,
      correct: correct / total,
      testCorrect: null,
      seconds: (watch.now() - begin) / 1000,
    };
    this.step += 1;
    this.#history.push(result);
    return result;
  }

  /** Tests, and notes the result beside the last update. Errors: `INTERRUPTED`. */
  async testStep(set: ImageSet, options: SbsTestOptions = {}): Promise<number> {
    const testCorrect = await this.test(set, options);
    const last = this.#history.pop();
    if (last) this.#history.push({ ...last, testCorrect });
    return testCorrect;
  }

  /** Share of the images that are classified correctly. Errors: `INTERRUPTED`. */
  test(set: ImageSet, options: SbsTestOptions = {}): Promise<number> {
    return evaluateSbs(this.built, this.#images, set, options);
  }

  /** Everything that changes from update to update. */
  save(): SbsTrainingState {
    return saveState(this.#parts, this.#history);
  }

  /** Goes on from a state as if there had been no pause. Errors: `INVALID_ARGUMENT` for the state of another network. */
  restore(state: SbsTrainingState): void {
    restoreState('SbsTraining', this.#parts, state);
    this.#history = [...state.history];
    this.step = (state.history.at(-1)?.step ?? this.step - 1) + 1;
  }

  /** The sizes of what `save` gives. */
  get layout(): TrainingLayout {
    return layOutTraining(this.#parts);
  }

  get #parts(): TrainingParts {
    const parameters = this.built.network.parameters();
    return { parameters, optimizers: this.#optimizers, plateaus: this.#plateaus };
  }

  /** The images of an update: passes over the training set, each in an order of its own. */
  #draw(seen: number, count: number): { images: Tensor; labels: Labels } {
    const set = this.#train;
    const chosen = new Uint32Array(count);
    let order = new Uint32Array();
    let pass = -1;
    for (let at = 0; at < count; at++) {
      const now = Math.floor((seen + at) / set.count);
      if (now !== pass) {
        const all = Uint32Array.from({ length: set.count }, (_, i) => i);
        order = new RandomStream(this.#seed, 'trainingOrder', now).shuffle(all);
        pass = now;
      }
      chosen[at] = order[(seen + at) % set.count];
    }
    const images = this.#images.train(set, chosen, { seed: this.#seed, epoch: this.step });
    return { images, labels: pickLabels(set.labels, chosen) };
  }

  /** Averaged over the images. */
  #loss(predictions: Tensor, labels: Labels): { value: number; gradient: Tensor } {
    const { loss_mode, loss_coeffs_mse, loss_coeffs_kldiv } = this.config.learning_parameters;
    if (loss_mode === 1) return crossEntropyLoss(predictions, labels);
    const { value, gradient } = mixtureLoss(predictions, labels, {
      mse: loss_coeffs_mse,
      kl: loss_coeffs_kldiv,
    });
    for (let i = 0; i < gradient.data.length; i++) gradient.data[i] /= labels.length;
    return { value: value / labels.length, gradient };
  }

  /** What the reference does after every update. */
  #constrain(learning: SbsConfig['learning_parameters']): void {
    for (const [index, layer] of this.built.sbsLayers) {
      const trains = this.trains(index);
      if (trains.weights) {
        layer.normWeights();
        layer.thresholdWeights(learning.learning_rate_threshold_w);
        layer.normWeights();
      }
      if (trains.epsilonXy) {
        layer.thresholdEpsilonXy(learning.learning_rate_threshold_eps_xy);
        if (this.config.network_structure.eps_xy_mean?.[index]) layer.meanEpsilonXy();
      }
    }
  }

  #trained(which: 'weights' | 'epsilonXy'): Parameter[] {
    return [...this.built.sbsLayers]
      .filter(([index]) => this.trains(index)[which])
      .map(([, layer]) => (which === 'weights' ? layer.weightsParameter : layer.epsilonXyParameter));
  }
}

/** Share of the images, in their order, that are classified correctly. Errors: `INTERRUPTED`. */
export async function evaluateSbs(
  built: SbsNetwork,
  images: SbsImages,
  set: ImageSet,
  options: SbsTestOptions = {},
): Promise<number> {
  const { batchSize = 50, signal, onProgress } = readOptions('SbsTraining.test', testSchema, options);
  imageSetField('SbsTraining.test', 'set', set);
  let correct = 0;
  for (let from = 0; from < set.count; from += batchSize) {
    await pause(signal);
    const to = Math.min(set.count, from + batchSize);
    const chosen = Uint32Array.from({ length: to - from }, (_, i) => from + i);
    const output = inferSbs(built, images.test(set, chosen), from);
    correct += countCorrect(output, set.labels.subarray(from, to));
    onProgress?.({ done: to, total: set.count });
  }
  return correct / set.count;
}

/** Outputs [image, class]. The spikes of an image depend on its number: `first` and those that follow. */
export function inferSbs(built: SbsNetwork, x: Tensor, first: number): Tensor {
  seedSpikes(built, 'inferenceTestSpikes', first);
  const output = built.network.forward(x);
  return reshape(output, output.shape.slice(0, 2));
}

function seedSpikes(
  { sbsLayers }: SbsNetwork,
  purpose: 'inferenceTrainingSpikes' | 'inferenceTestSpikes',
  next: number,
): void {
  for (const layer of sbsLayers.values()) {
    layer.spikeStream.purpose = purpose;
    layer.spikeStream.next = next;
  }
}
