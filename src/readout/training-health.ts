/** How a training goes, seen without labels: dead and hog neurons, rates, thresholds, saturated weights, who wins. */
import { invalidArgument } from '../errors.js';
import {
  custom,
  instance,
  isObject,
  nested,
  number,
  objectWith,
  readOptions,
  required,
  type Schema,
} from '../options.js';
import { checkSpikeCounts, type SpikeCounts } from './spike-counts.js';

/** A neuron takes too much where it fires this many times as often as its receptive field's mean. */
const hogFactor = 5;
/** A weight counts as saturated within this share of its range from a bound. */
const saturationMargin = 0.01;
const weightBins = 50;

export interface HealthQuery {
  /** Spike counts of Y at the images that are looked at. */
  readonly counts: SpikeCounts;
  /** Time an image is shown [ms]. */
  readonly timeMax: number;
  /** XY weights, and their bounds (0 and 1 if left out). */
  readonly weights: Float32Array;
  readonly wMin?: number;
  readonly wMax?: number;
  /** Adaptive part of the thresholds of Y [mV]. */
  readonly theta: Float32Array;
  /** XY weights as they were a number of training images ago. */
  readonly before?: { readonly weights: Float32Array; readonly nImages: number };
}

const floats = instance(Float32Array);

const schema: Schema<HealthQuery> = {
  counts: required(custom('to be spike counts as packSpikeCounts makes them', isObject)),
  timeMax: required(number({ above: 0, unit: 'ms' })),
  weights: required(floats),
  wMin: number(),
  wMax: number(),
  theta: required(floats),
  before: nested<NonNullable<HealthQuery['before']>>({
    weights: required(floats),
    nImages: required(number({ above: 0, unit: 'images' })),
  }),
};

/** The numbers of a health, without what only its figure shows. */
export interface HealthNumbers {
  readonly nImages: number;
  readonly nNeurons: number;
  /** Neurons that did not spike at any image. */
  readonly deadNeurons: number;
  /** Neurons that fire over five times as often as the mean of their receptive field (over half of all its spikes where there are few filters). */
  readonly hogNeurons: number;
  /** Mean rate of a neuron [Hz]. */
  readonly firingRate: number;
  readonly spikesPerImage: number;
  /** Share of the images at which no neuron spiked. */
  readonly silentImages: number;
  /** [mV] */
  readonly theta: {
    readonly mean: number;
    readonly sd: number;
    readonly least: number;
    readonly most: number;
  };
  /** Shares of the weights at their lower and upper bound. */
  readonly saturatedLow: number;
  readonly saturatedHigh: number;
  /**
   * How evenly filters win, in [0, 1]: entropy of who spikes most (of equal ones the lowest), over log nFilters, mean over
   * the receptive fields; 1: all win equally often, 0: always the same. NaN where nothing won or there is one filter.
   */
  readonly winnerEntropy: number;
  /** Σ |change of a weight| / Σ weight per 100 training images; null where no earlier weights are known. */
  readonly filterChange: number | null;
}

export interface TrainingHealth extends HealthNumbers {
  /** Spikes per image of every neuron, theta of every neuron, and a histogram of the weights over their range. */
  readonly spikesPerNeuron: Float64Array;
  readonly thetas: Float32Array;
  readonly weightHistogram: {
    readonly least: number;
    readonly most: number;
    readonly counts: Uint32Array;
  };
}

/** @throws LocusError `INVALID_ARGUMENT` for arrays of another layer, no images or no weights */
export function trainingHealth(given: HealthQuery): TrainingHealth {
  const place = 'trainingHealth';
  const query = readOptions(place, schema, given);
  const { counts, timeMax, weights, wMin = 0, wMax = 1, theta, before } = query;
  checkSpikeCounts(counts, place);
  const { nImages, nFilters, nPositions } = counts;
  const nNeurons = nFilters * nPositions;
  if (nImages === 0) throw invalidArgument(place, 'at least one image', nImages);
  if (theta.length !== nNeurons) throw invalidArgument(place, `theta of ${nNeurons} neurons`, theta.length);
  if (weights.length === 0) throw invalidArgument(place, 'weights', weights);
  if (!(wMin < wMax)) throw invalidArgument(place, `wMin < wMax = ${wMax}`, wMin);
  const spikes = new Float64Array(nNeurons);
  const { neurons } = counts;
  for (let entry = 0; entry < neurons.length; entry++) spikes[neurons[entry]] += counts.counts[entry];
  const total = spikes.reduce((sum, n) => sum + n, 0);
  const margin = saturationMargin * (wMax - wMin);
  const saturated = countBeyond(weights, wMin + margin, wMax - margin);
  return {
    nImages,
    nNeurons,
    deadNeurons: spikes.filter((n) => n === 0).length,
    hogNeurons: countHogs(spikes, nFilters, nPositions),
    firingRate: (total / nImages / nNeurons / timeMax) * 1000,
    spikesPerImage: total / nImages,
    silentImages: countSilent(counts.offsets) / nImages,
    theta: describe(theta),
    saturatedLow: saturated.low / weights.length,
    saturatedHigh: saturated.high / weights.length,
    winnerEntropy: winnerEntropy(counts),
    filterChange: before ? filterChange(weights, before) : null,
    spikesPerNeuron: spikes.map((n) => n / nImages),
    thetas: theta,
    weightHistogram: { least: wMin, most: wMax, counts: countWeights(weights, wMin, wMax) },
  };
}

const healthField = objectWith<HealthNumbers>('nNeurons', 'theta', 'firingRate', 'spikesPerImage');

/** Lines of a compact table: what, and how much. */
export function describeHealth(health: HealthNumbers): [what: string, value: string][] {
  const { nNeurons, theta, filterChange, winnerEntropy } = healthField('describeHealth', 'health', health);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    ['images looked at', String(health.nImages)],
    ['dead neurons', `${health.deadNeurons} of ${nNeurons} (${percent(health.deadNeurons / nNeurons)})`],
    ['hog neurons', `${health.hogNeurons} of ${nNeurons} (${percent(health.hogNeurons / nNeurons)})`],
    ['mean firing rate', `${health.firingRate.toFixed(2)} Hz`],
    ['spikes per image', health.spikesPerImage.toFixed(1)],
    ['images without a spike', percent(health.silentImages)],
    [
      'theta',
      `${theta.mean.toFixed(1)} ± ${theta.sd.toFixed(1)} mV (${theta.least.toFixed(1)} … ${theta.most.toFixed(1)})`,
    ],
    ['weights at 0 and at the bound', `${percent(health.saturatedLow)} and ${percent(health.saturatedHigh)}`],
    ['winner entropy', Number.isNaN(winnerEntropy) ? '–' : winnerEntropy.toFixed(3)],
    ['filter change per 100 images', filterChange === null ? '–' : percent(filterChange)],
  ];
}

function countHogs(spikes: Float64Array, nFilters: number, nPositions: number): number {
  const limit = Math.min(0.5, hogFactor / nFilters);
  let hogs = 0;
  for (let position = 0; position < nPositions; position++) {
    const own = Array.from({ length: nFilters }, (_, filter) => spikes[filter * nPositions + position]);
    const sum = own.reduce((total, n) => total + n, 0);
    hogs += own.filter((n) => n > limit * sum).length;
  }
  return nFilters > 1 ? hogs : 0;
}

function countSilent(offsets: Uint32Array): number {
  let silent = 0;
  for (let image = 0; image + 1 < offsets.length; image++) {
    if (offsets[image] === offsets[image + 1]) silent++;
  }
  return silent;
}

function describe(values: Float32Array): TrainingHealth['theta'] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return {
    mean,
    sd: Math.sqrt(variance),
    least: values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    most: values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  };
}

function winnerEntropy({ nImages, nFilters, nPositions, offsets, neurons, counts }: SpikeCounts): number {
  if (nFilters === 1) return Number.NaN;
  const wins = new Float64Array(nFilters * nPositions);
  const most = new Uint16Array(nPositions);
  const winner = new Uint32Array(nPositions);
  for (let image = 0; image < nImages; image++) {
    most.fill(0);
    for (let entry = offsets[image]; entry < offsets[image + 1]; entry++) {
      const position = neurons[entry] % nPositions;
      if (counts[entry] <= most[position]) continue;
      most[position] = counts[entry];
      winner[position] = neurons[entry];
    }
    for (let position = 0; position < nPositions; position++)
      if (most[position] > 0) wins[winner[position]]++;
  }
  let sum = 0;
  let active = 0;
  for (let position = 0; position < nPositions; position++) {
    const own = Array.from({ length: nFilters }, (_, filter) => wins[filter * nPositions + position]);
    const all = own.reduce((total, n) => total + n, 0);
    if (all === 0) continue;
    active++;
    for (const n of own) if (n > 0) sum -= (n / all) * Math.log(n / all);
  }
  return active === 0 ? Number.NaN : sum / active / Math.log(nFilters);
}

function filterChange(weights: Float32Array, before: { weights: Float32Array; nImages: number }): number {
  if (before.weights.length !== weights.length) {
    throw invalidArgument('trainingHealth', `${weights.length} earlier weights`, before.weights.length);
  }
  let change = 0;
  let size = 0;
  for (let i = 0; i < weights.length; i++) {
    change += Math.abs(weights[i] - before.weights[i]);
    size += Math.abs(weights[i]);
  }
  return size === 0 ? 0 : ((change / size) * 100) / before.nImages;
}

// Loops over the weights instead of callbacks: this is measured while a training waits.
function countBeyond(weights: Float32Array, low: number, high: number): { low: number; high: number } {
  const beyond = { low: 0, high: 0 };
  for (const w of weights) {
    if (w <= low) beyond.low++;
    if (w >= high) beyond.high++;
  }
  return beyond;
}

function countWeights(weights: Float32Array, least: number, most: number): Uint32Array {
  const counts = new Uint32Array(weightBins);
  for (const w of weights) {
    const bin = Math.floor(((w - least) / (most - least)) * weightBins);
    counts[Math.max(0, Math.min(weightBins - 1, bin))]++;
  }
  return counts;
}
