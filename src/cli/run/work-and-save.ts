/** One step of work on a network with progress, stored when it is done. */
import { LocusError } from '../../errors.js';
import type { Progress, Snn } from '../../kinds/snn/index.js';
import type { CommandContext } from '../context.js';

/** What a step of work is watched with. */
export interface Watched {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Ends the display of progress before the work ends, for what follows that has no steps. */
  readonly endProgress: () => void;
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
    await work({ signal: context.signal, onProgress: progress.update, endProgress: progress.stop });
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

/** Calibrates a network and saves it; the seconds that took. Errors as `workAndSave`. */
export function calibrateAndSave(
  network: Snn,
  { nIter, lc = true }: { readonly nIter?: number; readonly lc?: boolean },
  context: CommandContext,
  resumeHint: string,
): Promise<number> {
  return workAndSave('calibrating', network, context, resumeHint, async ({ endProgress, ...watched }) => {
    await network.calibrate({ nIter, lc: false, ...watched });
    endProgress();
    if (!lc) return;
    context.note('training the linear classifier');
    await network.calibrateLc();
  });
}
