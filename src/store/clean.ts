/** Repairs a database: what can be put right is, what cannot is reported. */
import { LocusError } from '../errors.js';
import { callback, flag, readOptions, type Schema } from '../options.js';
import { decodeArray, type StoredArray } from './array-blob.js';
import { canonicalJson, parseParameters, sha224, toColumn } from './canonical-json.js';
import type { Connection } from './connection.js';
import { checkParameters, type NetworkRecord } from './network-record.js';
import {
  type ArrayTable,
  asBlob,
  checkpointArrays,
  findArrays,
  networkArrays,
  type NetworkRow,
  setName,
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

/** A network or checkpoint whose JSON and blobs are whole. */
export interface WholeEntry extends Pick<NetworkRecord, 'parameters' | 'meta' | 'arrays'> {
  readonly kind: Damage['kind'];
  readonly name: string;
}

export interface CleanOptions {
  /** Deletes networks and checkpoints that are damaged beyond repair. Default: false. */
  readonly dropCorrupt?: boolean;
  /** Looks closer at an entry, one after the other, and throws a LocusError for a damaged one. */
  readonly check?: (entry: WholeEntry) => void;
}

export const cleanSchema: Schema<CleanOptions> = { dropCorrupt: flag, check: callback() };

interface MutableReport extends CleanReport {
  checked: number;
  orphansDropped: number;
  corruptDropped: number;
}

/** @throws LocusError `STORE_CORRUPT` if the file itself is damaged: nothing is changed then */
export function cleanStore(connection: Connection, options: CleanOptions): CleanReport {
  const given = readOptions('clean', cleanSchema, options);
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
    checkNetworks(connection, report, given);
    checkCheckpoints(connection, report, given);
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

function checkNetworks(connection: Connection, report: MutableReport, options: CleanOptions): void {
  const rows = connection
    .sql<ColumnRow>(`SELECT id, name, name_given, meta, ${columns.join(', ')} FROM networks ORDER BY id`)
    .all();
  report.checked += rows.length;
  for (const row of rows) {
    const { name, problems } = inspect(connection, networkArrays, row.id, {
      kind: 'network',
      name: row.name,
      meta: row.meta,
      identify: () => repairNetwork(connection, row, report),
      check: options.check,
    });
    report.corrupt.push(...problems.map((problem) => ({ kind: 'network' as const, name, problem })));
    if (problems.length > 0 && options.dropCorrupt) {
      report.corruptDropped += connection.sql('DELETE FROM networks WHERE id = ?').run(row.id).changes;
    }
  }
}

function checkCheckpoints(connection: Connection, report: MutableReport, options: CleanOptions): void {
  const rows = connection
    .sql<{ key: string; parameters: string; meta: string }>('SELECT key, parameters, meta FROM checkpoints')
    .all();
  report.checked += rows.length;
  for (const { key, parameters, meta } of rows) {
    const { problems } = inspect(connection, checkpointArrays, key, {
      kind: 'checkpoint',
      name: key,
      meta,
      identify: () => ({ name: key, parameters: parseParameters(parameters) }),
      check: options.check,
    });
    report.corrupt.push(...problems.map((problem) => ({ kind: 'checkpoint' as const, name: key, problem })));
    if (problems.length > 0 && options.dropCorrupt) {
      report.corruptDropped += connection.sql('DELETE FROM checkpoints WHERE key = ?').run(key).changes;
    }
  }
}

interface Inspected extends Pick<WholeEntry, 'kind' | 'name'>, Pick<CleanOptions, 'check'> {
  /** JSON */
  readonly meta: string;
  /** Its parameters, and the name that it has from now on. */
  readonly identify: () => Pick<WholeEntry, 'name' | 'parameters'>;
}

/** All damage of an entry; where JSON and blobs are whole, what `check` finds. */
function inspect(
  connection: Connection,
  table: ArrayTable,
  key: number | string,
  { kind, name, meta: json, identify, check }: Inspected,
): { readonly name: string; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const attempt = <T>(action: () => T, place?: string): T | undefined => {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof LocusError || error instanceof SyntaxError)) throw error;
      problems.push(place === undefined ? error.message : `${place}: ${error.message}`);
      return undefined;
    }
  };
  const identity = attempt(identify, 'parameters');
  const meta = attempt(() => JSON.parse(json) as WholeEntry['meta'], 'meta');
  const arrays: Record<string, StoredArray> = {};
  for (const [array, data] of findArrays(connection, table, key)) {
    const place = `array "${array}"`;
    const whole = attempt(() => decodeArray(asBlob(data, place), place));
    if (whole) arrays[array] = whole;
  }
  if (identity && meta !== undefined && problems.length === 0) {
    attempt(() => check?.({ kind, ...identity, meta, arrays }));
  }
  return { name: identity?.name ?? name, problems };
}

const columns = ['parameters', 'hash', ...parameterColumns] as const;

/** A network with the columns that follow from its parameters. */
type ColumnRow = Pick<NetworkRow, 'id' | 'name' | 'name_given' | 'meta' | 'parameters' | 'hash'> &
  Readonly<Record<(typeof parameterColumns)[number], unknown>>;

/** In SQL, where a value and its column are compared as they are stored: what JavaScript calls different may be the same there. */
const findAgreeing = `SELECT 1 FROM networks WHERE ${columns.map((name) => `${name} IS ?`).join(' AND ')} AND id = ?`;
const setColumns = `UPDATE networks SET ${columns.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;

/** Makes canonical spelling, hash, columns and derived name follow from the parameters again. */
function repairNetwork(
  connection: Connection,
  row: ColumnRow,
  report: MutableReport,
): Pick<WholeEntry, 'name' | 'parameters'> {
  const parameters = parseParameters(row.parameters);
  checkParameters(parameters, 'parameters');
  const canonical = canonicalJson(parameters);
  const hash = sha224(canonical);
  const values = [canonical, hash, ...parameterColumns.map((name) => toColumn(parameters[name]))];
  const isSame = columns.every((name, i) => row[name] === values[i]);
  if (!isSame && connection.sql(findAgreeing).get([...values, row.id]) === undefined) {
    connection.sql(setColumns).run([...values, row.id]);
    report.repaired.push(row.name);
  }
  if (row.name_given === 1 || row.name === hash) return { name: row.name, parameters };
  if (connection.sql('SELECT 1 FROM networks WHERE name = ?').get(hash) !== undefined) {
    report.conflicts.push({ name: row.name, wanted: hash });
    return { name: row.name, parameters };
  }
  setName(connection, row.id, hash, false);
  report.renamed.push({ from: row.name, to: hash });
  return { name: hash, parameters };
}
