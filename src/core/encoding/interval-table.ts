/** Inverse distribution of Poisson intervals: one 32-bit word becomes one whole-numbered interval. */

/**
 * Thresholds `T[k] = round(2³² · P(interval ≤ k))`, k = 0 … steps, of a Poisson variable with the given mean; a word `r`
 * gives the smallest `k` with `r < T[k]`, or an interval beyond `steps` where there is none.
 */
export function intervalThresholds(mean: number, steps: number): Uint32Array {
  const thresholds = new Uint32Array(steps + 1);
  const logMean = Math.log(mean);
  // Logarithms, because exp(−mean) underflows for the dark pixels' long intervals.
  let logProbability = -mean;
  let cumulative = 0;
  for (let k = 0; k <= steps; k++) {
    if (k > 0) logProbability += logMean - Math.log(k);
    cumulative += Math.exp(logProbability);
    thresholds[k] = Math.min(0xffff_ffff, Math.round(cumulative * 0x1_0000_0000));
  }
  return thresholds;
}

/** Mean interval [steps] of a neuron that fires at `rate` [Hz]. */
export function meanInterval(rate: number, dt: number): number {
  return 1000 / (rate * dt);
}

/** Words per guide entry: the upper 8 bits of a word choose where its search starts. */
export const guideBits = 8;

export interface IntervalTables {
  /** [level, k] thresholds for brightness level / 255; level 0 never fires. */
  readonly thresholds: Uint32Array;
  /** [level, upper bits] smallest k that any word with these upper bits can give. */
  readonly guide: Uint16Array;
}

/** Tables of all 256 brightness levels. */
export function intervalTables(intensity: number, dt: number, steps: number): IntervalTables {
  const thresholds = new Uint32Array(256 * (steps + 1));
  const guide = new Uint16Array(256 << guideBits);
  for (let level = 0; level < 256; level++) {
    if (level > 0) {
      const mean = meanInterval((level / 255) * intensity, dt);
      thresholds.set(intervalThresholds(mean, steps), level * (steps + 1));
    }
    let k = 0;
    for (let upper = 0; upper < 1 << guideBits; upper++) {
      const smallest = (upper << (32 - guideBits)) >>> 0;
      while (k <= steps && smallest >= thresholds[level * (steps + 1) + k]) k++;
      guide[(level << guideBits) + upper] = k;
    }
  }
  return { thresholds, guide };
}
