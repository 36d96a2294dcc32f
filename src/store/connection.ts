/** One connection to a database file: opened with care, statements prepared once, every write one transaction. */
import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { LocusError } from '../errors.js';
import { makeFolder } from '../node/make-folder.js';
import { parseParameters, toColumn } from './canonical-json.js';
import { applicationId, migrations } from './schema.js';
import { isSqliteError, openSqlite } from './sqlite.js';
import { explainErrors, isStorageFailure } from './store-error.js';

export const journals = ['wal', 'delete'] as const;
/** `wal`: readers and a writer work at once, by files beside it; `delete`: everything is in one file. */
export type Journal = (typeof journals)[number];

export interface ConnectionOptions {
  /** Opens an existing file for reading only. */
  readonly readonly?: boolean;
  /** How long to wait for another process that is writing [ms]. Default: 20 000. */
  readonly busyTimeout?: number;
  /** How the file keeps changes until they are whole. Default: as it is; `wal` for a new one. */
  readonly journal?: Journal;
  /** Called once, in the transaction that makes the tables of a new file. */
  readonly onCreate?: (connection: Connection) => void;
}

/** [ms] */
const defaultBusyTimeout = 20_000;
const retryInterval = 5;

export class Connection {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  private constructor(
    readonly path: string,
    database: Database.Database,
    options: ConnectionOptions,
  ) {
    this.#database = database;
    try {
      explainErrors(path, () => this.#prepareFile(options));
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /**
   * Opens the database at `path`, makes it (and its folder) where none is, and brings an older one up to date: in one transaction,
   * or for reading only in a copy in memory.
   *
   * @throws LocusError `STORE_VERSION` for a file from a newer version, which is left as it is; `STORE_CORRUPT` for a file
   *   that is no database of Locus; `STORE_UNAVAILABLE` where the file or folder cannot be used
   */
  static open(path: string, options: ConnectionOptions = {}): Connection {
    const existing = sideFiles(path).filter((file) => existsSync(file));
    try {
      return Connection.#openFile(path, options);
    } catch (error) {
      if (isStorageFailure(error)) removeEmptyFiles(path, existing);
      throw error;
    }
  }

  static #openFile(path: string, options: ConnectionOptions): Connection {
    const database = explainErrors(path, () => openFile(path, options));
    if (options.readonly && isOlder(path, database)) {
      database.close();
      const copy = Connection.copyInMemory(path);
      copy.#database.pragma('query_only = ON');
      return copy;
    }
    return new Connection(path, database, options);
  }

  /** What a new database at `path` would hold, in memory; there is no file. */
  static openNew(path: string, onCreate: (connection: Connection) => void): Connection {
    return new Connection(path, openSqlite(':memory:'), { journal: 'delete', onCreate });
  }

  /** A copy of the database at `path` in memory, brought up to date; the file is only read. */
  static copyInMemory(path: string): Connection {
    const image = explainErrors(path, () => {
      const source = openFile(path, { readonly: true });
      try {
        // Asked first, because `serialize` would call damage a lack of memory.
        if (source.pragma('user_version', { simple: true }) === 0) throw notOfLocus(path);
        return source.serialize();
      } finally {
        source.close();
      }
    });
    // Memory has no write-ahead log: the header's two journal versions say so, as SQLite asks for.
    image.fill(1, 18, 20);
    return new Connection(path, openSqlite(image), { journal: 'delete' });
  }

  /** The statement of an SQL text, prepared at its first use. */
  sql<Row = unknown>(text: string): Database.Statement<unknown[], Row> {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement as Database.Statement<unknown[], Row>;
  }

  /** Runs `action` on one unchanging state of the database. */
  read<T>(action: () => T): T {
    return explainErrors(this.path, () => this.#database.transaction(action).deferred());
  }

  /** Runs `action` as one transaction: all of it is stored, or, on any error or kill, nothing. */
  write<T>(action: () => T): T {
    return explainErrors(this.path, () => this.#database.transaction(action).immediate());
  }

  /** Gives the file's free pages back to the disk, in steps that need little room themselves. */
  compact(): void {
    explainErrors(this.path, () => {
      for (let before = Infinity, free = this.#pragma('freelist_count'); free > 0 && free < before; ) {
        this.#database.pragma('wal_checkpoint(PASSIVE)');
        this.#database.pragma('incremental_vacuum(64)');
        before = free;
        free = this.#pragma('freelist_count');
      }
    });
  }

  /** What SQLite's own check of the file finds; empty if nothing is wrong. */
  findFileDamage(): string[] {
    const rows = explainErrors(this.path, () =>
      this.sql<{ integrity_check: string }>('PRAGMA integrity_check').all(),
    );
    return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
  }

  close(): void {
    this.#database.close();
  }

  #prepareFile(options: ConnectionOptions): void {
    if (options.journal === 'delete') {
      // Such a connection needs no shared memory, even for a file that has a write-ahead log.
      this.#database.pragma('locking_mode = EXCLUSIVE');
    }
    // On one state of the file, for another process may just be making its tables.
    const version = this.#database.transaction(() => this.#identify()).deferred();
    this.#database.pragma('foreign_keys = ON');
    // Committed means on the disk, not only in the operating system's memory.
    this.#database.pragma('synchronous = FULL');
    this.#database.function('locus_parameter', { deterministic: true }, readParameter);
    if (version > 0 && options.journal && !options.readonly) this.#setJournal(options.journal, options);
    if (version === migrations.length) return;
    if (options.readonly) {
      throw new LocusError(
        'STORE_VERSION',
        `${this.path} has schema version ${version}, expected ${migrations.length}: open it once for writing to bring it up to date`,
      );
    }
    if (version === 0) this.#setFileFormat(options);
    this.#migrate(options);
  }

  /** The schema version of the file, 0 for a new one, without touching it. */
  #identify(): number {
    const version = this.#pragma('user_version');
    const application = this.#pragma('application_id');
    const isNew =
      application === 0 && version === 0 && this.sql('SELECT 1 FROM sqlite_schema').get() === undefined;
    if (application !== applicationId && !isNew) {
      throw notOfLocus(this.path);
    }
    if (version > migrations.length) {
      throw new LocusError(
        'STORE_VERSION',
        `${this.path} has schema version ${version}, this version of Locus knows ${migrations.length}: upgrade Locus. The file was left as it is.`,
      );
    }
    return version;
  }

  #setFileFormat(options: ConnectionOptions): void {
    // Lets `compact` shrink the file.  Counts only before the first page is written.
    this.#database.pragma('auto_vacuum = INCREMENTAL');
    this.#setJournal(options.journal ?? 'wal', options);
  }

  #setJournal(journal: Journal, { busyTimeout = defaultBusyTimeout }: ConnectionOptions): void {
    // Where two processes make the file at once, SQLite refuses one of them without waiting.
    for (let waited = 0; ; waited += retryInterval) {
      try {
        this.#database.pragma(`journal_mode = ${journal}`);
        if (journal === 'delete') {
          this.#database.pragma('locking_mode = NORMAL');
          // The lock goes with the next reading.
          this.#database.prepare('SELECT 1 FROM sqlite_schema').get();
        }
        return;
      } catch (error) {
        if (!isBusy(error) || waited >= busyTimeout) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryInterval);
      }
    }
  }

  #migrate({ onCreate }: ConnectionOptions): void {
    const migrate = this.#database.transaction(() => {
      // Another process may have been faster.
      const version = this.#identify();
      for (const step of migrations.slice(version)) {
        if (typeof step === 'string') this.#database.exec(step);
        else step(this.#database);
      }
      this.#database.pragma(`user_version = ${migrations.length}`);
      if (version === 0) onCreate?.(this);
    });
    migrate.immediate();
  }

  #pragma(name: string): number {
    return this.#database.pragma(name, { simple: true }) as number;
  }
}

function openFile(
  path: string,
  { readonly = false, busyTimeout = defaultBusyTimeout }: ConnectionOptions,
): Database.Database {
  if (!readonly) makeFolder(dirname(path));
  if (readonly && !existsSync(path)) {
    throw new LocusError('STORE_UNAVAILABLE', `${path}: expected a database, found no such file`);
  }
  return openSqlite(path, { readonly, fileMustExist: readonly, timeout: busyTimeout });
}

/** The file and those that SQLite puts beside it. */
function sideFiles(path: string): string[] {
  return ['', '-wal', '-shm', '-journal'].map((suffix) => path + suffix);
}

/** A file of SQLite without tables: its header alone. */
const emptyFileSize = 4096;

/** Takes back what an attempt to open left behind: the files that were not there, if nothing was stored in them. */
function removeEmptyFiles(path: string, existing: readonly string[]): void {
  if (existsSync(path) && !existing.includes(path) && statSync(path).size > emptyFileSize) return;
  for (const file of sideFiles(path)) {
    if (existing.includes(file) || !existsSync(file)) continue;
    if (!existing.includes(path) || file.endsWith('-shm') || statSync(file).size === 0) rmSync(file);
  }
}

function isOlder(path: string, database: Database.Database): boolean {
  const version = explainErrors(path, () => database.pragma('user_version', { simple: true }) as number);
  return version > 0 && version < migrations.length;
}

function isBusy(error: unknown): boolean {
  return isSqliteError(error) && error.code.startsWith('SQLITE_BUSY');
}

function notOfLocus(path: string): LocusError {
  return new LocusError(
    'STORE_CORRUPT',
    `${path} is empty or a database of another program, not one of Locus`,
  );
}

/** One parameter out of the canonical JSON, to the bit; for SQL. */
function readParameter(parameters: unknown, name: unknown): number | string | null {
  return toColumn(parseParameters(String(parameters))[String(name)]);
}
