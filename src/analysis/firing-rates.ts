/** How often each neuron spikes. */
import { readOptions } from '../options.js';
import { selectionFields, selectSpikes, type SpikeData, type SpikeSelection } from './selected-spikes.js';

/**
 * Firing rate of each neuron: its spikes by the length of the window.
 *
 * @param spikes a list, or a monitor of every step
 * @returns [neuron] rates [Hz]; NaN where the window has no steps
 * @throws LocusError `UNKNOWN_NAME`, `INVALID_ARGUMENT` for wrong options or a window beyond the recording
 *
 * @example
 * firingRates(spikeTrainFromEvents([0, 500], [1, 1], 1000, 2)); // 0 Hz and 2 Hz
 */
export function firingRates(spikes: SpikeData, options: SpikeSelection = {}): Float64Array {
  const place = 'firingRates';
  const { steps, size, neurons, dt } = selectSpikes(
    place,
    spikes,
    readOptions(place, selectionFields, options),
  );
  const counts = new Float64Array(size);
  for (const neuron of neurons) counts[neuron]++;
  return counts.map((count) => (1000 * count) / (steps * dt));
}
