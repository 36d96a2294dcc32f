/** Trains a network of layers epoch by epoch, with progress, and with a checkpoint after each. */
import type { ImageSet } from '../../datasets/image-set.js';
import type { WatchOptions } from '../../kinds/nnmf/nnmf-training.js';
import {
  readCheckpoint,
  toCheckpoint,
  type TrainingIdentity,
  type TrainingState,
} from '../../kinds/layered/training-state.js';
import type { NetworkStore } from '../../store/index.js';
import type { CommandContext } from '../context.js';
import { explainInterruption } from './explain-interruption.js';

/** A training that goes on by whole epochs. */
interface EpochTraining<Epoch> {
  readonly history: readonly Epoch[];
  /** Whether more epochs would change nothing. */
  readonly isFinished?: boolean;
  runEpoch(train: ImageSet, test: ImageSet, watch: WatchOptions): Promise<Epoch>;
  save(): TrainingState<Epoch>;
  restore(state: TrainingState<Epoch>, nTrain: number): void;
}

interface EpochOptions<Epoch> {
  readonly train: ImageSet;
  readonly test: ImageSet;
  /** Epochs at the end, those before a resumption included. */
  readonly epochs: number;
  /** Goes on with the checkpoint, if there is one. */
  readonly resume?: boolean;
  /** Where the checkpoint lies. */
  readonly store: NetworkStore;
  readonly key: string;
  readonly identity: TrainingIdentity;
  readonly format: (epoch: Epoch) => string;
}

/** Errors: `INTERRUPTED` saying what is saved and how to go on; those of the training and the store. */
export async function trainEpochs<Epoch>(
  training: EpochTraining<Epoch>,
  { train, test, epochs, resume, store, key, identity, format }: EpochOptions<Epoch>,
  context: CommandContext,
): Promise<void> {
  if (resume) {
    const checkpoint = store.loadCheckpoint(key);
    if (checkpoint) training.restore(readCheckpoint<Epoch>(checkpoint.arrays, checkpoint.meta), train.count);
    context.note(
      checkpoint
        ? `Resuming after ${training.history.length} epochs.`
        : 'There is no checkpoint of this training.',
    );
  }
  while (training.history.length < epochs && !training.isFinished) {
    const done = training.history.length;
    const progress = context.progress(`epoch ${done}`);
    try {
      const watch = { onProgress: progress.update, signal: context.signal, now: () => performance.now() };
      const epoch = await training.runEpoch(train, test, watch);
      progress.stop();
      context.note(format(epoch));
    } catch (error) {
      throw explainInterruption(error, { done, unit: 'epoch', hint: context.commandWith('--resume') });
    } finally {
      progress.stop();
    }
    store.saveCheckpoint(key, toCheckpoint(training.save(), identity));
  }
}
