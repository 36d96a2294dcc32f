/** The database of networks: one file, every method one transaction. */
import { existsSync } from 'node:fs';
import { LocusError } from '../errors.js';
import {
  callback,
  count,
  custom,
  filledText,
  flag,
  list,
  nullable,
  oneOf,
  readOptions,
  type Schema,
} from '../options.js';
import { type Ancestor, listAncestors } from './ancestors.js';
import { describeArray, maxBlobHeaderLength } from './array-blob.js';
import { canonicalJson, sha224 } from './canonical-json.js';
import {
  type Checkpoint,
  type CheckpointInput,
  type CheckpointSummary,
  listCheckpoints,
  readCheckpoint,
  writeCheckpoint,
} from './checkpoint-table.js';
import { type CleanHelp, cleanStore, type CleanOptions, type CleanReport } from './clean.js';
import { Connection, type Journal, journals } from './connection.js';
import { defaultDatabasePath, resolveDatabasePath, shippedDatabasePath } from './database-path.js';
import { buildQueryEnd, type ListOptions, type QueryEnd, resolveColumns } from './network-query.js';
import {
  checkName,
  checkNetwork,
  type NetworkInput,
  type NetworkRecord,
  type NetworkSummary,
} from './network-record.js';
import {
  asBlob,
  encodeArrays,
  findNetwork,
  networkArrays,
  type NetworkRow,
  readArrays,
  readMeta,
  setName,
  type SurveyEntry,
  summaryColumns,
  surveyRow,
  toParameterColumns,
  toSummary,
  writeArrays,
  writeScores,
} from './network-rows.js';
import { toPlainJson } from './plain-json.js';
import { deleteResults, listResults, type Result, type ResultInput, writeResult } from './result-table.js';
import { copyAllNetworks, exportInto } from './transfer.js';

export interface StoreOptions {
  /** Opens an existing database for reading only. */
  readonly readonly?: boolean;
  /** A database whose networks a new one starts with; it is only read. Default: for the default path, those that come with Locus. */
  readonly seedFrom?: string;
  /** How long to wait for another process that is writing [ms]. Default: 20 000. */
  readonly busyTimeout?: number;
  /**
   * How the file keeps its changes until they are whole, from now on: `wal` lets readers and a writer work at once, `delete` makes
   * them wait for each other, and works where a file system has no shared memory (sshfs, some NFS). Default: as the file is; `wal`
   * for a new one.
   */
  readonly journal?: Journal;
  /** The time that rows are dated with. */
  readonly now?: () => Date;
}

export interface SaveOptions {
  /**
   * Whether to replace a network of the same name, which keeps its date of creation; a function decides on the network that it
   * is given, within the transaction. Default: false.
   */
  readonly overwrite?: boolean | ((stored: NetworkView) => boolean);
  /** The key of the checkpoint that the network was finished from: deleted in the same transaction. */
  readonly finishes?: string;
  /** The name that the same network (the same hash) had until now: its row goes, in the same transaction. */
  readonly replaces?: string | null;
}

const storeSchema: Schema<StoreOptions> = {
  readonly: flag,
  seedFrom: filledText,
  busyTimeout: count({ least: 0, most: 2 ** 31 - 1, unit: 'ms' }),
  journal: oneOf(journals),
  now: callback(),
};

const saveSchema: Schema<SaveOptions> = {
  overwrite: custom('to be true, false or a function', (value) =>
    ['boolean', 'function'].includes(typeof value),
  ),
  finishes: filledText,
  replaces: nullable(filledText),
};

const exportSchema: Schema<{ overwrite?: boolean }> = { overwrite: flag };

/** What `view` tells of one array. */
export interface ArraySummary {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Compressed size in the database [bytes]. */
  readonly storedBytes: number;
}

/** A network without the contents of its arrays. */
export interface NetworkView extends NetworkSummary {
  readonly arrays: Readonly<Record<string, ArraySummary>>;
  readonly meta: NetworkRecord['meta'];
}

/** What `survey` finds. */
export interface Survey {
  readonly entries: readonly SurveyEntry[];
  /** Networks that fit the filter, those beyond the limit too. */
  readonly total: number;
}

/**
 * Opens a database, by default the one of the project (`networks/networks.db`, or where `LOCUS_DB` says), and makes it if
 * there is none.
 *
 * @throws LocusError `STORE_VERSION` for a file from a newer version, which is left as it is; `STORE_CORRUPT` for a file
 *   that is no database of Locus; `STORE_UNAVAILABLE` where the file or folder cannot be used
 */
export function openStore(path?: string, given: StoreOptions = {}): NetworkStore {
  const options = readOptions('openStore', storeSchema, given);
  const file = resolveDatabasePath('openStore', path ?? defaultDatabasePath());
  const seed =
    options.seedFrom === undefined ? findSeed(path) : resolveDatabasePath('openStore', options.seedFrom);
  const connection = Connection.open(file, {
    readonly: options.readonly,
    journal: options.journal,
    busyTimeout: options.busyTimeout,
    onCreate: (target) => {
      if (seed !== undefined) copyAllNetworks(seed, target);
    },
  });
  return new NetworkStore(connection, options.now ?? (() => new Date()));
}

/**
 * As `openStore`, for reading: no file is made. A project without a database reads as what its new one would hold.
 *
 * @throws LocusError `STORE_UNAVAILABLE` where there is no file at a path that is given
 */
export function openToRead(path?: string): NetworkStore {
  checkStoreExists(path);
  const file = resolveDatabasePath('openStore', path ?? defaultDatabasePath());
  if (existsSync(file)) return openStore(path);
  const seed = findSeed(path);
  const connection = Connection.openNew(file, (target) => {
    if (seed !== undefined) copyAllNetworks(seed, target);
  });
  return new NetworkStore(connection, () => new Date());
}

/** @throws LocusError `STORE_UNAVAILABLE` where there is no file at a path that is given */
export function checkStoreExists(path: string | undefined): void {
  if (path === undefined) return;
  const file = resolveDatabasePath('openStore', path);
  if (existsSync(file)) return;
  throw new LocusError('STORE_UNAVAILABLE', `${file}: expected a database, found no such file`);
}

/** The database whose networks the new one of a project starts with. */
function findSeed(path: string | undefined): string | undefined {
  const isProjectDatabase = path === undefined && !process.env.LOCUS_DB;
  return isProjectDatabase && existsSync(shippedDatabasePath()) ? shippedDatabasePath() : undefined;
}

/** An open database; `openStore` makes one.  Safe to use from several processes at once. */
export class NetworkStore {
  readonly #connection: Connection;
  readonly #now: () => string;

  constructor(connection: Connection, now: () => Date) {
    this.#connection = connection;
    this.#now = () => now().toISOString();
  }

  /** Absolute path of the file. */
  get path(): string {
    return this.#connection.path;
  }

  /**
   * Stores a network under its name, or else its hash, and returns that name.
   *
   * @throws LocusError `NAME_TAKEN` if there is a network of that name and `overwrite` is not set; `INVALID_ARGUMENT` for
   *   what cannot be stored without loss; `STORE_UNAVAILABLE` if the disk is full or read-only.  Nothing is stored then.
   */
  save(network: NetworkInput, options: SaveOptions = {}): string {
    const { overwrite = false, finishes, replaces } = readOptions('save network', saveSchema, options);
    checkNetwork(network);
    const parameters = canonicalJson(network.parameters);
    const hash = sha224(parameters);
    const name = network.name ?? hash;
    const blobs = encodeArrays(network.arrays, `network "${name}"`, 6);
    const values = {
      name,
      hash,
      name_given: Number(name !== hash),
      parameters,
      ...toParameterColumns(network.parameters),
      n_parameters: network.nParameters,
      n_output: network.nOutput,
      dataset_hash: network.datasetHash,
      state_hash: network.stateHash,
      parent: network.parent,
      code_version: network.codeVersion,
      meta: toPlainJson(network.meta, 'meta'),
      updated: this.#now(),
    };
    this.#connection.write(() => {
      const id = this.#writeRow(values, network.created, overwrite);
      writeScores(this.#connection, id, network.scores);
      writeArrays(this.#connection, networkArrays, id, blobs);
      if (finishes !== undefined) this.#connection.sql('DELETE FROM checkpoints WHERE key = ?').run(finishes);
      if (replaces) {
        this.#connection
          .sql('DELETE FROM networks WHERE name = ? AND hash = ? AND id <> ?')
          .run(replaces, hash, id);
      }
    });
    return name;
  }

  /**
   * The network that `name` means: its name, a name that it had before, its hash, or the beginning (6 characters or more) of one.
   *
   * @throws LocusError `NOT_FOUND` if that is none or several; `STORE_CORRUPT` naming what is damaged
   */
  load(name: string): NetworkRecord {
    return this.#connection.read(() => {
      const row = this.#find(name);
      const place = `network "${row.name}"`;
      return {
        ...toSummary(this.#connection, row),
        arrays: readArrays(this.#connection, networkArrays, row.id, place),
        meta: readMeta(row),
      };
    });
  }

  /** The network that `name` means, with the shapes of its arrays in place of their contents; errors as `load`. */
  view(name: string): NetworkView {
    return this.#connection.read(() => this.#viewRow(this.#find(name)));
  }

  /** The network that has exactly this name, as `view` gives it, or undefined. */
  viewNamed(name: string): NetworkView | undefined {
    return this.#connection.read(() => {
      const id = this.#connection.sql<number>('SELECT id FROM networks WHERE name = ?').pluck().get(name);
      return id === undefined ? undefined : this.#viewRow(this.#readRow({ id, name }));
    });
  }

  /** The networks that the one that `name` means goes back to, its parent first; errors as `load`. */
  ancestors(name: string): Ancestor[] {
    return this.#connection.read(() =>
      listAncestors(this.#connection, findNetwork(this.#connection, name).id),
    );
  }

  /** Networks without their arrays; errors as `ListOptions` and `load`. */
  list(options: ListOptions = {}): NetworkSummary[] {
    return this.#connection.read(() => {
      const rows = this.#readRows(summaryColumns, buildQueryEnd(this.#connection, options));
      return rows.map((row) => toSummary(this.#connection, row));
    });
  }

  /**
   * The same as `list`, but a damaged network does not hide the others, and those that were stored last come instead of the first
   * where `limit` leaves some out of an unsorted list; errors as `ListOptions`.
   */
  survey(options: ListOptions = {}): Survey {
    return this.#connection.read(() => {
      const takesLast = options.sort === undefined;
      const query = buildQueryEnd(this.#connection, options, takesLast);
      const rows = this.#readRows([...summaryColumns, 'meta'], query);
      if (takesLast) rows.reverse();
      const total = this.#connection
        .sql<number>(`SELECT count(*) FROM view_networks v ${query.where}`)
        .pluck()
        .get(...query.values);
      return { entries: rows.map((row) => surveyRow(this.#connection, row)), total: total ?? 0 };
    });
  }

  /** The published names of columns, which may be spelled as in a filter; errors as there. */
  resolveColumns(names: readonly string[]): string[] {
    return this.#connection.read(() => resolveColumns(this.#connection, names));
  }

  /**
   * Deletes the network that `name` means and returns its whole name.
   *
   * @throws LocusError `NOT_FOUND` if that is none or several
   */
  delete(name: string): string {
    return this.#connection.write(() => {
      const found = findNetwork(this.#connection, name);
      this.#connection.sql('DELETE FROM networks WHERE id = ?').run(found.id);
      return found.name;
    });
  }

  /**
   * Gives the network that `name` means another name; its hash still finds it.  Renaming it to its hash takes the given name back.
   *
   * @throws LocusError `NAME_TAKEN` if another network has, or is found by, the new name; `NOT_FOUND`; `INVALID_ARGUMENT`
   */
  rename(name: string, newName: string): void {
    checkName(newName, 'rename network');
    this.#connection.write(() => {
      const { id, name: oldName, hash } = this.#find(name);
      const other = this.#connection
        .sql<string>(
          `SELECT name FROM networks WHERE id <> @id AND (name = @name OR @name <> @hash AND
             (hash = @name OR id = (SELECT network FROM aliases WHERE alias = @name)))`,
        )
        .pluck()
        .get({ id, name: newName, hash });
      if (other !== undefined) {
        throw new LocusError(
          'NAME_TAKEN',
          `rename network "${oldName}": "${newName}" already means the network "${other}"`,
        );
      }
      setName(this.#connection, id, newName, newName !== hash);
    });
  }

  /** Repairs the database: drops orphans, makes names, hashes and columns follow from the parameters, verifies every checksum. */
  clean(options: CleanOptions = {}, help?: CleanHelp): CleanReport {
    return cleanStore(this.#connection, options, help);
  }

  /**
   * Writes the networks that `names` mean into a new database at `path`: one compact file to hand on.
   *
   * @throws LocusError `NAME_TAKEN` if there is a file and `overwrite` is not set; else as `load` and `openStore`
   */
  exportNetworks(names: readonly string[], path: string, options: { overwrite?: boolean } = {}): void {
    const { overwrite = false } = readOptions('exportNetworks', exportSchema, options);
    list(filledText)('exportNetworks', 'names', names);
    exportInto(this.#connection, names, resolveDatabasePath('exportNetworks', path), overwrite);
  }

  /** Stores unfinished work under `key`, in the place of what was there. Errors as `save`. */
  saveCheckpoint(key: string, checkpoint: CheckpointInput): void {
    writeCheckpoint(this.#connection, key, checkpoint, this.#now());
  }

  /**
   * The checkpoint under `key`, or undefined if there is none.
   *
   * @throws LocusError `STORE_CORRUPT` naming what is damaged
   */
  loadCheckpoint(key: string): Checkpoint | undefined {
    return readCheckpoint(this.#connection, key);
  }

  /** Deletes the checkpoint under `key`; whether there was one. */
  deleteCheckpoint(key: string): boolean {
    return this.#connection.write(
      () => this.#connection.sql('DELETE FROM checkpoints WHERE key = ?').run(key).changes > 0,
    );
  }

  listCheckpoints(): CheckpointSummary[] {
    return listCheckpoints(this.#connection);
  }

  /** Stores the result of an experiment's item, in the place of an earlier one. Errors as `save`; `NOT_FOUND` for its network. */
  saveResult(result: ResultInput): void {
    writeResult(this.#connection, result, this.#now());
  }

  /** The results of one experiment, or of all, by experiment and item. */
  listResults(experiment?: string): Result[] {
    return listResults(this.#connection, experiment);
  }

  /** @throws LocusError `NOT_FOUND` if the experiment has no result (of this item) */
  deleteResults(experiment: string, item?: string): void {
    deleteResults(this.#connection, experiment, item);
  }

  close(): void {
    this.#connection.close();
  }

  #readRows(names: readonly string[], { where, order, values }: QueryEnd): NetworkRow[] {
    const columns = names.map((name) => `n.${name}`).join(', ');
    return this.#connection
      .sql<NetworkRow>(
        `SELECT ${columns} FROM view_networks v JOIN networks n ON n.id = v.id ${where} ${order}`,
      )
      .all(...values);
  }

  #find(name: string): NetworkRow {
    return this.#readRow(findNetwork(this.#connection, name));
  }

  #readRow({ id, name }: { readonly id: number; readonly name: string }): NetworkRow {
    const columns = [...summaryColumns, 'meta'].join(', ');
    const row = this.#connection.sql<NetworkRow>(`SELECT ${columns} FROM networks WHERE id = ?`).get(id);
    // In a damaged file an index may know of a row that is lost.
    if (row === undefined)
      throw new LocusError('STORE_CORRUPT', `network "${name}": expected its row, got none`);
    return row;
  }

  #viewRow(row: NetworkRow): NetworkView {
    const place = `network "${row.name}"`;
    const arrays = this.#connection
      .sql<{ name: string; head: unknown; storedBytes: number }>(
        `SELECT name, substr(data, 1, ${maxBlobHeaderLength}) AS head, length(data) AS storedBytes
         FROM arrays WHERE network = ? ORDER BY rowid`,
      )
      .all(row.id)
      .map(({ name, head, storedBytes }) => {
        const at = `${place}, array "${name}"`;
        return [name, { ...describeArray(asBlob(head, at), at), storedBytes }];
      });
    return {
      ...toSummary(this.#connection, row),
      arrays: Object.fromEntries(arrays) as NetworkView['arrays'],
      meta: readMeta(row),
    };
  }

  /** Inserts or updates the row of the network, and returns its id. */
  #writeRow(
    values: Readonly<Record<string, unknown>>,
    created: string | undefined,
    overwrite: NonNullable<SaveOptions['overwrite']>,
  ): number {
    const stored = this.#connection
      .sql<{ id: number; created: string; updated: string }>(
        'SELECT id, created, updated FROM networks WHERE name = ?',
      )
      .get(values.name);
    const replaces =
      stored !== undefined &&
      (typeof overwrite === 'function'
        ? overwrite(this.#viewRow(this.#readRow({ id: stored.id, name: String(values.name) })))
        : overwrite);
    if (stored !== undefined && !replaces) {
      throw new LocusError(
        'NAME_TAKEN',
        `save network: "${String(values.name)}" is stored already (${stored.updated}); overwrite it, or rename one of the two`,
      );
    }
    const row = { ...values, created: created ?? stored?.created ?? values.updated };
    const columns = Object.keys(row);
    if (stored !== undefined) {
      const assignments = columns.map((column) => `${column} = @${column}`).join(', ');
      this.#connection
        .sql(`UPDATE networks SET ${assignments} WHERE id = @id`)
        .run({ ...row, id: stored.id });
      return stored.id;
    }
    const places = columns.map((column) => `@${column}`).join(', ');
    const insert = this.#connection.sql(`INSERT INTO networks (${columns.join(', ')}) VALUES (${places})`);
    return Number(insert.run(row).lastInsertRowid);
  }
}
