/** Spikes counted in bins of equal length. */
import { invalidArgument } from '../errors.js';
import { countSteps, type SelectedSpikes } from './selected-spikes.js';

export interface Bins {
  /** Whole bins of the window; what is left behind the last one is not counted. */
  readonly count: number;
  /** Steps of a bin. */
  readonly steps: number;
}

/**
 * The bins of a window.
 *
 * @param bin their length [ms]
 * @throws LocusError `INVALID_ARGUMENT` where that is not one step or several whole ones
 */
export function layBins(place: string, { steps, dt }: SelectedSpikes, bin: number): Bins {
  const perBin = countSteps(place, 'bin', bin, dt);
  if (perBin < 1) throw invalidArgument(place, `bin of at least one step of ${dt} ms`, bin);
  return { count: Math.floor(steps / perBin), steps: perBin };
}

/** Spikes of all neurons in each bin. */
export function countPerBin({ offsets }: SelectedSpikes, { count, steps }: Bins): Float64Array {
  return Float64Array.from({ length: count }, (_, bin) => offsets[(bin + 1) * steps] - offsets[bin * steps]);
}

/** The neurons that spike in a bin, in the order of time. */
export function neuronsOfBin(
  { offsets, neurons }: SelectedSpikes,
  { steps }: Bins,
  bin: number,
): Uint32Array {
  return neurons.subarray(offsets[bin * steps], offsets[(bin + 1) * steps]);
}
