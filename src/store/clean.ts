/** Repairs a database: what can be put right is, what cannot is reported. */
import { LocusError } from '../errors.js';
import { callback, flag, readOptions, type Schema } from '../options.js';
import { parseParameters } from './canonical-json.js';
import type { Connection } from './connection.js';
import {
  type CheckEntry,
  type ColumnRow,
  derive,
  derivedColumns,
  hasColumns,
  hasItsName,
  inspect,
  readColumnRow,
  type WholeEntry,
} from './inspect.js';
import { checkpointArrays, networkArrays, setName } from './network-rows.js';
import { findSound, type SearchThreads } from './sound-search.js';

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
  readonly kind: WholeEntry['kind'];
  readonly name: string;
  readonly problem: string;
}

export interface CleanOptions {
  /** Deletes networks and checkpoints that are damaged beyond repair. Default: false. */
  readonly dropCorrupt?: boolean;
  /** Looks closer at an entry, one after the other, and throws a LocusError for a damaged one. */
  readonly check?: CheckEntry;
}

/** Finds the sound networks of a large database sooner than the calling thread alone. */
export interface CleanHelp {
  readonly threads: SearchThreads;
  /** As `check` of the options, and throws a LocusError too where it would note something. */
  readonly prove: CheckEntry;
}

export const cleanSchema: Schema<CleanOptions> = { dropCorrupt: flag, check: callback() };

interface MutableReport extends CleanReport {
  checked: number;
  orphansDropped: number;
  corruptDropped: number;
}

/** @throws LocusError `STORE_CORRUPT` if the file itself is damaged: nothing is changed then */
export function cleanStore(connection: Connection, options: CleanOptions, help?: CleanHelp): CleanReport {
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
    // Before any change: what is not committed, the other threads do not see.
    const sound = help ? findSound(connection, help.threads, help.prove) : new Set<number>();
    report.orphansDropped = dropOrphans(connection);
    checkNetworks(connection, report, given, sound);
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

function checkNetworks(
  connection: Connection,
  report: MutableReport,
  options: CleanOptions,
  sound: ReadonlySet<number>,
): void {
  const ids = connection.sql<number>('SELECT id FROM networks ORDER BY id').pluck().all();
  report.checked += ids.length;
  for (const id of ids) {
    if (sound.has(id)) continue;
    const row = readColumnRow(connection, id);
    const { name, problems } = inspect(connection, networkArrays, id, {
      kind: 'network',
      name: row.name,
      meta: row.meta,
      identify: () => repairNetwork(connection, row, report),
      check: options.check,
    });
    report.corrupt.push(...problems.map((problem) => ({ kind: 'network' as const, name, problem })));
    if (problems.length > 0 && options.dropCorrupt) {
      report.corruptDropped += connection.sql('DELETE FROM networks WHERE id = ?').run(id).changes;
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

/** In SQL, where a value and its column are compared as they are stored: what JavaScript calls different may be the same there. */
const findAgreeing = `SELECT 1 FROM networks WHERE ${derivedColumns.map((name) => `${name} IS ?`).join(' AND ')} AND id = ?`;
const setColumns = `UPDATE networks SET ${derivedColumns.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;

/** Makes canonical spelling, hash, columns and derived name follow from the parameters again. */
function repairNetwork(
  connection: Connection,
  row: ColumnRow,
  report: MutableReport,
): Pick<WholeEntry, 'name' | 'parameters'> {
  const derived = derive(row);
  const { parameters, hash, values } = derived;
  if (!hasColumns(row, derived) && connection.sql(findAgreeing).get([...values, row.id]) === undefined) {
    connection.sql(setColumns).run([...values, row.id]);
    report.repaired.push(row.name);
  }
  if (hasItsName(row, derived)) return { name: row.name, parameters };
  if (connection.sql('SELECT 1 FROM networks WHERE name = ?').get(hash) !== undefined) {
    report.conflicts.push({ name: row.name, wanted: hash });
    return { name: row.name, parameters };
  }
  setName(connection, row.id, hash, false);
  report.renamed.push({ from: row.name, to: hash });
  return { name: hash, parameters };
}
