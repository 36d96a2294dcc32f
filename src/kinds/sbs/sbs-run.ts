/** The training of a Spike-by-Spike network, as the life cycle drives it: a file of weights and a checkpoint after every update. */
import type { ImageSet } from '../../datasets/image-set.js';
import type { Dataset } from '../../datasets/index.js';
import { type Checkpoint, networkName, type NetworkStore } from '../../store/index.js';
import type { Watch } from '../../watch/watch.js';
import type { Kind, NetworkRun, SaveRunOptions } from '../kind.js';
import { readTraining, toCheckpoint } from '../layered/training-state.js';
import { saveNetwork } from '../save-network.js';
import {
  agreesWithSbsFiles,
  findLastSbsStep,
  foldersOf,
  loadSbsFiles,
  overloadSbsFiles,
  placeSbsFiles,
  stageSbsFiles,
} from './sbs-files.js';
import { describeSbsStart, publishSbs, sbsType, toSbsRecord } from './sbs-record.js';
import { sbsCheckpointShape } from './sbs-shape.js';
import type { SbsStep, SbsTestOptions, SbsTraining } from './sbs-training.js';

export interface SbsRunParts {
  readonly kind: Kind;
  readonly training: SbsTraining;
  readonly dataset: Dataset;
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly seed: number;
  /** Updates in all; undefined: as the configuration says. */
  readonly steps: number | undefined;
}

export class SbsRun implements NetworkRun {
  readonly unit = 'update';
  readonly #parts: SbsRunParts;
  #saved: number;
  /** The weights out of files that the training began with, if it did. */
  #startedFrom: string | undefined;
  /** Share of correct test images after the latest update; null: not tested. */
  #tested: number | null = null;

  constructor(parts: SbsRunParts) {
    this.#parts = parts;
    this.#saved = parts.training.step;
  }

  get kind(): Kind {
    return this.#parts.kind;
  }

  get target() {
    const steps = Math.max(this.done, this.#last);
    const parameters = { ...publishSbs(this.#parts.training.config, this.#origin), n_steps: steps };
    return { parameters, meta: {} };
  }

  /** The same whatever it began with: a checkpoint is taken only where the files agree with it. */
  get checkpointKey(): string {
    const parameters = publishSbs(this.#parts.training.config, { ...this.#origin, startedFrom: undefined });
    return `${sbsType} ${networkName(parameters)}`;
  }

  get done(): number {
    return this.#parts.training.step;
  }

  get saved(): number {
    return this.#saved;
  }

  /** Starts from the files of the step that the configuration names, and from those that overload them. */
  begin(watch: Watch): void {
    const { config, built } = this.#parts.training;
    if (config.learning_step > 0) {
      const files = loadSbsFiles(built, foldersOf(config), config.learning_step - 1);
      watch.note(`Going on from ${files.join(', ')}`);
    }
    const overloaded = overloadSbsFiles(built, config.learning_parameters.overload_path);
    if (overloaded.length > 0) watch.note(`Overloaded from ${overloaded.join(', ')}`);
    if (config.learning_step > 0 || overloaded.length > 0)
      this.#startedFrom = describeSbsStart(this.#parts.training);
  }

  /** From the checkpoint if it belongs to the files, else from the last files alone, if there are any. */
  resume(checkpoint: Checkpoint | undefined, watch: Watch): boolean {
    const { training } = this.#parts;
    const folders = foldersOf(training.config);
    const state = checkpoint && readTraining(sbsCheckpointShape, checkpoint);
    const step = state?.history.at(-1)?.step;
    // The training may have ended between the checkpoint and its files.
    if (step !== undefined) placeSbsFiles(folders, step);
    if (state && step !== undefined && agreesWithSbsFiles(training.built, folders, step, state.parameters)) {
      training.restore(state);
      this.#startedFrom = checkpoint.parameters.started_from as string | undefined;
      this.#saved = this.done;
      return true;
    }
    const last = findLastSbsStep(folders);
    if (last === undefined) return false;
    const files = loadSbsFiles(training.built, folders, last);
    training.step = last + 1;
    this.#saved = this.done;
    watch.note(
      `Resuming from ${files.join(', ')}. The database has no checkpoint of them: the optimiser starts afresh.`,
    );
    this.#startedFrom = describeSbsStart(training);
    return true;
  }

  async train(watch: Watch, saveCheckpoint: () => void): Promise<void> {
    const { training, test } = this.#parts;
    const { config } = training;
    const { learning_parameters: learning } = config;
    const folders = foldersOf(config);
    const keep = () => {
      saveCheckpoint();
      this.#saved = this.done;
    };
    const runTest = async () => {
      this.#tested = await watchSbsTest(watch, config.batch_size, (options) =>
        training.testStep(test, options),
      );
      watch.note(`Testing: Correct=${(100 * this.#tested).toFixed(2)}%`);
      keep();
    };
    while (learning.learning_active && training.step < this.#last) {
      if (learning.test_during_learning && this.#isTestDue) await runTest();
      const step = await this.#runStep(watch);
      this.#tested = null;
      watch.note(formatStep(step));
      // Whatever interrupts: the files in use are those of the checkpoint, or staged beside it.
      stageSbsFiles(training.built, folders, step.step, (layer) => training.trains(layer));
      keep();
      placeSbsFiles(folders, step.step);
    }
    if (learning.test_during_learning) await runTest();
  }

  toCheckpoint() {
    const { training, dataset } = this.#parts;
    const parameters = publishSbs(training.config, this.#origin);
    return toCheckpoint(training.save(), { parameters, datasetHash: dataset.hash });
  }

  save(store: NetworkStore, { name, overwrite }: SaveRunOptions): string {
    const isFinished = this.done >= this.#parts.training.config.learning_step_max;
    return saveNetwork(store, this.kind, this.#toRecord(name), {
      overwrite,
      finishes: isFinished ? this.checkpointKey : undefined,
    });
  }

  toDocument() {
    const { nParameters, scores } = this.#toRecord();
    return { nParameters, score: scores, history: this.#parts.training.history };
  }

  describe(name: string): string[] {
    const { test } = this.#parts;
    const score =
      this.#tested === null
        ? 'not tested'
        : `${(100 * this.#tested).toFixed(2)} % of ${test.count} test images`;
    return [`Stored as ${name}: ${this.done} updates, ${score}`];
  }

  get #last(): number {
    return this.#parts.steps ?? this.#parts.training.config.learning_step_max;
  }

  /** Whether the test after the latest update is still to come: what interrupted the training may have come before it. */
  get #isTestDue(): boolean {
    const { step, history, config } = this.#parts.training;
    const isDue = step % config.learning_parameters.test_every_x_learning_steps === 0;
    return isDue && history.at(-1)?.testCorrect === null;
  }

  /** On what it is trained, and what it began with. */
  get #origin() {
    const { dataset, train, seed } = this.#parts;
    const { name, hash } = dataset;
    return { dataset: name, datasetHash: hash, seed, nTrain: train.count, startedFrom: this.#startedFrom };
  }

  async #runStep(watch: Watch): Promise<SbsStep> {
    const { training } = this.#parts;
    const progress = watch.progress(`step ${training.step}`);
    try {
      return await training.runStep({
        onProgress: progress.update,
        signal: watch.signal,
        now: () => performance.now(),
      });
    } finally {
      progress.stop();
    }
  }

  #toRecord(name?: string) {
    const { training, test } = this.#parts;
    const tested = this.#tested === null ? null : { accuracy: this.#tested, nIter: test.count };
    return toSbsRecord(training, { ...this.#origin, test: tested }, name);
  }
}

/** Tests with progress; smaller parts than the configuration's batches show it, and the result does not depend on them. */
export async function watchSbsTest(
  watch: Watch,
  batchSize: number,
  test: (options: SbsTestOptions) => Promise<number>,
): Promise<number> {
  const progress = watch.progress('testing');
  try {
    return await test({
      batchSize: Math.min(batchSize, 100),
      onProgress: progress.update,
      signal: watch.signal,
    });
  } finally {
    progress.stop();
  }
}

function formatStep({ step, images, loss, correct, seconds }: SbsStep): string {
  const share = `${(100 * correct).toFixed(2)}%`;
  return `Step ${step}: Training ${images} pattern with ${share}, Loss=${loss.toExponential(3)}, ${seconds.toFixed(1)}sec`;
}
