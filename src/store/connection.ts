/** One connection to a database file: opened with care, statements prepared once, every write one transaction. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { LocusError } from '../errors.js';
import { parseParameters, toColumn } from './canonical-json.js';
import { applicationId, migrations } from './schema.js';
import { isSqliteError, openSqlite } from './sqlite.js';
import { explainErrors } from './store-error.js';

export interface ConnectionOptions {
  /** Opens an existing file for reading only. */
  readonly readonly?: boolean;
  /** How long to wait for another process that is writing [ms]. Default: 20 000. */
  readonly busyTimeout?: number;
  /** How a new file is written: `wal` lets readers and a writer work at once, `delete` keeps everything in one file. */
  readonly journalMode?: 'wal' | 'delete';
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
    const database = explainErrors(path, () => openFile(path, options));
    if (options.readonly && isOlder(path, database)) {
      database.close();
      const copy = Connection.copyInMemory(path);
      copy.#database.pragma('query_only = ON');
      return copy;
    }
    return new Connection(path, database, options);
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
    return new Connection(path, openSqlite(image), { journalMode: 'delete' });
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
    // On one state of the file, for another process may just be making its tables.
    const version = this.#database.transaction(() => this.#identify()).deferred();
    this.#database.pragma('foreign_keys = ON');
    // Committed means on the disk, not only in the operating system's memory.
    this.#database.pragma('synchronous = FULL');
    this.#database.function('locus_parameter', { deterministic: true }, readParameter);
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

  #setFileFormat({ journalMode = 'wal', busyTimeout = defaultBusyTimeout }: ConnectionOptions): void {
    // Lets `compact` shrink the file.  Counts only before the first page is written.
    this.#database.pragma('auto_vacuum = INCREMENTAL');
    // Where two processes make the file at once, SQLite refuses one of them without waiting.
    for (let waited = 0; ; waited += retryInterval) {
      try {
        // Where a file system cannot share memory, SQLite keeps its rollback journal: as safe, but readers wait for writers.
        this.#database.pragma(`journal_mode = ${journalMode}`);
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
  if (!readonly && !existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true });
  if (readonly && !existsSync(path)) {
    throw new LocusError('STORE_UNAVAILABLE', `${path}: expected a database, found no such file`);
  }
  return openSqlite(path, { readonly, fileMustExist: readonly, timeout: busyTimeout });
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
