/** What somebody is told who interrupts work of which checkpoints are kept, and how to go on. */
import { LocusError } from '../../errors.js';

/**
 * The message where something is done (`20 images`).
 *
 * @param hint the command that goes on
 */
export function describeInterruption(done: string, hint: string): string {
  return `interrupted after ${done}, which are saved as a checkpoint. To go on: ${hint}`;
}

/** What to throw in the place of an error out of a training: the same, unless it is `INTERRUPTED`. */
export function explainInterruption(
  error: unknown,
  { done, unit, hint }: { done: number; unit: 'epoch' | 'update'; hint: string },
): unknown {
  if (!(error instanceof LocusError && error.code === 'INTERRUPTED')) return error;
  const message =
    done === 0 ? `interrupted in the first ${unit}` : describeInterruption(`${done} ${unit}s`, hint);
  return new LocusError('INTERRUPTED', message, { cause: error });
}
