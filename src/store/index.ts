/** The store: networks, checkpoints and results in one SQLite file. All SQL of Locus lies in this folder. */
export type { Ancestor } from './ancestors.js';
export {
  type ArrayDescription,
  decodeArray,
  encodeArray,
  type StoredArray,
} from './array-blob.js';
export {
  canonicalJson,
  networkName,
  type Parameters,
  type ParameterValue,
  sha224,
} from './canonical-json.js';
export type { Checkpoint, CheckpointInput, CheckpointSummary } from './checkpoint-table.js';
export type { CleanHelp, CleanOptions, CleanReport, Damage } from './clean.js';
export {
  type DatabaseEntry,
  type DatabaseOptions,
  type DatabaseCells,
  databaseSchema,
  type DatabaseRow,
  delete_network,
  deleteNetwork,
  rename_network,
  renameNetwork,
  querySchema,
  toDatabaseRow,
  view_database,
  viewAncestors,
  viewDatabase,
  viewNetwork,
  type ViewOptions,
} from './database.js';
export { defaultDatabasePath, shippedDatabasePath } from './database-path.js';
export type { ArrayData, ArrayDtype } from '../formats/element-types.js';
export { formatTable } from './format-table.js';
export type { CheckEntry, WholeEntry } from './inspect.js';
export type { FilterRange, ListOptions, NetworkFilter } from './network-query.js';
export {
  checkName,
  checkNetworkType,
  type NetworkInput,
  type NetworkRecord,
  type NetworkSummary,
  type Score,
  type Scores,
  type StoredArrays,
} from './network-record.js';
export {
  type ArraySummary,
  NetworkStore,
  type NetworkView,
  openStore,
  type SaveOptions,
  type StoreOptions,
  type Survey,
} from './network-store.js';
export type { Result, ResultInput } from './result-table.js';
export { parameterColumns, scoreMethods } from './schema.js';
export { joinSearch, type SearchThreads, type SoundSearch } from './sound-search.js';
export type { SurveyEntry } from './network-rows.js';
export { stateHash } from './state-hash.js';
export { changeStore, readStore, withStore } from './with-store.js';
