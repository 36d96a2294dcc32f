/** The order of sparse synapses with delays of their own. */
import { mostDelaySteps } from '../delays.js';
import type { Wiring } from './topology.js';

/**
 * Sorts the synapses of each source by their delays, so that those that a spike reaches in one step lie side by side. Synapses with the same
 * delay keep their order, and with it the order in which a target adds up what it receives.
 *
 * @param delay steps of each synapse
 */
export function orderByDelay(
  wiring: Wiring,
  delay: Uint8Array,
): { readonly wiring: Wiring; readonly delay: Uint8Array } {
  const { fanOut, engineIndex } = wiring;
  const { nSources, start } = fanOut;
  const sorted = new Uint8Array(delay.length);
  const target = new Uint32Array(delay.length);
  /** Where each synapse goes. */
  const place = new Uint32Array(delay.length);
  const next = new Uint32Array(mostDelaySteps + 2);
  for (let i = 0; i < nSources; i++) {
    next.fill(0);
    for (let e = start[i]; e < start[i + 1]; e++) next[delay[e] + 1]++;
    for (let steps = 0; steps <= mostDelaySteps; steps++) next[steps + 1] += next[steps];
    for (let e = start[i]; e < start[i + 1]; e++) {
      const at = start[i] + next[delay[e]]++;
      place[e] = at;
      sorted[at] = delay[e];
      target[at] = fanOut.target[e];
    }
  }
  const moved = new Uint32Array(engineIndex.length);
  for (let weight = 0; weight < moved.length; weight++) moved[weight] = place[engineIndex[weight]];
  return { wiring: { ...wiring, fanOut: { ...fanOut, target }, engineIndex: moved }, delay: sorted };
}
