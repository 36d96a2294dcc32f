/** Copies networks from one database into another, blob by blob, and makes files to hand on. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { LocusError } from '../errors.js';
import { Connection } from './connection.js';
import { findNetwork, networkArrays, readArrays } from './network-rows.js';
import { explainErrors } from './store-error.js';

/** Copies every network of the database at `sourcePath`, of this or an older version, into an open, empty one. */
export function copyAllNetworks(sourcePath: string, target: Connection): void {
  const source = Connection.copyInMemory(sourcePath);
  try {
    const ids = source.sql<number>('SELECT id FROM networks ORDER BY id').pluck().all();
    for (const id of ids) copyNetwork(source, target, id);
  } finally {
    source.close();
  }
}

/**
 * Writes `names` into a new database at `path`: one compact file that is not changed by reading it.
 *
 * @throws LocusError `NAME_TAKEN` if there is a file at `path` and `overwrite` is not set; `NOT_FOUND`, `STORE_CORRUPT` if a
 *   network cannot be exported: no file is left then, and an earlier one stays
 */
export function exportInto(
  source: Connection,
  names: readonly string[],
  path: string,
  overwrite: boolean,
): void {
  if (!overwrite && existsSync(path)) {
    throw new LocusError(
      'NAME_TAKEN',
      `export: expected no file at ${path}, found one (overwrite it on purpose)`,
    );
  }
  // Finished under another name, so that `path` never holds half an export.
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    writeExport(source, names, unfinished);
    explainErrors(path, () => renameSync(unfinished, path));
  } finally {
    for (const suffix of ['', '-journal']) rmSync(`${unfinished}${suffix}`, { force: true });
  }
}

function writeExport(source: Connection, names: readonly string[], path: string): void {
  const target = Connection.open(path, { journal: 'delete' });
  try {
    target.write(() =>
      source.read(() => {
        const ids = new Set(names.map((name) => findNetwork(source, name).id));
        for (const id of ids) {
          // Reading verifies the checksums: damage is not handed on.
          readArrays(source, networkArrays, id, `network with id ${id}`);
          copyNetwork(source, target, id);
        }
      }),
    );
  } finally {
    target.close();
  }
}

function copyNetwork(source: Connection, target: Connection, id: number): void {
  const row = source.sql<Record<string, unknown>>('SELECT * FROM networks WHERE id = ?').get(id)!;
  const columns = Object.keys(row).filter((column) => column !== 'id');
  const { lastInsertRowid } = target
    .sql(
      `INSERT INTO networks (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
    )
    .run(row);
  for (const table of ['scores', 'arrays', 'aliases']) {
    const parts = source.sql<Record<string, unknown>>(`SELECT * FROM ${table} WHERE network = ?`).all(id);
    for (const part of parts) {
      const names = Object.keys(part);
      target
        .sql(
          `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
        )
        .run({ ...part, network: lastInsertRowid });
    }
  }
}
