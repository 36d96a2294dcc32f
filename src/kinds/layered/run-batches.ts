/** The batches of one epoch, from its beginning or from where it was interrupted. */
import { RandomStream } from '../../core/random/stream.js';
import { pause, type WatchOptions } from './pause.js';
import type { PartialEpoch } from './training-state.js';

/** What one batch adds. */
export interface BatchResult {
  /** Summed over its images. */
  readonly loss: number;
  readonly correct: number;
}

export interface EpochPlan {
  readonly seed: number;
  /** Number of the epoch: each has an order of its own. */
  readonly epoch: number;
  readonly count: number;
  readonly batchSize: number;
  /** Null: from the beginning. */
  readonly partial: PartialEpoch | null;
}

/**
 * Learns from every image once, in a random order.
 *
 * @param learn learns from the chosen images
 * @param onBatch takes the state of the epoch after every batch; what it was given last is where to go on after an interruption
 * @returns the whole epoch
 * @throws LocusError `INTERRUPTED` between two batches
 */
export async function runBatches(
  { seed, epoch, count, batchSize, partial }: EpochPlan,
  watch: WatchOptions,
  learn: (chosen: Uint32Array) => BatchResult,
  onBatch: (partial: PartialEpoch) => void,
): Promise<PartialEpoch> {
  const order = new RandomStream(seed, 'trainingOrder', epoch).shuffle(
    Uint32Array.from({ length: count }, (_, i) => i),
  );
  let { images, loss, correct, seconds } = partial ?? { images: 0, loss: 0, correct: 0, seconds: 0 };
  let began = watch.now();
  while (images < count) {
    await pause(watch.signal);
    const chosen = order.subarray(images, images + batchSize);
    const result = learn(chosen);
    images += chosen.length;
    loss += result.loss;
    correct += result.correct;
    const now = watch.now();
    seconds += (now - began) / 1000;
    began = now;
    onBatch({ images, loss, correct, seconds });
    watch.onProgress?.({ done: images, total: count });
  }
  return { images, loss, correct, seconds };
}
