/** Normalisation after a training image, as the reference engine defines it. */
import { type Floats, roundTo } from '../precision.js';
import type { SynapseProgram } from '../network/program.js';
import type { Wiring } from '../network/topology/topology.js';

/** Which of the groups' columns, all one after the other, a weight belongs to: normalisation sums over them. */
export function columnOf({ fanOut, nGroups, isSparse }: Wiring): (weight: number) => number {
  if (isSparse) return (weight) => fanOut.target[weight];
  const { nRows, rowLength } = fanOut;
  const groupSize = (nRows * rowLength) / nGroups;
  return (weight) => Math.floor(weight / groupSize) * rowLength + (weight % rowLength);
}

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
  const { nGroups, normGroups = nGroups, isSparse, fanOut } = wiring;
  const { rowLength } = fanOut;
  const findColumn = columnOf(wiring);
  // Sparse connections have a column for every target.
  const nSums = isSparse ? nGroups : normGroups;
  const findSum = columnOf({ ...wiring, nGroups: nSums });
  const changed = Uint8Array.from({ length: nGroups * rowLength }, (_, column) =>
    hasChanged(Math.floor(column / rowLength), column % rowLength) ? 1 : 0,
  );
  const sums = new Float64Array(nSums * rowLength);
  const isScaled = new Uint8Array(sums.length);
  for (let w = 0; w < weights.length; w++) {
    sums[findSum(w)] += Math.abs(weights[w]);
    isScaled[findSum(w)] |= changed[findColumn(w)];
  }
  const round = roundTo[weights instanceof Float64Array ? 'double' : 'single'];
  const factors = sums.map((sum, column) => (sum !== 0 && isScaled[column] ? round(norm / sum) : 1));
  for (let w = 0; w < weights.length; w++) weights[w] *= factors[findSum(w)];
}
