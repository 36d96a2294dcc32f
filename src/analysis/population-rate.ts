/** How often the neurons of a population spike, over time. */
import { readOptions, type Schema } from '../options.js';
import { countPerBin, layBins } from './bins.js';
import {
  milliseconds,
  selectionFields,
  selectSpikes,
  type SpikeData,
  type SpikeSelection,
} from './selected-spikes.js';

export interface PopulationRateOptions extends SpikeSelection {
  /** Length of a bin [ms], whole steps. Default: one step. */
  bin?: number;
  /** Standard deviation of a Gaussian window that smooths the rates [ms]. Default: none. */
  smooth?: number;
}

export interface PopulationRate {
  /** Middle of every bin [ms]. */
  readonly times: Float64Array;
  /** Spikes by neuron and second in every bin [Hz]; NaN of a population without neurons. */
  readonly rates: Float64Array;
  /** Length of a bin [ms]. */
  readonly bin: number;
}

const schema: Schema<PopulationRateOptions> = {
  ...selectionFields,
  bin: milliseconds,
  smooth: milliseconds,
};

/** Beyond so many standard deviations a Gaussian window ends: 4e-6 of its height. */
const widest = 5;

/**
 * Mean firing rate of all neurons over time. Only whole bins count. At both ends a Gaussian window is what of it lies within the
 * bins, so that a constant rate stays as it is.
 *
 * @param spikes a list, or a monitor of every step
 * @throws LocusError `UNKNOWN_NAME`, `INVALID_ARGUMENT` for wrong options, a window beyond the recording, bins that are no whole steps
 *
 * @example
 * populationRate(monitor, { bin: 5, smooth: 10 }).rates; // Hz, every 5 ms
 */
export function populationRate(spikes: SpikeData, options: PopulationRateOptions = {}): PopulationRate {
  const place = 'populationRate';
  const given = readOptions(place, schema, options);
  const selected = selectSpikes(place, spikes, given);
  const bins = layBins(place, selected, given.bin ?? selected.dt);
  const bin = bins.steps * selected.dt;
  const times = Float64Array.from({ length: bins.count }, (_, i) => selected.from + (i + 0.5) * bin);
  const rates = countPerBin(selected, bins).map((count) => (1000 * count) / (selected.size * bin));
  return { times, rates: given.smooth === undefined ? rates : smoothRates(rates, given.smooth / bin), bin };
}

/** @param deviation that of the window in bins */
function smoothRates(rates: Float64Array, deviation: number): Float64Array {
  const reach = Math.min(rates.length, Math.ceil(widest * deviation));
  const heights = Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp(-0.5 * (i / deviation) ** 2));
  return rates.map((_, middle) => {
    let [sum, weight] = [0, 0];
    const last = Math.min(rates.length - 1, middle + reach);
    for (let i = Math.max(0, middle - reach); i <= last; i++) {
      const height = heights[Math.abs(i - middle)];
      sum += height * rates[i];
      weight += height;
    }
    return sum / weight;
  });
}
