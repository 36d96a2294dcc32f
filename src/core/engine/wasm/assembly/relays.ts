/** Delays: the last spikes of a layer are kept, and relays repeat them so many steps late as sources of connections and rules. */
import {
  layerChannels,
  layerLag,
  layerPast,
  layerPastSteps,
  layerPastStride,
  layerPastValueCount,
  layerPastValues,
  layerRecordSize,
  layerRelayOf,
  layerRelayValues,
  layerSize,
  scratchSpikeCount,
  scratchSpikeLists,
  shardLayerCount,
  shardLayers,
  shardRelayCount,
  spikeListSize,
} from './layout';
import { noteSpike } from './neurons';

/** Before an image: nothing has spiked, and variables were what they are. */
export function resetPasts(shard: usize, scratch: usize): void {
  const nLayers = load<u32>(shard, shardLayerCount);
  const layers = load<u32>(shard, shardLayers) as usize;
  for (let index: u32 = 0; index < nLayers; index++) {
    const layer = layers + index * layerRecordSize;
    const steps = load<u32>(layer, layerPastSteps);
    for (let step: u32 = 0; step < steps; step++) {
      store<u32>(scratch + load<u32>(layer, layerPast) + step * load<u32>(layer, layerPastStride), 0);
      keepValues(layer, scratch, step);
    }
  }
}

/** Keeps the spikes of a step, and lets the relays repeat those of earlier ones. @param track whether rules follow them */
export function stepRelays(shard: usize, scratch: usize, t: i32, track: bool): void {
  const nLayers = load<u32>(shard, shardLayerCount);
  const layers = load<u32>(shard, shardLayers) as usize;
  for (let index: u32 = 0; index < nLayers; index++) {
    const layer = layers + index * layerRecordSize;
    const steps = load<u32>(layer, layerPastSteps);
    if (steps == 0) continue;
    const entry = scratch + index * spikeListSize;
    const n = load<u32>(entry, scratchSpikeCount);
    const slot = (t as u32) % steps;
    const kept = scratch + load<u32>(layer, layerPast) + slot * load<u32>(layer, layerPastStride);
    store<u32>(kept, n);
    memory.copy(kept + 4, load<u32>(entry, scratchSpikeLists), n << 2);
    keepValues(layer, scratch, slot);
  }
  const nRelays = load<u32>(shard, shardRelayCount);
  for (let index: u32 = 0; index < nRelays; index++) {
    const relay = layers + (nLayers + index) * layerRecordSize;
    const layer = layers + load<u32>(relay, layerRelayOf) * layerRecordSize;
    const list = spikesBefore(layer, scratch, t, load<u32>(relay, layerLag));
    const n = load<u32>(list);
    const entry = scratch + (nLayers + index) * spikeListSize;
    store<u32>(entry, (list + 4) as u32, scratchSpikeLists);
    store<u32>(entry, n, scratchSpikeCount);
    repeatValues(relay, layer, scratch, t);
    if (!track) continue;
    const channels = load<u32>(relay, layerChannels);
    for (let s: u32 = 0; s < n; s++) {
      const neuron = load<u32>(list + 4 + (s << 2));
      noteSpike(relay, scratch, t, neuron / channels, neuron % channels, neuron);
    }
  }
}

/** Number of the spikes so many steps before step t, followed by the neurons. */
// @ts-ignore: decorator
@inline
export function spikesBefore(layer: usize, scratch: usize, t: i32, lag: u32): usize {
  const steps = load<u32>(layer, layerPastSteps);
  // Slots of steps before the first are empty.
  const slot = ((t as u32) + steps - lag) % steps;
  return scratch + load<u32>(layer, layerPast) + slot * load<u32>(layer, layerPastStride);
}

function keepValues(layer: usize, scratch: usize, slot: u32): void {
  const bytes = load<u32>(layer, layerSize) << 2;
  let pair = load<u32>(layer, layerPastValues) as usize;
  const end = pair + (load<u32>(layer, layerPastValueCount) << 3);
  for (; pair < end; pair += 8) {
    memory.copy(scratch + load<u32>(pair, 4) + slot * bytes, scratch + load<u32>(pair), bytes);
  }
}

function repeatValues(relay: usize, layer: usize, scratch: usize, t: i32): void {
  const bytes = load<u32>(layer, layerSize) << 2;
  const steps = load<u32>(layer, layerPastSteps);
  const slot = ((t as u32) + steps - load<u32>(relay, layerLag)) % steps;
  const pairs = load<u32>(layer, layerPastValues) as usize;
  const own = load<u32>(relay, layerRelayValues) as usize;
  const count = load<u32>(layer, layerPastValueCount);
  for (let index: u32 = 0; index < count; index++) {
    const kept = load<u32>(pairs + (index << 3), 4);
    memory.copy(scratch + load<u32>(own + (index << 2)), scratch + kept + slot * bytes, bytes);
  }
}
