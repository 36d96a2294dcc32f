/** Statistics of spikes and other recordings, for Node and browsers. */
export { firingRates } from './firing-rates.js';
export { interSpikeIntervals, type IntervalVariation, intervalVariation } from './inter-spike-intervals.js';
export { type PopulationRate, populationRate, type PopulationRateOptions } from './population-rate.js';
export type { SpikeData, SpikeSelection } from './selected-spikes.js';
export {
  type SpikeSynchrony,
  spikeSynchrony,
  type SpikeSynchronyOptions,
  synchronyIndex,
} from './synchrony.js';
