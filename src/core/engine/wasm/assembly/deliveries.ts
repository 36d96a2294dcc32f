/** What reaches targets beside the rows of spiking sources: biases, means of spikes, and the spikes of sources with the highest rates. */
import {
  connectionBias,
  connectionEntryTarget,
  connectionFanInRow,
  connectionFanInSource,
  connectionFanInStart,
  connectionIdentity,
  connectionInput,
  connectionRateDecay,
  connectionRates,
  connectionRecordSize,
  connectionRow,
  connectionRowLength,
  connectionRows,
  connectionSourceSize,
  connectionStart,
  connectionTarget,
  connectionWeights,
  layerSize,
  shardConnectionCount,
  shardConnections,
} from './layout';
import { addMultiple, propagateSpikes } from './propagate';

/** Adds to the inputs of a layer what its connections give it in every step. */
export function addBiases(shard: usize, scratch: usize, index: u32, layer: usize): void {
  const nConnections = load<u32>(shard, shardConnectionCount);
  const bytes = (load<u32>(layer, layerSize) as usize) << 2;
  for (let c: u32 = 0; c < nConnections; c++) {
    const connection = load<u32>(shard, shardConnections) + c * connectionRecordSize;
    const bias = load<u32>(connection, connectionBias) as usize;
    if (bias == 0 || load<u32>(connection, connectionTarget) != index) continue;
    const input = scratch + load<u32>(connection, connectionInput);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(input + at, f32x4.add(v128.load(input + at), v128.load(bias + at)));
    }
  }
}

/** Adds the rows of all positions, row p onto position p, times the share of sources that spike. */
export function propagateMean(connection: usize, nSpikes: u32, input: usize): void {
  if (nSpikes == 0) return;
  const weights = load<u32>(connection, connectionWeights) as usize;
  const bytes = (load<u32>(connection, connectionRows) * load<u32>(connection, connectionRowLength)) << 2;
  const mean = f32x4.splat(((nSpikes as f64) / (load<u32>(connection, connectionSourceSize) as f64)) as f32);
  addMultiple(weights, bytes, mean, input);
}

/** A step of max pooling: rates follow the spikes, then the rows of winners that spike are added, sources ascending. */
export function propagateMax(
  connection: usize,
  source: usize,
  scratch: usize,
  spikes: usize,
  nSpikes: u32,
  input: usize,
): void {
  const rates = scratch + load<u32>(connection, connectionRates);
  const bytes = (load<u32>(source, layerSize) as usize) << 2;
  const decay = v128.load32_splat(connection, connectionRateDecay);
  for (let at: usize = 0; at < bytes; at += 16) {
    const rate = v128.load(rates + at);
    v128.store(rates + at, f32x4.sub(rate, f32x4.mul(decay, rate)));
  }
  const end = spikes + ((nSpikes as usize) << 2);
  for (let spike = spikes; spike < end; spike += 4) {
    const rate = rates + (load<u32>(spike) << 2);
    store<f32>(rate, load<f32>(rate) + 1);
  }
  // Every source has a row of its own.
  if (load<u32>(connection, connectionIdentity)) propagateSpikes(connection, spikes, nSpikes, input);
  else for (let spike = spikes; spike < end; spike += 4) deliverWins(connection, rates, load<u32>(spike), input);
}

/** Adds the rows of one spiking source where no other source of the row has a higher rate. */
function deliverWins(connection: usize, rates: usize, source: u32, input: usize): void {
  const weights = load<u32>(connection, connectionWeights) as usize;
  const rowLength = load<u32>(connection, connectionRowLength);
  const rows = load<u32>(connection, connectionRow) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const start = load<u32>(connection, connectionStart) + (source << 2);
  const end = load<u32>(start, 4) << 2;
  for (let entry = load<u32>(start) << 2; entry < end; entry += 4) {
    const row = load<u32>(rows + entry);
    const target = load<u32>(targets + entry);
    if (!hasHighestRate(connection, rates, source, row, target / rowLength)) continue;
    const from = weights + ((row * rowLength) << 2);
    const to = input + (target << 2);
    for (let at: usize = 0; at < rowLength << 2; at += 16) {
      v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
    }
  }
}

/** Whether no source that shares the row onto the position has a higher rate, or the same and comes first. */
function hasHighestRate(connection: usize, rates: usize, source: u32, row: u32, position: u32): bool {
  const start = load<u32>(connection, connectionFanInStart) + (position << 2);
  const sources = load<u32>(connection, connectionFanInSource) as usize;
  const rows = load<u32>(connection, connectionFanInRow) as usize;
  const own = load<f32>(rates + (source << 2));
  const end = load<u32>(start, 4) << 2;
  for (let entry = load<u32>(start) << 2; entry < end; entry += 4) {
    if (load<u32>(rows + entry) != row) continue;
    const other = load<u32>(sources + entry);
    const rate = load<f32>(rates + (other << 2));
    if (rate > own || (rate == own && other < source)) return false;
  }
  return true;
}

/** Before an image. */
export function resetRates(connection: usize, source: usize, scratch: usize): void {
  memory.fill(scratch + load<u32>(connection, connectionRates), 0, load<u32>(source, layerSize) << 2);
}
