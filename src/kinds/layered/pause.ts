/** How a training of layers is watched, and where it can be interrupted. */
import { letEventsIn } from '../../core/engine/let-events-in.js';
import { LocusError } from '../../errors.js';

export interface WatchOptions {
  readonly onProgress?: (progress: { done: number; total: number }) => void;
  /** Ends the work between two batches with an error `INTERRUPTED`. */
  readonly signal?: AbortSignal;
  /** The time [ms]. */
  readonly now: () => number;
}

/** Between two batches: lets events in, such as Ctrl-C. Errors: `INTERRUPTED`. */
export async function pause(signal: AbortSignal | undefined): Promise<void> {
  await letEventsIn();
  if (signal?.aborted) throw new LocusError('INTERRUPTED', 'interrupted between two batches');
}
