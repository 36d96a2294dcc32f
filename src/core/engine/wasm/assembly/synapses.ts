/** Synapse models: which sources and rows a step visits, and what their synapses draw. The arithmetic of a visit is emitted. */
import { fillBlocks } from './draws';
import {
  connectionEntryTarget,
  connectionIdentity,
  connectionModel,
  connectionRow,
  connectionRowLength,
  connectionSources,
  connectionStart,
  drawOffset,
  drawRecordSize,
  layerSize,
  modelAddresses,
  modelArrayCount,
  modelArrays,
  modelEntries,
  modelFirstRow,
  modelPassCount,
  modelPassDrawCount,
  modelPassDraws,
  modelPasses,
  modelPassOfSpikes,
  modelPassRecordSize,
  modelPassRows,
  modelPassSources,
  modelStateCount,
  modelStates,
} from './layout';
import { addVisit, beginVisits, locateArrays, resetStates, visit, visitWaiting } from './visits';

/** Gives the state of sources and synapses its initial values. */
export function resetModel(connection: usize, scratch: usize): void {
  const model = load<u32>(connection, connectionModel) as usize;
  locateArrays(load<u32>(model, modelArrays), load<u32>(model, modelArrayCount), load<u32>(model, modelAddresses), scratch);
  resetStates(load<u32>(model, modelStates), load<u32>(model, modelStateCount), scratch);
}

/** A step of a connection's synapses: changes their state, and adds what they send to the target's input, sources ascending. */
export function deliver(
  connection: usize,
  source: usize,
  scratch: usize,
  t: i32,
  spikes: usize,
  nSpikes: u32,
): void {
  const model = load<u32>(connection, connectionModel) as usize;
  const table = scratch + load<u32>(model, modelAddresses);
  const passes = load<u32>(model, modelPasses) as usize;
  const nPasses = load<u32>(model, modelPassCount);
  for (let index: u32 = 0; index < nPasses; index++) {
    const pass = passes + index * modelPassRecordSize;
    const ofSpikes = load<u32>(pass, modelPassOfSpikes) != 0;
    if (ofSpikes && nSpikes == 0) continue;
    const sources = load<i32>(pass, modelPassSources);
    const first = ofSpikes ? spikes : 0;
    const end = first + ((ofSpikes ? nSpikes : load<u32>(source, layerSize)) << 2);
    if (sources >= 0) visit(sources, table, first, end, 0, 0);
    if (load<i32>(pass, modelPassRows) < 0) continue;
    beginVisits(table, 0, scratch + load<u32>(model, modelEntries));
    const n = ofSpikes ? nSpikes : load<u32>(connection, connectionSources);
    for (let i: u32 = 0; i < n; i++) {
      visitRows(connection, model, pass, scratch, t, ofSpikes ? load<u32>(spikes + (i << 2)) : i);
    }
    visitWaiting();
  }
}

/** All rows of a source. */
function visitRows(connection: usize, model: usize, pass: usize, scratch: usize, t: i32, neuron: u32): void {
  if (load<u32>(connection, connectionIdentity)) {
    visitRow(connection, model, pass, scratch, t, neuron, neuron, 0);
    return;
  }
  const rows = load<u32>(connection, connectionRow) as usize;
  const targets = load<u32>(connection, connectionEntryTarget) as usize;
  const start = load<u32>(connection, connectionStart) + (neuron << 2);
  const end = load<u32>(start, 4) << 2;
  for (let entry = load<u32>(start) << 2; entry < end; entry += 4) {
    visitRow(connection, model, pass, scratch, t, neuron, load<u32>(rows + entry), load<u32>(targets + entry));
  }
}

// @ts-ignore: decorator
@inline
function visitRow(
  connection: usize,
  model: usize,
  pass: usize,
  scratch: usize,
  t: i32,
  source: u32,
  row: u32,
  target: u32,
): void {
  const rowBytes = load<u32>(connection, connectionRowLength) << 2;
  const nDraws = load<u32>(pass, modelPassDrawCount);
  const draws = load<u32>(pass, modelPassDraws) as usize;
  for (let index: u32 = 0; index < nDraws; index++) {
    const draw = draws + index * drawRecordSize;
    const nBlocks = rowBytes >> 4;
    const first = (load<u32>(model, modelFirstRow) + row) * nBlocks;
    fillBlocks(draw, scratch + load<u32>(draw, drawOffset), t, first, nBlocks);
  }
  addVisit(load<u32>(pass, modelPassRows), 0, row * rowBytes, source, target, rowBytes, 0);
  // The next row draws into the same room.
  if (nDraws != 0) visitWaiting();
}
