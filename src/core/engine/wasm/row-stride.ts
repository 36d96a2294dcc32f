/** How far rows of weights and of delays lie apart in memory. */
import type { Wiring } from '../../network/topology/topology.js';
import { padToVector } from './pad-to-vector.js';

/** Delays that are compared at once. */
export const delayLanes = 16;

/** Weights from one row to the next. */
export function rowStride({ fanOut, isSparse }: Wiring): number {
  return isSparse ? 1 : padToVector(fanOut.rowLength);
}

/** Delays from one row to the next. */
export function delayStride({ fanOut, isSparse }: Wiring): number {
  return isSparse ? 1 : Math.ceil(fanOut.rowLength / delayLanes) * delayLanes;
}
