/** Small statistics that figures show. */

/** Quantile of sorted values, linear between them; NaN of none. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted.length === 0
    ? Number.NaN
    : sorted[below] + (at - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Standard error of a share of successes in n trials. */
export function shareError(share: number, n: number): number {
  return Math.sqrt((share * (1 - share)) / n);
}

/** Numbers in equal bins over [least, most]; the last bin holds its upper end. */
export function histogram(
  values: ArrayLike<number>,
  bins: number,
  [least, most]: readonly [number, number],
): { centres: Float64Array; counts: Uint32Array; width: number } {
  const width = (most - least) / bins || 1;
  const counts = new Uint32Array(bins);
  for (let i = 0; i < values.length; i++) {
    if (values[i] >= least && values[i] <= most) {
      counts[Math.min(bins - 1, Math.floor((values[i] - least) / width))]++;
    }
  }
  return { centres: Float64Array.from({ length: bins }, (_, i) => least + (i + 0.5) * width), counts, width };
}
