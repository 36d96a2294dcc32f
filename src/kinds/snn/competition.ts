/** What trained competition has come to, and where theory expects it to settle. */
import { binCount } from '../../figures/competition-distribution-figure.js';
import { count, instance, number, readOptions, required, type Schema } from '../../options.js';

/** Weights between different filters of one position, as a histogram over [least, most]. */
export interface CompetitionDistribution {
  /** All weights but those of neurons onto themselves, ascending [mV]. */
  readonly weights: Float32Array;
  /** bins + 1 edges and the number of weights in each bin. */
  readonly edges: Float64Array;
  readonly counts: Uint32Array;
  readonly mean: number;
}

/** @param weights [position, source filter, target filter] */
export function competitionDistribution(
  weights: Float32Array,
  nFilters: number,
  bins = 50,
): CompetitionDistribution {
  const place = 'competitionDistribution';
  instance(Float32Array)(place, 'weights', weights);
  count()(place, 'nFilters', nFilters);
  binCount(place, 'bins', bins);
  const others = weights.filter((_, i) => Math.floor(i / nFilters) % nFilters !== i % nFilters).sort();
  const least = others[0] ?? 0;
  const most = others.at(-1) ?? 0;
  const width = (most - least) / bins || 1;
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => least + i * width);
  const counts = new Uint32Array(bins);
  for (const weight of others) counts[Math.min(bins - 1, Math.floor((weight - least) / width))]++;
  const mean = others.length === 0 ? 0 : others.reduce((sum, weight) => sum + weight, 0) / others.length;
  return { weights: others, edges, counts, mean };
}

export interface CompetitionBalance {
  APos: number;
  ANeg: number;
  /** [ms] */
  tauPos: number;
  tauNeg: number;
  timeMax?: number;
  dt?: number;
}

const milliseconds = number({ above: 0, unit: 'ms' });

const schema: Schema<CompetitionBalance> = {
  APos: required(number()),
  ANeg: required(number()),
  tauPos: required(milliseconds),
  tauNeg: required(milliseconds),
  timeMax: milliseconds,
  dt: milliseconds,
};

/**
 * Mean spike count per image at which potentiation and depression of a competition weight balance, or null where they
 * balance at none.
 *
 * Two neurons that spike in every step with probability r, independently: a trace that a spike sets to 1 and that decays
 * by d = exp(−dt / τ) has the mean r / (1 − (1 − r) d).  A step changes their weight on average by
 * −A_pos · r · E[x_post] + A_neg · r · E[x_pre], which is 0 where A_pos (1 − (1 − r) d_pos) = A_neg (1 − (1 − r) d_neg),
 * at r = 1 − (A_pos − A_neg) / (A_pos d_pos − A_neg d_neg); the count is r · timeMax / dt.
 */
export function bestAvgSpikes(balance: CompetitionBalance): number | null {
  const given = readOptions('bestAvgSpikes', schema, balance);
  const { APos, ANeg, tauPos, tauNeg, timeMax = 250, dt = 1 } = given;
  const dPos = Math.exp(-dt / tauPos);
  const dNeg = Math.exp(-dt / tauNeg);
  const rate = 1 - (APos - ANeg) / (APos * dPos - ANeg * dNeg);
  return rate > 0 && rate <= 1 ? (rate * timeMax) / dt : null;
}
