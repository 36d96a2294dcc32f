/** The mask that a user gives a connection, joined with that of its topology. */
import { invalidArgument } from '../../../errors.js';
import type { Wiring } from './topology.js';

/**
 * @param given 1 or 0 for every published weight
 * @throws LocusError naming the connection where there are other numbers of weights
 */
export function applyMask(wiring: Wiring, given: ArrayLike<number> | null, place: string): Wiring {
  if (!given) return wiring;
  const { engineIndex, weightShape, fanOut } = wiring;
  if (given.length !== engineIndex.length) {
    const expectation = `a mask of ${engineIndex.length} weights (${weightShape.join(' × ')})`;
    throw invalidArgument(place, expectation, given.length);
  }
  const mask = wiring.mask?.slice() ?? new Uint8Array(fanOut.nRows * fanOut.rowLength).fill(1);
  for (let i = 0; i < given.length; i++) mask[engineIndex[i]] &= given[i];
  return { ...wiring, mask };
}
