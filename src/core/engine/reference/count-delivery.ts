/** What counts of spikes deliver, on the reference engine: competition with one weight for all, and means. */
import type { FanOut } from '../../network/topology/fan-out.js';
import { type Floats, type Precision, roundTo } from '../../precision.js';

/** Adds weight · (number of other spikes) to every neuron, where so many consecutive neurons compete. */
export function deliverCompetition(
  spikes: Uint8Array,
  input: Floats,
  {
    weight,
    size,
    precision,
  }: { readonly weight: number; readonly size: number; readonly precision: Precision },
): void {
  const round = roundTo[precision];
  for (let start = 0; start < spikes.length; start += size) {
    let count = 0;
    for (let k = 0; k < size; k++) count += spikes[start + k];
    if (count === 0) continue;
    for (let j = start; j < start + size; j++) input[j] += round(weight * (count - spikes[j]));
  }
}

/** Adds the rows of all positions, row p onto position p, times the share of sources that spike. */
export function deliverMean(
  spikes: Uint8Array,
  weights: Floats,
  input: Floats,
  { nSources }: Pick<FanOut, 'nSources'>,
  precision: Precision,
): void {
  const round = roundTo[precision];
  const mean = round(spikes.reduce((count, spike) => count + spike, 0) / nSources);
  if (mean === 0) return;
  for (let j = 0; j < weights.length; j++) input[j] += round(weights[j] * mean);
}
