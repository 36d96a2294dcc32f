/** The features that the linear classifier sees: balanced square roots of spike counts, as compressed sparse rows. */
import type { SpikeCounts } from './spike-counts.js';

/** Row i holds `values[e]` in column `columns[e]` for e from `offsets[i]` up to `offsets[i + 1]`, columns ascending. */
export interface SparseRows {
  readonly nColumns: number;
  readonly offsets: Uint32Array;
  readonly columns: Uint32Array;
  readonly values: Float32Array;
}

/**
 * One row per image: x_y = √n_y / ⁴√N_p, scaled to length 1, where N_p is the number of spikes at y's position p.
 *
 * The root makes the spread of a count nearly independent of its size, ⁴√N_p keeps one busy position from outweighing the
 * others, and the unit length takes out how many spikes the image evokes. Cross-validation on calibration images preferred
 * this to plain roots by 0.1 to 0.6 points (25 to 1000 filters), and plain roots to plain counts by as much again. With one
 * position it is √n_y scaled to length 1. An image without spikes is an empty row.
 */
export function extractFeatures(spikeCounts: SpikeCounts): SparseRows {
  const { counts, neurons, offsets, nImages, nFilters, nPositions } = spikeCounts;
  const values = new Float32Array(counts.length);
  const spikesAt = new Float64Array(nPositions);
  for (let image = 0; image < nImages; image++) {
    spikesAt.fill(0);
    for (let e = offsets[image]; e < offsets[image + 1]; e++) spikesAt[neurons[e] % nPositions] += counts[e];
    // Σ_y n_y / √N_p = Σ_p √N_p.
    const squaredLength = spikesAt.reduce((sum, spikes) => sum + Math.sqrt(spikes), 0);
    for (let e = offsets[image]; e < offsets[image + 1]; e++) {
      values[e] = Math.sqrt(counts[e] / (Math.sqrt(spikesAt[neurons[e] % nPositions]) * squaredLength));
    }
  }
  return { nColumns: nFilters * nPositions, offsets, columns: neurons, values };
}

/** `bias + weights · row`, with `nColumns` weights from `from` on. */
export function projectRow(
  { offsets, columns, values }: SparseRows,
  row: number,
  weights: Float32Array | Float64Array,
  from: number,
  bias: number,
): number {
  let output = bias;
  for (let e = offsets[row]; e < offsets[row + 1]; e++) output += weights[from + columns[e]] * values[e];
  return output;
}
