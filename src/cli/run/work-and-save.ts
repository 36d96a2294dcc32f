/** One step of work on a network with progress, stored when it is done. */
import { LocusError } from '../../errors.js';
import type { Progress, Snn } from '../../models/index.js';
import type { CommandContext } from '../context.js';

/** What a step of work is watched with. */
export interface Watched {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Works, saves the network and gives the seconds that the work took.
 *
 * @throws LocusError `INTERRUPTED`, saying that the database keeps the network as it was before this step
 */
export async function workAndSave(
  task: string,
  network: Snn,
  context: CommandContext,
  resumeHint: string,
  work: (watched: Watched) => Promise<unknown>,
): Promise<number> {
  const progress = context.progress(task);
  const start = performance.now();
  try {
    await work({ signal: context.signal, onProgress: progress.update });
  } catch (error) {
    if (!(error instanceof LocusError && error.code === 'INTERRUPTED')) throw error;
    throw new LocusError(
      'INTERRUPTED',
      `${task}: ${error.message}. The network ${network.name} is stored as it was before. To go on: ${resumeHint}`,
      { cause: error },
    );
  } finally {
    progress.stop();
  }
  network.save();
  return (performance.now() - start) / 1000;
}
