/** Where the database is if nobody says where. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const workingDatabase = join('networks', 'networks.db');

/**
 * The path in `LOCUS_DB`; else `networks/networks.db` in the nearest folder, from `directory` upwards, that has such a file or a
 * `package.json`; else in `directory`.
 */
export function defaultDatabasePath(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  directory = process.cwd(),
): string {
  const named = environment.LOCUS_DB;
  if (named !== undefined && named !== '') return resolve(directory, named);
  let folder = resolve(directory);
  while (!existsSync(join(folder, workingDatabase)) && !existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) return resolve(directory, workingDatabase);
    folder = parent;
  }
  return join(folder, workingDatabase);
}

/** The database of trained networks that comes with Locus; it may be absent. */
export function shippedDatabasePath(): string {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  return join(root, 'networks', 'published.db');
}
