/** Normalisation after a training image, as the reference engine defines it. */
import { type Floats, roundTo } from '../precision.js';
import type { SynapseProgram } from '../network/program.js';

/**
 * Scales the columns that have changed, so that the magnitudes of their weights sum to the connection's norm.
 *
 * @param weights [row, column]
 * @param hasChanged whether the weights onto a column of a group have changed since they were normalised
 */
export function normalizeColumns(
  { wiring, norm }: SynapseProgram,
  weights: Floats,
  hasChanged: (group: number, column: number) => boolean,
): void {
  if (norm === null) return;
  const { fanOut, nGroups, normGroups = nGroups } = wiring;
  const { nRows, rowLength } = fanOut;
  const groupRows = nRows / normGroups;
  const round = roundTo[weights instanceof Float64Array ? 'double' : 'single'];
  for (let group = 0; group < normGroups; group++) {
    // The groups of the wiring that it lies in, or consists of.
    const firstGroup = Math.floor((group * nGroups) / normGroups);
    const groups = Array.from({ length: Math.max(1, nGroups / normGroups) }, (_, at) => firstGroup + at);
    for (let column = 0; column < rowLength; column++) {
      if (!groups.some((each) => hasChanged(each, column))) continue;
      let sum = 0;
      const first = group * groupRows * rowLength + column;
      for (let row = 0; row < groupRows; row++) sum += Math.abs(weights[first + row * rowLength]);
      if (sum === 0) continue;
      const factor = round(norm / sum);
      for (let row = 0; row < groupRows; row++) {
        weights[first + row * rowLength] *= factor;
      }
    }
  }
}
