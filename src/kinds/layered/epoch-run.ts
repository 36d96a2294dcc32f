/** A training by epochs, as the life cycle drives it: checkpoints after every epoch, within it, and when interrupted. */
import type { ImageSet } from '../../datasets/image-set.js';
import { type NetworkInput, networkName, type NetworkStore, type Parameters } from '../../store/index.js';
import type { Checkpoint } from '../../store/index.js';
import { LocusError } from '../../errors.js';
import type { Watch } from '../../watch/watch.js';
import type { Kind, NetworkRun, SaveRunOptions } from '../kind.js';
import { saveNetwork } from '../save-network.js';
import type { WatchOptions } from './pause.js';
import {
  type PartialEpoch,
  readTraining,
  toCheckpoint,
  type TrainingIdentity,
  type TrainingShape,
  type TrainingState,
} from './training-state.js';
import { countOf } from '../../wording.js';

/** A network of layers in training. */
export interface EpochTraining<Epoch> {
  readonly history: readonly Epoch[];
  /** The epoch that has begun; null: between two epochs. */
  readonly partial: PartialEpoch | null;
  /** Whether more epochs would change nothing. */
  readonly isFinished?: boolean;
  runEpoch(train: ImageSet, test: ImageSet, watch: WatchOptions): Promise<Epoch>;
  save(): TrainingState<Epoch>;
  restore(state: TrainingState<Epoch>, nTrain: number): void;
}

export interface EpochRunParts<Epoch> {
  readonly kind: Kind;
  readonly training: EpochTraining<Epoch>;
  /** Of its checkpoints. */
  readonly shape: TrainingShape<Epoch>;
  readonly train: ImageSet;
  readonly test: ImageSet;
  /** Epochs at the end, those before a resumption included. */
  readonly epochs: number;
  /** Images after which a checkpoint is saved within an epoch. Default: 10,000. */
  readonly checkpoint?: number;
  /** Published parameters but the number of epochs. */
  readonly parameters: Parameters;
  readonly datasetHash: string | null;
  /** An epoch for people. */
  readonly format: (epoch: Epoch) => string;
  readonly toRecord: (identity: TrainingIdentity) => NetworkInput;
  /** What the network's parameters are called: `weights`, `parameters`. */
  readonly counted: string;
}

/** A checkpoint takes a second at most, losing so many images some tens of seconds. */
const defaultCheckpoint = 10_000;

export class EpochRun<Epoch> implements NetworkRun {
  readonly unit = 'epoch';
  readonly #parts: EpochRunParts<Epoch>;
  #saved = 0;
  #savedImages = 0;

  constructor(parts: EpochRunParts<Epoch>) {
    this.#parts = parts;
  }

  get kind(): Kind {
    return this.#parts.kind;
  }

  get target() {
    return this.#identify(this.#end);
  }

  get checkpointKey(): string {
    const { parameters } = this.#parts;
    return `${String(parameters.network_type)} ${networkName(parameters)}`;
  }

  get done(): number {
    return this.#parts.training.history.length;
  }

  get saved(): number {
    return this.#saved;
  }

  get savedImages(): number {
    return this.#savedImages;
  }

  resume(checkpoint: Checkpoint | undefined): boolean {
    if (!checkpoint) return false;
    const { training, train, shape } = this.#parts;
    training.restore(readTraining(shape, checkpoint), train.count);
    this.#noteSaved();
    return true;
  }

  async train(watch: Watch, saveCheckpoint: () => void): Promise<void> {
    const { training, format } = this.#parts;
    const end = this.#end;
    const save = () => {
      saveCheckpoint();
      this.#noteSaved();
    };
    try {
      while (this.done < end && !training.isFinished) {
        watch.note(format(await this.#runEpoch(watch, save)));
        save();
      }
    } catch (error) {
      const { partial } = training;
      const isNew = partial !== null && (this.#saved < this.done || this.#savedImages < partial.images);
      if (isNew && error instanceof LocusError && error.code === 'INTERRUPTED') save();
      throw error;
    }
  }

  async #runEpoch(watch: Watch, save: () => void): Promise<Epoch> {
    const { training, train, test, checkpoint = defaultCheckpoint } = this.#parts;
    const progress = watch.progress(`epoch ${this.done}`);
    let next = (training.partial?.images ?? 0) + checkpoint;
    try {
      return await training.runEpoch(train, test, {
        onProgress: ({ done, total }) => {
          progress.update({ done, total });
          if (done < next || done === total) return;
          save();
          next = done + checkpoint;
        },
        signal: watch.signal,
        now: () => performance.now(),
      });
    } finally {
      progress.stop();
    }
  }

  /** Epochs at the end: an epoch that has begun is finished. */
  get #end(): number {
    const begun = this.done + (this.#parts.training.partial ? 1 : 0);
    return Math.max(begun, this.#parts.epochs);
  }

  #noteSaved(): void {
    this.#saved = this.done;
    this.#savedImages = this.#parts.training.partial?.images ?? 0;
  }

  toCheckpoint() {
    const { training, parameters, datasetHash } = this.#parts;
    return toCheckpoint(training.save(), { parameters, datasetHash });
  }

  /** The checkpoint stays until the training has come to its end, so that more epochs can follow. */
  save(store: NetworkStore, { name, overwrite }: SaveRunOptions): string {
    const finishes = this.#parts.training.isFinished ? this.checkpointKey : undefined;
    const record = this.#toRecord();
    return saveNetwork(store, this.kind, name === undefined ? record : { ...record, name }, {
      overwrite,
      finishes,
    });
  }

  toDocument() {
    const { nParameters, scores } = this.#toRecord();
    return { nParameters, score: scores, history: this.#parts.training.history };
  }

  describe(name: string): string[] {
    const { nParameters, scores } = this.#toRecord();
    const accuracy = scores.output?.accuracy ?? 0;
    return [
      `Stored as ${name}: ${nParameters} ${this.#parts.counted}, ${countOf(this.done, 'epoch')}`,
      `Test: ${(accuracy * 100).toFixed(2)} % of ${countOf(this.#parts.test.count, 'image')}`,
    ];
  }

  #toRecord(): NetworkInput {
    const { datasetHash } = this.#parts;
    return this.#parts.toRecord({ parameters: this.#identify(this.done).parameters, datasetHash });
  }

  #identify(epochs: number) {
    return { parameters: { ...this.#parts.parameters, n_epochs: epochs }, meta: {} };
  }
}

/** Whether two trainings are one but for how long they went on, counted by `counter`, and `next` went on for longer. */
export function continuesBy(counter: string, stored: Parameters, next: Parameters): boolean {
  const base = (parameters: Parameters) => networkName({ ...parameters, [counter]: null });
  return Number(stored[counter]) <= Number(next[counter]) && base(stored) === base(next);
}
