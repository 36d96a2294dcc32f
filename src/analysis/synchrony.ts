/** How far the neurons of a population do the same at the same time. */
import type { Recording } from '../core/network/monitors.js';
import type { Precision } from '../core/precision.js';
import { custom, type Field, readOptions, required, type Schema } from '../options.js';
import { type Bins, countPerBin, layBins, neuronsOfBin } from './bins.js';
import {
  milliseconds,
  type SelectedSpikes,
  selectionFields,
  selectSpikes,
  type SpikeData,
  type SpikeSelection,
} from './selected-spikes.js';

export interface SpikeSynchronyOptions extends SpikeSelection {
  /** Length of the bins in which spikes are counted [ms], whole steps: how near two spikes are together. */
  bin: number;
}

/** Measures of synchrony in spike counts, without unit; NaN where there are fewer than two bins. */
export interface SpikeSynchrony {
  /** χ of `synchronyIndex`, of the counts; NaN where no neuron's count varies. */
  readonly chi: number;
  /** Variance of the population's count by its mean (Fano 1947): 1 for independent Poisson spikes; NaN without spikes. */
  readonly fano: number;
  /** Mean of Pearson's correlation of two neurons' counts, over all pairs of neurons whose counts vary; NaN without a pair. */
  readonly correlation: number;
}

const schema: Schema<SpikeSynchronyOptions> = { ...selectionFields, bin: required(milliseconds) };

const recordingField: Field<Recording<Precision>> = custom(
  'to be { steps, size, data } with a number for every step and neuron',
  (value) => {
    const { steps, size, data } = (value ?? {}) as Partial<Recording<Precision>>;
    const areFloats = data instanceof Float32Array || data instanceof Float64Array;
    return areFloats && [steps, size].every(isCount) && data.length === Number(steps) * Number(size);
  },
);

/**
 * Golomb's synchrony index χ of voltages, or of any other variable: χ² = σ² / ⟨σᵢ²⟩, the variance over time of the mean of all
 * neurons by the mean of the variances of each. It is 1 where all neurons do the same and about 1/√N where N are independent.
 *
 * @param recording values [step, neuron], as `Monitor.get('v')` gives them
 * @returns χ from 0 to 1, without unit; NaN where no neuron's value varies
 * @throws LocusError `INVALID_ARGUMENT` for what is no recording
 *
 * Sources: D. Golomb, J. Rinzel, Phys. Rev. E 48 (1993) 4810; D. Golomb, Scholarpedia 2 (2007) 1347.
 */
export function synchronyIndex(recording: Recording<Precision>): number {
  const { steps, size, data } = recordingField('synchronyIndex', 'recording', recording);
  const means = Float64Array.from({ length: steps }, (_, t) => mean(data.subarray(t * size, (t + 1) * size)));
  let ofEach = 0;
  for (let n = 0; n < size; n++) {
    ofEach += variance(Float64Array.from({ length: steps }, (_, t) => data[t * size + n])) / size;
  }
  return Math.sqrt(variance(means) / ofEach);
}

/**
 * Synchrony of spikes by their counts in bins. Only whole bins count.
 *
 * @param spikes a list, or a monitor of every step
 * @throws LocusError `UNKNOWN_NAME`, `INVALID_ARGUMENT` for wrong options, a window beyond the recording, bins that are no whole steps
 *
 * Sources: `chi` as of `synchronyIndex`; U. Fano, Phys. Rev. 72 (1947) 26; M. R. Cohen, A. Kohn, Nat. Neurosci. 14 (2011) 811
 * (correlation of spike counts).
 */
export function spikeSynchrony(spikes: SpikeData, options: SpikeSynchronyOptions): SpikeSynchrony {
  const place = 'spikeSynchrony';
  const given = readOptions(place, schema, options);
  const selected = selectSpikes(place, spikes, given);
  const bins = layBins(place, selected, given.bin);
  if (bins.count < 2) return { chi: Number.NaN, fano: Number.NaN, correlation: Number.NaN };
  const ofAll = countPerBin(selected, bins);
  const { size } = selected;
  const ofEach = countVariances(selected, bins);
  const varianceOfAll = variance(ofAll);
  return {
    chi: Math.sqrt(varianceOfAll / size / ofEach.reduce((sum, own) => sum + own, 0)),
    fano: varianceOfAll / mean(ofAll),
    correlation: meanCorrelation(selected, bins, ofEach),
  };
}

/** Variance over bins of each neuron's count. */
function countVariances(selected: SelectedSpikes, bins: Bins): Float64Array {
  const sums = new Float64Array(selected.size);
  const squares = new Float64Array(selected.size);
  const counts = new Uint32Array(selected.size);
  for (let bin = 0; bin < bins.count; bin++) {
    const own = neuronsOfBin(selected, bins, bin);
    for (const neuron of own) {
      // The count c becomes c + 1, its square c² + 2c + 1.
      squares[neuron] += 2 * counts[neuron]++ + 1;
      sums[neuron]++;
    }
    for (const neuron of own) counts[neuron] = 0;
  }
  // Whole numbers are exact: a count that never varies has the variance 0.
  return sums.map((sum, neuron) => (bins.count * squares[neuron] - sum * sum) / bins.count ** 2);
}

/** With z for counts in standard deviations from their means, the variance of Σ z is N + the correlations of all N (N − 1) pairs. */
function meanCorrelation(selected: SelectedSpikes, bins: Bins, variances: Float64Array): number {
  const weights = variances.map((own) => (own > 0 ? 1 / Math.sqrt(own) : 0));
  const varying = weights.reduce((count, weight) => count + Number(weight > 0), 0);
  const sums = Float64Array.from({ length: bins.count }, (_, bin) =>
    neuronsOfBin(selected, bins, bin).reduce((sum, neuron) => sum + weights[neuron], 0),
  );
  return varying < 2 ? Number.NaN : (variance(sums) - varying) / (varying * (varying - 1));
}

function mean(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function variance(values: Float64Array): number {
  const middle = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - middle) ** 2;
  return sum / values.length;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
