/** What SQLite and the file system report, in words that say what to do. */
import { LocusError, type LocusErrorCode } from '../errors.js';
import { isSqliteError } from './sqlite.js';

const elsewhere = 'Name another place with LOCUS_DB.';

/** By the beginning of SQLite's code, the most particular first. */
const explanations: readonly [prefix: string, code: LocusErrorCode, explanation: string][] = [
  [
    'SQLITE_NOTADB',
    'STORE_CORRUPT',
    'is not a database, or its beginning is damaged. Move it away to start anew.',
  ],
  [
    'SQLITE_CORRUPT',
    'STORE_CORRUPT',
    'is damaged. Move it away, or export what still loads into a new database.',
  ],
  [
    'SQLITE_FULL',
    'STORE_UNAVAILABLE',
    'cannot grow: the disk is full. What was stored is unharmed; nothing was added.',
  ],
  [
    'SQLITE_IOERR_SHMSIZE',
    'STORE_UNAVAILABLE',
    'cannot be read or written: the disk is full or failing. What was stored stays.',
  ],
  [
    'SQLITE_IOERR_SHM',
    'STORE_UNAVAILABLE',
    'lies on a file system without shared memory, as sshfs and some NFS, and its write-ahead log needs it. ' +
      "Open it with --journal delete once (openStore(path, { journal: 'delete' })): a reader then waits while another process writes.",
  ],
  [
    'SQLITE_IOERR_LOCK',
    'STORE_UNAVAILABLE',
    `lies on a file system without file locks, and would be damaged by two processes. ${elsewhere}`,
  ],
  [
    'SQLITE_IOERR',
    'STORE_UNAVAILABLE',
    'cannot be read or written: the disk is full or failing. What was stored stays.',
  ],
  [
    'SQLITE_READONLY',
    'STORE_UNAVAILABLE',
    `cannot be written: the file or its folder is read-only. ${elsewhere}`,
  ],
  [
    'SQLITE_CANTOPEN',
    'STORE_UNAVAILABLE',
    `cannot be opened: it, or its folder, is missing or read-only. ${elsewhere}`,
  ],
  ['SQLITE_PERM', 'STORE_UNAVAILABLE', `cannot be used: permission denied. ${elsewhere}`],
  ['SQLITE_BUSY', 'STORE_UNAVAILABLE', 'is busy: another process has been writing for too long. Try again.'],
  [
    'SQLITE_LOCKED',
    'STORE_UNAVAILABLE',
    'is busy: another process has been writing for too long. Try again.',
  ],
  [
    'SQLITE_TOOBIG',
    'INVALID_ARGUMENT',
    'cannot hold an array of more than half a gigabyte after compression.',
  ],
  ['ENOSPC', 'STORE_UNAVAILABLE', `cannot be made: the disk is full. ${elsewhere}`],
  ['ENOENT', 'STORE_UNAVAILABLE', `cannot be made: its folder is missing or read-only. ${elsewhere}`],
  ['EROFS', 'STORE_UNAVAILABLE', `cannot be made: its folder is read-only. ${elsewhere}`],
  ['EACCES', 'STORE_UNAVAILABLE', `cannot be made: permission denied. ${elsewhere}`],
  ['EPERM', 'STORE_UNAVAILABLE', `cannot be made: permission denied. ${elsewhere}`],
  ['ENOTDIR', 'STORE_UNAVAILABLE', `cannot be made: a part of its path is a file. ${elsewhere}`],
  ['EEXIST', 'STORE_UNAVAILABLE', `cannot be made: a part of its path is a file. ${elsewhere}`],
];

/** The result of `action`; an error of SQLite or the file system becomes a LocusError that names the database at `path`. */
export function explainErrors<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const code = codeOf(cause);
    const [, locusCode, explanation] = explanations.find(([prefix]) => code?.startsWith(prefix)) ?? [];
    if (locusCode === undefined) throw cause;
    throw new LocusError(locusCode, `${path} ${explanation} (${code}: ${(cause as Error).message})`, {
      cause,
    });
  }
}

/** Whether the disk or its file system failed SQLite, according to an error of `explainErrors`. */
export function isStorageFailure(error: unknown): boolean {
  const code = error instanceof LocusError ? codeOf(error.cause) : undefined;
  return code !== undefined && /^SQLITE_(IOERR|FULL)/.test(code);
}

function codeOf(error: unknown): string | undefined {
  if (isSqliteError(error)) return error.code;
  const isSystemError = error instanceof Error && 'syscall' in error && 'code' in error;
  return isSystemError ? String(error.code) : undefined;
}
