/** Times from each spike of a neuron to its next one, and how they vary. */
import { readOptions } from '../options.js';
import {
  type SelectedSpikes,
  selectionFields,
  selectSpikes,
  type SpikeData,
  type SpikeSelection,
} from './selected-spikes.js';

/** Of every neuron, how its inter-spike intervals vary; NaN where it has fewer than two. */
export interface IntervalVariation {
  /** Coefficient of variation: standard deviation by mean. Regular spikes: 0, a Poisson process: 1. */
  readonly cv: Float64Array;
  /** Mean of 2 |I′ − I| / (I′ + I) over neighbours I, I′ (Holt et al. 1996): as CV, but blind to slow changes of the rate. */
  readonly cv2: Float64Array;
  /** Local variation, the mean of 3 ((I′ − I) / (I′ + I))² over neighbours (Shinomoto et al. 2003): likewise. */
  readonly lv: Float64Array;
}

/**
 * Inter-spike intervals of each neuron, in the order of time. The times before its first and after its last spike are none.
 *
 * @param spikes a list, or a monitor of every step
 * @returns [neuron] its intervals [ms], one less than it has spikes; none of a neuron with one spike or without any
 * @throws LocusError `UNKNOWN_NAME`, `INVALID_ARGUMENT` for wrong options or a window beyond the recording
 *
 * @example
 * interSpikeIntervals(spikeTrainFromEvents([2, 5, 9], [0, 0, 0], 10, 1)); // [3, 4] ms
 */
export function interSpikeIntervals(spikes: SpikeData, options: SpikeSelection = {}): Float64Array[] {
  const place = 'interSpikeIntervals';
  const selected = selectSpikes(place, spikes, readOptions(place, selectionFields, options));
  return listIntervals(selected).map((steps) => Float64Array.from(steps, (count) => count * selected.dt));
}

/**
 * How irregular each neuron spikes. Deviations are those of the intervals at hand (by n, not n − 1).
 *
 * @param spikes a list, or a monitor of every step
 * @returns measures [neuron], without unit; NaN where a neuron has fewer than three spikes
 * @throws LocusError as `interSpikeIntervals`
 *
 * Sources: G. R. Holt, W. R. Softky, C. Koch, R. J. Douglas, J. Neurophysiol. 75 (1996) 1806; S. Shinomoto, K. Shima, J. Tanji,
 * Neural Comput. 15 (2003) 2823.
 */
export function intervalVariation(spikes: SpikeData, options: SpikeSelection = {}): IntervalVariation {
  const place = 'intervalVariation';
  const selected = selectSpikes(place, spikes, readOptions(place, selectionFields, options));
  // Whole steps are exact, so that the variation of a regular train is 0.
  const intervals = listIntervals(selected);
  return {
    cv: Float64Array.from(intervals, coefficientOfVariation),
    cv2: Float64Array.from(intervals, (own) => 2 * meanOfNeighbours(own, Math.abs)),
    lv: Float64Array.from(intervals, (own) => 3 * meanOfNeighbours(own, (change) => change * change)),
  };
}

/** Intervals of each neuron in steps. */
function listIntervals({ steps, size, offsets, neurons }: SelectedSpikes): Uint32Array[] {
  const counts = new Uint32Array(size);
  for (const neuron of neurons) counts[neuron]++;
  const intervals = Array.from(counts, (count) => new Uint32Array(Math.max(0, count - 1)));
  const found = new Uint32Array(size);
  const last = new Uint32Array(size);
  for (let t = 0; t < steps; t++) {
    for (const neuron of neurons.subarray(offsets[t], offsets[t + 1])) {
      if (found[neuron] > 0) intervals[neuron][found[neuron] - 1] = t - last[neuron];
      found[neuron]++;
      last[neuron] = t;
    }
  }
  return intervals;
}

function coefficientOfVariation(intervals: Uint32Array): number {
  if (intervals.length < 2) return Number.NaN;
  let [sum, squares] = [0, 0];
  for (const interval of intervals) {
    sum += interval;
    squares += interval * interval;
  }
  return Math.sqrt(Math.max(0, intervals.length * squares - sum * sum)) / sum;
}

/** Mean of a measure of (I′ − I) / (I′ + I) over neighbours; NaN of none. */
function meanOfNeighbours(intervals: Uint32Array, measure: (change: number) => number): number {
  let sum = 0;
  for (let i = 1; i < intervals.length; i++) {
    const [before, after] = [intervals[i - 1], intervals[i]];
    sum += measure((after - before) / (after + before));
  }
  return intervals.length < 2 ? Number.NaN : sum / (intervals.length - 1);
}
