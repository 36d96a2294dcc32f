/** Repairs a database, and finds every network and checkpoint that its kind could not read. */
import { LocusError } from '../errors.js';
import { flag, readOptions, type Schema } from '../options.js';
import {
  type CleanOptions,
  type CleanReport,
  type Damage,
  type DatabaseOptions,
  databaseSchema,
  type WholeEntry,
  changeStore,
} from '../store/index.js';
import { checkEntry, proveEntry } from './check-entry.js';
import { type Sharing, startCleanThreads } from './clean-threads.js';
import { findLoadedKind } from './loaded-kinds.js';

/** What `cleanDatabase` did and found. */
export interface CleanedDatabase extends CleanReport {
  /** Types of networks that no loaded kind knows: their records are left alone. */
  readonly unknownTypes: readonly string[];
  /** What could not be checked for a name that is not known here, as that of a data set from elsewhere: it is left alone. */
  readonly unchecked: readonly Damage[];
}

export type CleanDatabaseOptions = Pick<CleanOptions, 'dropCorrupt'> & DatabaseOptions;

const schema: Schema<CleanDatabaseOptions> = { ...databaseSchema, dropCorrupt: flag };

/**
 * Repairs the database: drops orphans, makes names, hashes and columns follow from the parameters, verifies every checksum, and
 * checks networks and checkpoints as their kinds do when they read them. What is damaged beyond repair is reported, and deleted
 * only with `dropCorrupt`.
 *
 * @throws LocusError `STORE_CORRUPT` if the file itself is damaged; else as `openStore`
 */
export function cleanDatabase(options: CleanDatabaseOptions = {}): CleanedDatabase {
  // Less is done before a thread has started.
  return cleanInThreads(options, { from: 32 * 2 ** 20, mostThreads: 4 });
}

/** As `cleanDatabase`; the report does not depend on who shares the work. */
export function cleanInThreads(options: CleanDatabaseOptions, sharing: Sharing): CleanedDatabase {
  const { database, dropCorrupt } = readOptions('cleanDatabase', schema, options);
  const unknownTypes = new Set<string>();
  const unchecked: Damage[] = [];
  const check = (entry: WholeEntry) => {
    const type = String(entry.parameters.network_type);
    const kind = findLoadedKind(type);
    if (!kind) {
      unknownTypes.add(type);
      return;
    }
    try {
      checkEntry(entry, kind);
    } catch (error) {
      if (!(error instanceof LocusError && error.code === 'UNKNOWN_NAME')) throw error;
      unchecked.push({ kind: entry.kind, name: entry.name, problem: error.message });
    }
  };
  const report = changeStore(database, (store) => {
    const threads = startCleanThreads(store.path, sharing);
    try {
      return store.clean({ dropCorrupt, check }, threads && { threads, prove: proveEntry });
    } finally {
      threads?.end();
    }
  });
  return { ...report, unknownTypes: [...unknownTypes], unchecked };
}

export { cleanDatabase as clean_database };
