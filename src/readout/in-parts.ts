/** Long computations in parts: a generator yields where it can pause, and is run at once or with pauses for events. */
import { letEventsIn } from '../core/engine/let-events-in.js';
import { LocusError } from '../errors.js';

/** A computation that yields at every place where it can pause. */
export type InParts<T> = Generator<undefined, T>;

/** Time between two pauses [ms]: Ctrl-C is answered at once, and the pauses cost nothing. */
const partMilliseconds = 50;

/** Runs to the end without a pause. */
export function finish<T>(work: InParts<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/**
 * Runs with pauses, in which timers and signals get their turn.
 *
 * @param place names the work in the error
 * @throws LocusError `INTERRUPTED` where the signal ends it
 */
export async function finishInParts<T>(
  work: InParts<T>,
  place: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  const check = () => {
    if (signal?.aborted) throw new LocusError('INTERRUPTED', `${place}: interrupted`);
  };
  check();
  let began = performance.now();
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - began < partMilliseconds) continue;
    await letEventsIn();
    check();
    began = performance.now();
  }
}
