/** SQLite, the package better-sqlite3: loaded when the first database opens, for its native part takes time and may be missing. */
import type Database from 'better-sqlite3';
import { LocusError } from '../errors.js';
import { requirePackage } from '../node/require-package.js';

let loaded: typeof Database | undefined;

/**
 * Opens a file, or a database in memory from the bytes of one.
 *
 * @throws LocusError `STORE_UNAVAILABLE` where better-sqlite3 cannot be loaded; else what better-sqlite3 throws
 */
export function openSqlite(source: string | Buffer, options?: Database.Options): Database.Database {
  loaded ??= loadSqlite();
  return new loaded(source, options);
}

/** Whether SQLite reported this error; before any database was open, it cannot have. */
export function isSqliteError(error: unknown): error is InstanceType<typeof Database.SqliteError> {
  return loaded !== undefined && error instanceof loaded.SqliteError;
}

function loadSqlite(): typeof Database {
  try {
    const sqlite = requirePackage('better-sqlite3');
    // The package loads its native part with its first database.
    new sqlite(':memory:').close();
    return sqlite;
  } catch (cause) {
    throw new LocusError('STORE_UNAVAILABLE', explainMissing(cause as NodeJS.ErrnoException), { cause });
  }
}

function explainMissing({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'MODULE_NOT_FOUND') {
    return 'The database needs the package better-sqlite3, which is not installed. Run: npm install better-sqlite3';
  }
  // Where the file is missing, a list of all places follows in which it was looked for.
  const reason = message.split(' Tried:')[0].replaceAll('\n', ' ');
  return (
    `The database needs the native part of better-sqlite3, which Node.js ${process.version} cannot load. ` +
    `Run: npm rebuild better-sqlite3 (${reason})`
  );
}
