/** How a training of layers is watched, and where it can be interrupted. */
import { letEventsIn } from '../../core/engine/let-events-in.js';
import { type ImageSet, imageSetField } from '../../datasets/image-set.js';
import { LocusError } from '../../errors.js';
import { abortSignal, callback, readOptions, required, type Schema } from '../../options.js';

export interface WatchOptions {
  readonly onProgress?: (progress: { done: number; total: number }) => void;
  /** Ends the work between two batches with an error `INTERRUPTED`. */
  readonly signal?: AbortSignal;
  /** The time [ms]. */
  readonly now: () => number;
}

/** Where the time need not be known. */
export const partialWatchSchema: Schema<Partial<WatchOptions>> = {
  onProgress: callback(),
  signal: abortSignal,
  now: callback(),
};

export const watchSchema: Schema<WatchOptions> = { ...partialWatchSchema, now: required(callback()) };

/** The options of an epoch, after its images are checked. */
export function readEpoch(place: string, train: ImageSet, test: ImageSet, watch: WatchOptions): WatchOptions {
  imageSetField(place, 'train', train);
  imageSetField(place, 'test', test);
  return readOptions(place, watchSchema, watch);
}

/** Between two batches: lets events in, such as Ctrl-C. Errors: `INTERRUPTED`. */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await letEventsIn();
  if (signal?.aborted) throw new LocusError('INTERRUPTED', 'interrupted between two batches');
}
