/** The paths of databases: which ones are refused, and where the database is if nobody says where. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invalidArgument } from '../errors.js';
import { filledText } from '../options.js';

const workingDatabase = join('networks', 'networks.db');
const shippedDatabase = join('networks', 'published.db');

/**
 * The absolute path of a database file.
 *
 * @param place names the caller in errors
 * @throws LocusError `INVALID_ARGUMENT` for a path that SQLite would open as another one: better-sqlite3 cuts off blanks at its
 *   end, SQLite what follows a NUL
 */
export function resolveDatabasePath(place: string, path: string): string {
  filledText(place, 'path', path);
  if (path === ':memory:') throw invalidArgument(place, 'the path of a file', path);
  if (path.trimEnd() !== path) throw invalidArgument(place, 'a path that does not end in a blank', path);
  if (path.includes('\0')) throw invalidArgument(place, 'a path without NUL', path);
  return resolve(path);
}

/**
 * The path in `LOCUS_DB`; else `networks/networks.db` in the nearest folder, from `directory` upwards, that has a database already
 * (a working or a shipped one, so that a notebook in a folder with packages of its own uses the project's); else in the nearest
 * that has a `package.json`; else in `directory`.
 */
export function defaultDatabasePath(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  directory = process.cwd(),
): string {
  const named = environment.LOCUS_DB;
  if (named !== undefined && named !== '') return resolve(directory, named);
  const start = resolve(directory);
  const folder =
    nearestFolder(start, (candidate) =>
      [workingDatabase, shippedDatabase].some((file) => existsSync(join(candidate, file))),
    ) ??
    nearestFolder(start, (candidate) => existsSync(join(candidate, 'package.json'))) ??
    start;
  return join(folder, workingDatabase);
}

function nearestFolder(start: string, fits: (folder: string) => boolean): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (fits(folder)) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** The database of trained networks that comes with Locus; it may be absent. */
export function shippedDatabasePath(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = nearestFolder(here, (folder) => existsSync(join(folder, 'package.json'))) ?? here;
  return join(root, shippedDatabase);
}
