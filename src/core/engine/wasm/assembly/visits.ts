/** What emitted kernels of rules and synapse models are given: addresses of their arrays, and rows of synapses that wait for their visit. */
import {
  entryExtent,
  entryList,
  entryRow,
  entrySize,
  entrySource,
  entryTarget,
  mostEntries,
  ruleArrayBase,
  ruleArrayIsShared,
  ruleArrayRecordSize,
  stateBytes,
  stateInitial,
  stateOffset,
  stateRecordSize,
  stateValue,
} from './layout';

/**
 * Changes the synapses of all rows from `entries` to `end`; a kernel of chosen ones those onto targets with a mark, in the listed vectors.
 */
// @ts-ignore: decorator
@external("env", "visit")
export declare function visit(
  kernel: u32,
  table: usize,
  entries: usize,
  end: usize,
  marks: usize,
  spikes: usize,
): void;

// Rows that wait for their visit: all by the same kernel.
let waitingKernel: u32 = 0;
let waitingTable: usize = 0;
let waitingMarks: usize = 0;
let waitingSpikes: usize = 0;
let firstEntry: usize = 0;
let nextEntry: usize = 0;

/**
 * @param table addresses of the arrays of the kernels
 * @param spikes marks of the targets that spike
 * @param entries room for rows that wait
 */
export function beginVisits(table: usize, spikes: usize, entries: usize): void {
  waitingTable = table;
  waitingSpikes = spikes;
  firstEntry = entries;
  nextEntry = entries;
}

/** Whether rows wait. */
export function areWaiting(): bool {
  return nextEntry != firstEntry;
}

export function visitWaiting(): void {
  if (nextEntry == firstEntry) return;
  visit(waitingKernel, waitingTable, firstEntry, nextEntry, waitingMarks, waitingSpikes);
  nextEntry = firstEntry;
}

/** Lets a row wait. `extent` is that of the row, or of the list [bytes]. */
// @ts-ignore: decorator
@inline
export function addVisit(
  kernel: u32,
  marks: usize,
  row: u32,
  source: u32,
  target: u32,
  extent: u32,
  list: usize,
): void {
  if (kernel != waitingKernel || marks != waitingMarks || nextEntry == firstEntry + mostEntries * entrySize) {
    visitWaiting();
    waitingKernel = kernel;
    waitingMarks = marks;
  }
  store<u32>(nextEntry, row, entryRow);
  store<u32>(nextEntry, source << 2, entrySource);
  store<u32>(nextEntry, target << 2, entryTarget);
  store<u32>(nextEntry, extent, entryExtent);
  store<u32>(nextEntry, list as u32, entryList);
  nextEntry += entrySize;
}

/** Writes the addresses of the arrays that kernels read and write to the scratch offset `table`. */
export function locateArrays(arrays: usize, count: u32, table: usize, scratch: usize): void {
  for (let index: u32 = 0; index < count; index++) {
    const array = arrays + index * ruleArrayRecordSize;
    const base = load<u32>(array, ruleArrayBase);
    const address = load<u32>(array, ruleArrayIsShared) ? base : ((scratch + base) as u32);
    store<u32>(scratch + table + (index << 2), address);
  }
}

/** Gives state that no image outlives its initial values. */
export function resetStates(states: usize, count: u32, scratch: usize): void {
  for (let index: u32 = 0; index < count; index++) {
    const state = states + index * stateRecordSize;
    const values = scratch + load<u32>(state, stateOffset);
    const bytes = load<u32>(state, stateBytes) as usize;
    const initial = load<u32>(state, stateInitial) as usize;
    if (initial != 0) {
      memory.copy(values, initial, bytes);
      continue;
    }
    const value = v128.load32_splat(state, stateValue);
    for (let at: usize = 0; at < bytes; at += 16) v128.store(values + at, value);
  }
}
