/** Room for spikes on their way along sparse synapses that have a delay each. */
import { boundsOf } from '../../network/delays.js';
import type { SynapseProgram } from '../../network/program.js';
import type { WasmMemory } from '../../wasm/wasm-memory.js';
import * as layout from './assembly/layout.js';

/**
 * Writes the fields of a connection's record. The room suffices for a twentieth of the sources in every step, or for all of them once; where
 * it does not, steps search the spikes of earlier ones. Memory that is never written takes no place.
 */
export function placeArrivals(
  memory: WasmMemory,
  { delay, wiring }: SynapseProgram,
  record: number,
  reserve: (bytes: number) => number,
): void {
  const [, longest] = boundsOf(delay);
  const nSynapses = wiring.engineIndex.length;
  const chunks =
    3 * longest + Math.ceil(Math.min(nSynapses, (nSynapses * longest) / 40) / layout.arrivalsPairs);
  const view = memory.record(record, layout.connectionRecordSize);
  const bytes = layout.arrivalsSlots + layout.arrivalsPair * longest + layout.arrivalsChunk * (chunks + 1);
  view.setUint32(layout.connectionArrivals, reserve(bytes), true);
  view.setUint32(layout.connectionArrivalsChunks, chunks, true);
}
