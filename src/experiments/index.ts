/** Experiments with many networks: the published table, and searches for settings. */
export { formatReproduction, reproductionMarkdown } from './format-reproduction.js';
export {
  type Axis,
  type AxisValue,
  choosePoints,
  type GridOptions,
  type GridPoint,
  searchGrid,
} from './grid.js';
export type { NetworkResult } from './network-job.js';
export {
  judge,
  type Measured,
  type Reproduction,
  type ReproduceOptions,
  reproduceTable,
  type RowSummary,
  summarizeRow,
  type Verdict,
} from './reproduce.js';
export { type PublishedAccuracy, type TableRow, tableRows } from './table-rows.js';
