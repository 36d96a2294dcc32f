/** The training, calibration and test of a network of the table, as the life cycle drives it. */
import { LocusError } from '../../errors.js';
import type { LiveDisplay } from '../../figures/index.js';
import type { HealthNumbers, TrainingHealth } from '../../readout/index.js';
import type { Checkpoint, NetworkStore } from '../../store/index.js';
import { summarizeHealth, tabulateHealth } from '../../watch/tell-health.js';
import type { Watch } from '../../watch/watch.js';
import { describeScores } from '../describe-scores.js';
import type { Identity, Kind, NetworkRun, SaveRunOptions } from '../kind.js';
import { loadNetwork, openCheckpoint } from './load-network.js';
import type { AccuracyOptions, SnnOptions, TwoStepOptions } from './snn-options.js';
import { checkShown } from './check-count.js';
import type { Snn } from './snn.js';
import { countOf } from '../../wording.js';

/** How a network of the table is trained, calibrated and tested by the life cycle, besides its parameters and options. */
export interface SnnTrainingOptions
  extends Pick<
    TwoStepOptions,
    'nIter' | 'interval' | 'shuffle' | 'nIterCompetition' | 'batchSize' | 'checkpoint'
  > {
  /** Trains competition after XY instead of with it. */
  readonly twoSteps?: boolean;
  /** Calibration images; 0: no calibration and no test. Default: all. */
  readonly calibrate?: number;
  /** Test images; 0: no test. Default: all. */
  readonly test?: number;
  /** Whether to train the linear classifier. Default: true. */
  readonly linear?: boolean;
  /** Shows the training while it runs: on a page or in a notebook's cell, or on this display. */
  readonly plot?: boolean | LiveDisplay;
  /** Training images between two views. */
  readonly visInterval?: number;
  /** Remarks the learning health every 1000 images and at the end. */
  readonly health?: boolean;
}

/** A checkpoint costs some milliseconds, losing so many images a few seconds. */
const defaultCheckpoint = 1000;

interface SnnRunParts {
  readonly kind: Kind;
  /** Untrained. */
  readonly network: Snn;
  /** Such a network with these options. */
  readonly make: (options: SnnOptions) => Snn;
  /** The engine to work on: measured where the options say `auto`. */
  readonly pick: (watch: Watch) => Promise<string | undefined>;
  /** Its identity after the training, and the name that follows from it. */
  readonly target: Identity & { readonly name: string };
  readonly training: SnnTrainingOptions;
  readonly options: SnnOptions;
}

export class SnnRun implements NetworkRun {
  readonly unit = 'image';
  readonly kind: Kind;
  readonly target: Identity;
  readonly checkpointKey: string;
  readonly calibrate: NetworkRun['calibrate'];
  readonly score: NetworkRun['score'];
  readonly #training: SnnTrainingOptions;
  readonly #pick: SnnRunParts['pick'];
  /** The network again, with other options. */
  #make: SnnRunParts['make'];
  #options: SnnOptions;
  #network: Snn;
  #health: HealthNumbers | undefined;

  constructor({ kind, network, make, pick, target, training, options }: SnnRunParts) {
    this.kind = kind;
    this.target = target;
    this.checkpointKey = target.name;
    this.#network = network;
    this.#make = make;
    this.#pick = pick;
    this.#training = training;
    this.#options = options;
    if (training.calibrate === 0) return;
    // Before a training, not after it.
    const { crop } = network.parameters;
    for (const name of ['calibrate', 'test'] as const) {
      const images = training[name];
      if (images !== undefined && images !== 0) checkShown(images, crop, 'train', name);
    }
    this.calibrate = (watch) => calibrateWatched(this.#network, training, watch);
    if (training.test === 0) return;
    this.score = async (watch) => {
      await scoreWatched(this.#network, { images: training.test }, watch);
    };
  }

  get done(): number {
    return this.#network.nIter;
  }

  /** An interrupted training saves where it stopped. */
  get saved(): number {
    return this.done;
  }

  async prepare(watch: Watch): Promise<void> {
    const engine = await this.#pick(watch);
    if (engine === this.#options.engine) return;
    this.#options = { ...this.#options, engine };
    this.#open(this.#make);
  }

  resume(checkpoint: Checkpoint | undefined): boolean {
    if (!checkpoint) return false;
    this.#open((options) => openCheckpoint(checkpoint, options));
    return true;
  }

  recall(name: string): boolean {
    this.#open((options) => loadNetwork(name, options));
    return true;
  }

  async train(watch: Watch): Promise<void> {
    const network = this.#network;
    const { checkpoint = defaultCheckpoint, plot, visInterval, health, twoSteps } = this.#training;
    const { nIter, interval, shuffle, nIterCompetition, batchSize } = this.#training;
    const progress = watch.progress('training', { from: network.nIter });
    const noteHealth = (found: TrainingHealth, images: number) => {
      const { spikesPerNeuron: _, thetas: __, weightHistogram: ___, ...numbers } = found;
      this.#health = numbers;
      progress.log(summarizeHealth(found, images));
    };
    const watched = {
      checkpoint,
      plot,
      visInterval,
      onHealth: health ? noteHealth : undefined,
      signal: watch.signal,
      onProgress: progress.update,
    };
    const training = { nIter, interval, shuffle, batchSize, ...watched };
    const { interrupted } = await (network.nIter > 0
      ? network.continueTraining(watched)
      : twoSteps
        ? network.trainTwoSteps({ ...training, nIterCompetition })
        : network.train(training)
    ).finally(progress.stop);
    if (interrupted) throw new LocusError('INTERRUPTED', 'interrupted between two images');
  }

  toCheckpoint() {
    return this.#network.toRecord();
  }

  save(store: NetworkStore, { name, overwrite }: SaveRunOptions): string {
    const network = this.#network;
    if (name === undefined) return network.saveTo(store, { overwrite });
    const { name: before } = network;
    network.rename(name);
    try {
      return network.saveTo(store, { overwrite });
    } catch (error) {
      network.rename(before);
      throw error;
    }
  }

  toDocument() {
    const { nParameters, nOutput, score } = this.#network;
    const { stateHash } = this.#network.toRecord();
    return { stateHash, nParameters, nOutput, score, health: this.#health };
  }

  describe(name: string): string[] {
    const { nParameters, nOutput, score } = this.#network;
    return [
      `Stored as ${name}: ${countOf(nOutput, 'neuron')}, ${nParameters} synapses`,
      ...describeScores(score),
      ...(this.#health ? tabulateHealth(this.#health) : []),
    ];
  }

  dispose(): void {
    this.#network.dispose();
  }

  #open(make: SnnRunParts['make']): void {
    this.#make = make;
    this.#network.dispose();
    this.#network = make(this.#options);
  }
}

/** Makes votes and, unless `linear` is false, the linear classifier, with progress. */
export async function calibrateWatched(
  network: Snn,
  { calibrate: images, linear = true }: Pick<SnnTrainingOptions, 'calibrate' | 'linear'>,
  watch: Watch,
): Promise<void> {
  const progress = watch.progress('calibrating');
  try {
    await network.calibrate({ images, linear: false, signal: watch.signal, onProgress: progress.update });
  } finally {
    progress.stop();
  }
  if (!linear) return;
  watch.note('training the linear classifier');
  await network.calibrateLc({ signal: watch.signal });
}

/** Scores test images, with progress; the scores by method. */
export async function scoreWatched(
  network: Snn,
  options: Pick<AccuracyOptions, 'images' | 'method'>,
  watch: Watch,
): Promise<Awaited<ReturnType<Snn['calculateAccuracy']>>> {
  const progress = watch.progress('testing');
  try {
    const { signal } = watch;
    return await network.calculateAccuracy({ ...options, signal, onProgress: progress.update });
  } finally {
    progress.stop();
  }
}
