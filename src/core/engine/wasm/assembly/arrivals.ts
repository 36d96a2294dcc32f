/**
 * Spikes on their way along sparse synapses that have a delay each. A spike is put at once where the steps will look in which it arrives: a
 * slot for each step up to the longest delay, a list of chunks each. Where there is no room for a step's spikes, later steps search these.
 */
import {
  arrivalsChunk,
  arrivalsFree,
  arrivalsFreeCount,
  arrivalsPair,
  arrivalsPairs,
  arrivalsSearched,
  arrivalsSearchedTo,
  arrivalsSlots,
  arrivalsUnused,
  connectionArrivals,
  connectionArrivalsChunks,
  connectionDelays,
  connectionEntryTarget,
  connectionLongest,
  connectionStart,
  connectionWeights,
} from './layout';
import { spikesBefore } from './relays';

const pairBytes: u32 = arrivalsPair;
/** Where a chunk has the address of the next one. */
const pairsEnd: u32 = arrivalsChunk - arrivalsPair;
const within: u32 = arrivalsChunk - 1;

/** Before an image: nothing is on its way. */
export function resetArrivals(connection: usize, scratch: usize): void {
  const arrivals = scratch + load<u32>(connection, connectionArrivals);
  const nSlots = load<u32>(connection, connectionLongest);
  // The room is larger by a chunk, so that chunks can begin at whole multiples of their size.
  let chunk: usize = (arrivals + arrivalsSlots + nSlots * pairBytes + within) & ~(within as usize);
  for (let slot: u32 = 0; slot < nSlots; slot++) {
    storeSlot(arrivals + slot * pairBytes, chunk, chunk);
    chunk += arrivalsChunk;
  }
  store<u32>(arrivals, 0, arrivalsFree);
  store<u32>(arrivals, chunk as u32, arrivalsUnused);
  store<u32>(arrivals, load<u32>(connection, connectionArrivalsChunks) - nSlots, arrivalsFreeCount);
  store<i32>(arrivals, -1, arrivalsSearchedTo);
}

// @ts-ignore: decorator
@inline
function storeSlot(slot: usize, first: usize, next: usize): void {
  store<u32>(slot, first as u32, arrivalsSlots);
  store<u32>(slot, next as u32, arrivalsSlots + 4);
}

/**
 * Adds to the target's input what arrives in a step, the spikes that left first before the others, and sends this step's spikes off.
 *
 * @param isNow before the target is stepped: what needs no step; else the rest
 */
export function propagateDelayed(
  connection: usize,
  source: usize,
  scratch: usize,
  t: i32,
  spikes: usize,
  nSpikes: u32,
  input: usize,
  isNow: bool,
): void {
  if (isNow) {
    addDue(connection, spikes, nSpikes, 0, input);
    return;
  }
  const arrivals = scratch + load<u32>(connection, connectionArrivals);
  const longest = load<u32>(connection, connectionLongest);
  const slot = (t as u32) % longest;
  empty(connection, arrivals, slot, input);
  let isSearched = load<i32>(arrivals, arrivalsSearchedTo) >= 0;
  if (isSearched) isSearched = search(connection, source, scratch, arrivals, t, input);
  addDue(connection, spikes, nSpikes, 1, input);
  if (nSpikes == 0) return;
  if (isSearched || !hasRoom(connection, arrivals, spikes, nSpikes)) {
    // Steps that are searched come after all that is in the slots: until they have arrived, so are the steps that follow.
    if (!isSearched) store<i32>(arrivals, t, arrivalsSearched);
    store<i32>(arrivals, t, arrivalsSearchedTo);
    return;
  }
  send(connection, arrivals, slot, spikes, nSpikes);
}

/** Adds what a slot has. */
function empty(connection: usize, arrivals: usize, index: u32, input: usize): void {
  const weights = load<u32>(connection, connectionWeights) as usize;
  const slot = arrivals + index * pairBytes;
  const next = load<u32>(slot, arrivalsSlots + 4) as usize;
  let chunk = load<u32>(slot, arrivalsSlots) as usize;
  for (;;) {
    const isLast = next - chunk < (arrivalsChunk as usize);
    const end = isLast ? next : chunk + pairsEnd;
    for (let pair = chunk; pair < end; pair += pairBytes) {
      const to = input + (load<u32>(pair) << 2);
      store<f32>(to, load<f32>(to) + load<f32>(weights + (load<u32>(pair, 4) << 2)));
    }
    if (isLast) break;
    const following = load<u32>(chunk + pairsEnd) as usize;
    store<u32>(chunk, load<u32>(arrivals, arrivalsFree));
    store<u32>(arrivals, chunk as u32, arrivalsFree);
    store<u32>(arrivals, load<u32>(arrivals, arrivalsFreeCount) + 1, arrivalsFreeCount);
    chunk = following;
  }
  storeSlot(slot, chunk, chunk);
}

/** Adds what arrives of the steps that are searched; returns whether some is still on its way. */
function search(connection: usize, source: usize, scratch: usize, arrivals: usize, t: i32, input: usize): bool {
  const longest = load<u32>(connection, connectionLongest) as i32;
  const last = load<i32>(arrivals, arrivalsSearchedTo);
  for (let step = max(load<i32>(arrivals, arrivalsSearched), t - longest + 1); step <= last; step++) {
    const list = spikesBefore(source, scratch, t, t - step);
    addDue(connection, list + 4, load<u32>(list), t - step + 1, input);
  }
  if (last + longest - 1 > t) return true;
  store<i32>(arrivals, -1, arrivalsSearchedTo);
  return false;
}

/** Adds the synapses of some spikes that have a delay. */
function addDue(connection: usize, spikes: usize, nSpikes: u32, steps: u32, input: usize): void {
  const weights = load<u32>(connection, connectionWeights) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const delays = load<u32>(connection, connectionDelays) as usize;
  const start = load<u32>(connection, connectionStart) as usize;
  for (let s: u32 = 0; s < nSpikes; s++) {
    const range = start + (load<u32>(spikes + (s << 2)) << 2);
    const end = load<u32>(range, 4);
    const first = findDelay(delays, load<u32>(range), end, steps);
    for (let e = first; e < end && load<u8>(delays + e) == steps; e++) {
      const to = input + (load<u32>(targets + (e << 2)) << 2);
      store<f32>(to, load<f32>(to) + load<f32>(weights + (e << 2)));
    }
  }
}

/** The first synapse with at least this delay, sixteen at a time: they lie in the order of their delays. */
// @ts-ignore: decorator
@inline
function findDelay(delays: usize, first: u32, end: u32, steps: u32): u32 {
  const wanted = i8x16.splat(steps as i8);
  let at = first;
  while (at < end) {
    const shorter = ctz(~(i8x16.bitmask(i8x16.lt_u(v128.load(delays + at), wanted)) as u32));
    at += shorter;
    if (shorter < 16) break;
  }
  return min(at, end);
}

/** Whether the chunks that are free suffice, whatever the delays. */
function hasRoom(connection: usize, arrivals: usize, spikes: usize, nSpikes: u32): bool {
  const start = load<u32>(connection, connectionStart) as usize;
  let count: u32 = 0;
  for (let s: u32 = 0; s < nSpikes; s++) {
    const range = start + (load<u32>(spikes + (s << 2)) << 2);
    count += load<u32>(range, 4) - load<u32>(range);
  }
  const chunks = count / arrivalsPairs + min(count, load<u32>(connection, connectionLongest));
  return chunks <= load<u32>(arrivals, arrivalsFreeCount);
}

/** Puts the synapses of spikes that take more than a step into the slots of the steps in which they arrive. */
function send(connection: usize, arrivals: usize, now: u32, spikes: usize, nSpikes: u32): void {
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const delays = load<u32>(connection, connectionDelays) as usize;
  const start = load<u32>(connection, connectionStart) as usize;
  const nSlots = load<u32>(connection, connectionLongest);
  for (let s: u32 = 0; s < nSpikes; s++) {
    const range = start + (load<u32>(spikes + (s << 2)) << 2);
    const end = load<u32>(range, 4);
    for (let e = findDelay(delays, load<u32>(range), end, 2); e < end; e++) {
      let index = now + load<u8>(delays + e) - 1;
      if (index >= nSlots) index -= nSlots;
      const slot = arrivals + index * pairBytes;
      let pair = load<u32>(slot, arrivalsSlots + 4) as usize;
      store<u32>(pair, load<u32>(targets + (e << 2)));
      store<u32>(pair, e, 4);
      pair += pairBytes;
      if (((pair as u32) & within) == pairsEnd) {
        const chunk = takeChunk(arrivals);
        store<u32>(pair, chunk as u32);
        pair = chunk;
      }
      store<u32>(slot, pair as u32, arrivalsSlots + 4);
    }
  }
}

function takeChunk(arrivals: usize): usize {
  store<u32>(arrivals, load<u32>(arrivals, arrivalsFreeCount) - 1, arrivalsFreeCount);
  const free = load<u32>(arrivals, arrivalsFree) as usize;
  if (free != 0) {
    store<u32>(arrivals, load<u32>(free), arrivalsFree);
    return free;
  }
  const unused = load<u32>(arrivals, arrivalsUnused);
  store<u32>(arrivals, unused + arrivalsChunk, arrivalsUnused);
  return unused as usize;
}
