/** Results that a figure cannot do without: given, or an error that says how to get them. */
import { invalidArgument, LocusError } from '../errors.js';
import type { ShapedArray } from './results.js';
import type { SnnSource } from './sources.js';

/** Votes [label, neuron] and the number of labels. Errors: `NOT_CALIBRATED`. */
export function requireVotes(
  { type, votes, grid }: SnnSource,
  method: string,
): { votes: Float32Array; nClasses: number } {
  if (!votes) throw new LocusError('NOT_CALIBRATED', `${type}: ${method} needs calibrate() first`);
  return { votes, nClasses: votes.length / (grid.nFilters * grid.nPositions) };
}

/** Errors: `NOT_CALIBRATED`. */
export function requireConfusion({ type, confMatrix }: SnnSource, method: string): Int32Array {
  if (confMatrix) return confMatrix;
  throw new LocusError('NOT_CALIBRATED', `${type}: ${method} needs calculateAccuracy() first`);
}

/** Errors: `INVALID_ARGUMENT` where competition is fixed. */
export function requireCompetition({ type, weightsYY }: SnnSource, method: string): ShapedArray {
  if (weightsYY) return weightsYY;
  throw invalidArgument(`${type}.${method}`, 'trained competition (cL: true)', false);
}
