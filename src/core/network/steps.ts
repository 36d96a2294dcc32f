/** Durations in steps: one rule for every duration that a user gives in milliseconds. */
import { invalidArgument } from '../../errors.js';

/** float32 counts exactly up to here; counters of steps are float32. */
export const mostSteps = 2 ** 24;

/** Spikes are counted in 16 bits, at most one in a step. */
export const mostCountedSteps = 0xffff;

const tolerance = 1e-9;

/**
 * The least number of steps that lasts at least `duration`, compared to 1e-9, so that 5 ms are 50 steps of 0.1 ms.
 *
 * @param duration [ms]
 * @param dt length of a step [ms]
 * @throws LocusError where the steps are more than float32 counts exactly (2²⁴)
 */
export function countSteps(duration: number, dt: number, place: string): number {
  const ratio = duration / dt;
  const steps = Math.ceil(ratio - tolerance * Math.max(1, ratio));
  if (steps > mostSteps) {
    throw invalidArgument(place, `at most ${mostSteps} steps of ${dt} ms`, `${duration} ms`);
  }
  return Math.max(0, steps);
}

/**
 * The whole steps before a moment, which is the number of the step in which it lies, compared to 1e-9, so that 0.3 ms lie in step 3 of
 * 0.1 ms.
 *
 * @param time [ms]
 * @param dt length of a step [ms]
 * @throws LocusError where that number is more than float32 counts exactly (2²⁴)
 */
export function countBegunSteps(time: number, dt: number, place: string): number {
  const ratio = time / dt;
  const steps = Math.floor(ratio + tolerance * Math.max(1, ratio));
  if (steps >= mostSteps) {
    throw invalidArgument(place, `times within ${mostSteps} steps of ${dt} ms`, `${time} ms`);
  }
  return steps;
}

/** The number of steps that last `duration` to 1e-9; null where no whole number does. */
export function countWholeSteps(duration: number, dt: number): number | null {
  const ratio = duration / dt;
  const steps = Math.round(ratio);
  return Math.abs(steps - ratio) <= tolerance * Math.max(1, ratio) ? steps : null;
}
