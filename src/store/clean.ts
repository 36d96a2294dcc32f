/** Repairs a database: what can be put right is, what cannot is reported. */
import { LocusError } from '../errors.js';
import { flag, readOptions, type Schema } from '../options.js';
import { decodeArray } from './array-blob.js';
import { canonicalJson, parseParameters, sha224 } from './canonical-json.js';
import type { Connection } from './connection.js';
import { checkParameters } from './network-record.js';
import {
  type ArrayTable,
  asBlob,
  checkpointArrays,
  networkArrays,
  type NetworkRow,
  setName,
  toParameterColumns,
} from './network-rows.js';
import { parameterColumns } from './schema.js';

/** What `clean` did and found. */
export interface CleanReport {
  /** Networks and checkpoints looked at. */
  readonly checked: number;
  /** Arrays, scores, aliases and references of networks and checkpoints that are no more, and aliases that a network is called. */
  readonly orphansDropped: number;
  /** Networks whose derived name no longer followed from their parameters. */
  readonly renamed: { readonly from: string; readonly to: string }[];
  /** Networks whose hash or columns no longer agreed with their parameters. */
  readonly repaired: string[];
  /** Networks that keep an outdated name, because another one has the name they should have. */
  readonly conflicts: { readonly name: string; readonly wanted: string }[];
  /** Damage that nothing can repair. */
  readonly corrupt: Damage[];
  /** Networks and checkpoints that were deleted for their damage, as asked for. */
  readonly corruptDropped: number;
}

export interface Damage {
  readonly kind: 'network' | 'checkpoint';
  readonly name: string;
  readonly problem: string;
}

export interface CleanOptions {
  /** Deletes networks and checkpoints that are damaged beyond repair. Default: false. */
  readonly dropCorrupt?: boolean;
}

export const cleanSchema: Schema<CleanOptions> = { dropCorrupt: flag };

interface MutableReport extends CleanReport {
  checked: number;
  orphansDropped: number;
  corruptDropped: number;
}

/** @throws LocusError `STORE_CORRUPT` if the file itself is damaged: nothing is changed then */
export function cleanStore(connection: Connection, options: CleanOptions): CleanReport {
  const { dropCorrupt = false } = readOptions('clean', cleanSchema, options);
  const [fileDamage] = connection.findFileDamage();
  if (fileDamage !== undefined) {
    throw new LocusError(
      'STORE_CORRUPT',
      `${connection.path} is damaged as a file (${fileDamage}). Export what still loads into a new database.`,
    );
  }
  const report: MutableReport = {
    checked: 0,
    orphansDropped: 0,
    renamed: [],
    repaired: [],
    conflicts: [],
    corrupt: [],
    corruptDropped: 0,
  };
  connection.write(() => {
    report.orphansDropped = dropOrphans(connection);
    checkNetworks(connection, report, dropCorrupt);
    checkCheckpoints(connection, report, dropCorrupt);
  });
  connection.compact();
  return report;
}

/** Foreign keys prevent orphans, but other programs may write without them. */
function dropOrphans(connection: Connection): number {
  const changes = [
    'DELETE FROM arrays WHERE network NOT IN (SELECT id FROM networks)',
    'DELETE FROM scores WHERE network NOT IN (SELECT id FROM networks)',
    'DELETE FROM checkpoint_arrays WHERE checkpoint NOT IN (SELECT key FROM checkpoints)',
    'UPDATE results SET network = NULL WHERE network IS NOT NULL AND network NOT IN (SELECT name FROM networks)',
    'DELETE FROM aliases WHERE network NOT IN (SELECT id FROM networks) OR alias IN (SELECT name FROM networks)',
  ].map((statement) => connection.sql(statement).run().changes);
  return changes.reduce((sum, count) => sum + count, 0);
}

function checkNetworks(connection: Connection, report: MutableReport, dropCorrupt: boolean): void {
  const rows = connection
    .sql<NetworkRow>('SELECT id, name, hash, name_given, parameters, meta FROM networks ORDER BY id')
    .all();
  report.checked += rows.length;
  for (const row of rows) {
    const problems = [
      ...findProblems(() => repairNetwork(connection, row, report), 'parameters'),
      ...findProblems(() => JSON.parse(row.meta), 'meta'),
      ...findDamagedArrays(connection, networkArrays, row.id),
    ];
    // A repair may just have renamed it.
    const name = connection.sql<string>('SELECT name FROM networks WHERE id = ?').pluck().get(row.id)!;
    report.corrupt.push(...problems.map((problem) => ({ kind: 'network' as const, name, problem })));
    if (problems.length > 0 && dropCorrupt) {
      report.corruptDropped += connection.sql('DELETE FROM networks WHERE id = ?').run(row.id).changes;
    }
  }
}

function checkCheckpoints(connection: Connection, report: MutableReport, dropCorrupt: boolean): void {
  const rows = connection
    .sql<{ key: string; parameters: string; meta: string }>('SELECT key, parameters, meta FROM checkpoints')
    .all();
  report.checked += rows.length;
  for (const { key, parameters, meta } of rows) {
    const problems = [
      ...findProblems(() => parseParameters(parameters), 'parameters'),
      ...findProblems(() => JSON.parse(meta), 'meta'),
      ...findDamagedArrays(connection, checkpointArrays, key),
    ];
    report.corrupt.push(...problems.map((problem) => ({ kind: 'checkpoint' as const, name: key, problem })));
    if (problems.length > 0 && dropCorrupt) {
      report.corruptDropped += connection.sql('DELETE FROM checkpoints WHERE key = ?').run(key).changes;
    }
  }
}

/** Makes canonical spelling, hash, columns and derived name follow from the parameters again. */
function repairNetwork(connection: Connection, row: NetworkRow, report: MutableReport): void {
  const parameters = parseParameters(row.parameters);
  checkParameters(parameters, 'parameters');
  const canonical = canonicalJson(parameters);
  const hash = sha224(canonical);
  const columns = ['parameters', 'hash', ...parameterColumns];
  const values = { ...toParameterColumns(parameters), parameters: canonical, hash, id: row.id };
  const agreement = columns.map((name) => `${name} IS @${name}`).join(' AND ');
  // In SQL, where a value and its column are compared as they are stored.
  if (connection.sql(`SELECT 1 FROM networks WHERE id = @id AND ${agreement}`).get(values) === undefined) {
    const assignments = columns.map((name) => `${name} = @${name}`).join(', ');
    connection.sql(`UPDATE networks SET ${assignments} WHERE id = @id`).run(values);
    report.repaired.push(row.name);
  }
  if (row.name_given === 1 || row.name === hash) return;
  if (connection.sql('SELECT 1 FROM networks WHERE name = ?').get(hash) !== undefined) {
    report.conflicts.push({ name: row.name, wanted: hash });
    return;
  }
  setName(connection, row.id, hash, false);
  report.renamed.push({ from: row.name, to: hash });
}

function findDamagedArrays(
  connection: Connection,
  { table, owner }: ArrayTable,
  key: number | string,
): string[] {
  const names = connection.sql<string>(`SELECT name FROM ${table} WHERE ${owner} = ?`).pluck().all(key);
  const data = connection.sql(`SELECT data FROM ${table} WHERE ${owner} = ? AND name = ?`).pluck();
  // One at a time: all arrays together may be larger than memory.
  return names.flatMap((name) =>
    findProblems(() => decodeArray(asBlob(data.get(key, name), '', name), `array "${name}"`)),
  );
}

function findProblems(action: () => unknown, place?: string): string[] {
  try {
    action();
    return [];
  } catch (error) {
    if (!(error instanceof LocusError || error instanceof SyntaxError)) throw error;
    return [place === undefined ? error.message : `${place}: ${error.message}`];
  }
}
