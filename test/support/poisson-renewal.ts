/** The statistics of Poisson encoding in closed form: a renewal process whose intervals are max(1, Poisson(mean)). */

/** P(Poisson(mean) = k), k = 0 … last: from the mode outwards, so that nothing underflows. */
export function poissonProbabilities(mean: number, last: number): Float64Array {
  const end = Math.max(last, Math.ceil(mean + 40 * Math.sqrt(mean) + 40));
  const relative = new Float64Array(end + 1);
  const mode = Math.floor(mean);
  relative[mode] = 1;
  for (let k = mode; k > 0; k--) relative[k - 1] = (relative[k] * k) / mean;
  for (let k = mode; k < end; k++) relative[k + 1] = (relative[k] * mean) / (k + 1);
  const total = relative.toSorted().reduce((sum, value) => sum + value, 0);
  return relative.map((value) => value / total).subarray(0, last + 1);
}

export interface Renewal {
  /** [step] probability of a spike. */
  readonly density: Float64Array;
  /** Mean and variance of the number of spikes. */
  readonly mean: number;
  readonly variance: number;
}

/** Spikes of a neuron with that mean interval in `steps` steps; an interval of 1 from the beginning is a spike in step 0. */
export function poissonRenewal(meanInterval: number, steps: number): Renewal {
  const interval = poissonProbabilities(meanInterval, steps);
  interval[1] += interval[0];
  interval[0] = 0;
  const density = new Float64Array(steps);
  for (let t = 0; t < steps; t++) {
    let probability = interval[t + 1];
    for (let k = 1; k <= t; k++) probability += density[t - k] * interval[k];
    density[t] = probability;
  }
  const mean = density.reduce((sum, p) => sum + p, 0);
  // E[N (N − 1)] = 2 Σ P(spike at s) P(another one t − s later).
  let pairs = 0;
  for (let s = 0; s < steps; s++) {
    for (let t = s + 1; t < steps; t++) pairs += density[s] * density[t - s - 1];
  }
  return { density, mean, variance: 2 * pairs + mean - mean * mean };
}
