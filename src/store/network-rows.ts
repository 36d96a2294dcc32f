/** The rows that make up one stored network: finding, reading and writing them within a transaction. */
import { isObject, text } from '../options.js';
import { LocusError, show, suggestName } from '../errors.js';
import { type StoredArray, decodeArray, encodeArray } from './array-blob.js';
import { type Parameters, readParameters, sha224, toColumn } from './canonical-json.js';
import type { Connection } from './connection.js';
import {
  checkName,
  type NetworkRecord,
  type NetworkSummary,
  type Scores,
  type StoredArrays,
} from './network-record.js';
import { readJson } from './plain-json.js';
import { parameterColumns } from './schema.js';

/** A row of `networks` without the columns that repeat the parameters. */
export interface NetworkRow {
  readonly id: number;
  readonly name: string;
  readonly hash: string;
  readonly name_given: number;
  readonly parameters: string;
  readonly n_parameters: number;
  readonly n_output: number;
  readonly dataset_hash: string | null;
  readonly state_hash: string;
  readonly parent: string | null;
  readonly code_version: string;
  readonly meta: string;
  readonly created: string;
  readonly updated: string;
}

/** An array table, and its column that says whose array it is. */
export type ArrayTable =
  | { readonly table: 'arrays'; readonly owner: 'network' }
  | {
      readonly table: 'checkpoint_arrays';
      readonly owner: 'checkpoint';
    };

export const networkArrays: ArrayTable = { table: 'arrays', owner: 'network' };
export const checkpointArrays: ArrayTable = { table: 'checkpoint_arrays', owner: 'checkpoint' };

/** The columns of a summary. */
export const summaryColumns = [
  'id',
  'name',
  'hash',
  'name_given',
  'parameters',
  'n_parameters',
  'n_output',
  'dataset_hash',
  'state_hash',
  'parent',
  'code_version',
  'created',
  'updated',
] as const satisfies readonly (keyof NetworkRow)[];

const minPrefixLength = 6;

/**
 * The row id and name of the network that `name` means: its name, a name that it had before, its hash, or the beginning (6
 * characters or more) of one of these.
 *
 * @throws LocusError `NOT_FOUND` if there is none, with a suggestion, or if there are several
 */
export function findNetwork(connection: Connection, name: string): { id: number; name: string } {
  text('network', 'name', name);
  type Found = { id: number; name: string };
  const named = connection.sql<Found>('SELECT id, name FROM networks WHERE name = ?').get(name);
  if (named !== undefined) return named;
  const aliased = connection
    .sql<Found>('SELECT id, name FROM networks WHERE id = (SELECT network FROM aliases WHERE alias = ?)')
    .get(name);
  if (aliased !== undefined) return aliased;
  const hashed = connection.sql<Found>('SELECT id, name FROM networks WHERE hash = ? ORDER BY id').all(name);
  const matching =
    hashed.length === 0 && name.length >= minPrefixLength
      ? connection
          .sql<Found>(
            `SELECT id, name FROM networks
             WHERE substr(name, 1, length(@prefix)) = @prefix OR substr(hash, 1, length(@prefix)) = @prefix
               OR id IN (SELECT network FROM aliases WHERE substr(alias, 1, length(@prefix)) = @prefix) ORDER BY id`,
          )
          .all({ prefix: name })
      : hashed;
  if (matching.length === 1) return matching[0];
  if (matching.length > 1) {
    const names = matching.slice(0, 5).map((found) => found.name);
    const more = matching.length > names.length ? ', …' : '';
    throw new LocusError(
      'NOT_FOUND',
      `network "${name}": expected one network, found ${matching.length}: ${names.join(', ')}${more}`,
    );
  }
  const known = connection
    .sql<string>('SELECT name FROM networks UNION SELECT alias FROM aliases')
    .pluck()
    .all();
  const isShort = name.length < minPrefixLength && known.some((candidate) => candidate.startsWith(name));
  const short = isShort ? ` The beginning of a name needs ${minPrefixLength} characters.` : '';
  throw new LocusError(
    'NOT_FOUND',
    `network "${name}": no such network in ${connection.path}.${suggestName(name, known)}${short}`,
  );
}

/** The values of the columns that repeat the parameters. */
export function toParameterColumns(parameters: Parameters): Record<string, number | string | null> {
  return Object.fromEntries(parameterColumns.map((name) => [name, toColumn(parameters[name])]));
}

/** A network of a survey: whole as far as rows tell, or with the damage that was found. */
export type SurveyEntry =
  | { readonly network: NetworkSummary & Pick<NetworkRecord, 'meta'> }
  | { readonly name: string; readonly damage: string };

export function surveyRow(connection: Connection, row: NetworkRow): SurveyEntry {
  try {
    return { network: { ...toSummary(connection, row), meta: readMeta(row) } };
  } catch (error) {
    if (!(error instanceof LocusError)) throw error;
    return { name: row.name, damage: error.message };
  }
}

/** @throws LocusError `STORE_CORRUPT` if the meta data is no JSON of an object any more */
export function readMeta({ name, meta }: Pick<NetworkRow, 'name' | 'meta'>): NetworkRecord['meta'] {
  const place = `network "${name}", meta`;
  const value = readJson(meta, place);
  if (isObject(value)) return value as NetworkRecord['meta'];
  throw new LocusError('STORE_CORRUPT', `${place}: expected an object, got ${show(value)}`);
}

/** @throws LocusError `STORE_CORRUPT` if the parameters are not those that the hash was made of */
export function toSummary(connection: Connection, row: Omit<NetworkRow, 'meta'>): NetworkSummary {
  const hash = sha224(row.parameters);
  if (hash !== row.hash) {
    throw new LocusError(
      'STORE_CORRUPT',
      `network "${row.name}", parameters: expected hash ${row.hash}, got ${hash}. If they were edited on purpose, clean the database.`,
    );
  }
  return {
    name: row.name,
    hash,
    parameters: readParameters(row.parameters, `network "${row.name}", parameters`),
    nParameters: row.n_parameters,
    nOutput: row.n_output,
    datasetHash: row.dataset_hash,
    stateHash: row.state_hash,
    parent: row.parent,
    codeVersion: row.code_version,
    scores: readScores(connection, row.id),
    created: row.created,
    updated: row.updated,
  };
}

export function writeScores(connection: Connection, network: number, scores: Scores): void {
  connection.sql('DELETE FROM scores WHERE network = ?').run(network);
  const insert = connection.sql(
    'INSERT INTO scores (network, method, accuracy, error, n_iter) VALUES (?, ?, ?, ?, ?)',
  );
  for (const [method, score] of Object.entries(scores)) {
    if (score !== undefined) insert.run(network, method, score.accuracy, score.error, score.nIter);
  }
}

/** Blobs by name, made before the transaction so that it stays short. */
export function encodeArrays(
  arrays: StoredArrays,
  place: string,
  level: number,
): ReadonlyMap<string, Uint8Array> {
  const encode = ([name, array]: [string, StoredArray]) => {
    checkName(name, `${place}, array`);
    return [name, encodeArray(array, `${place}, array "${name}"`, level)] as const;
  };
  return new Map(Object.entries(arrays).map(encode));
}

/** Puts `blobs` in the place of all arrays of the owner. */
export function writeArrays(
  connection: Connection,
  { table, owner }: ArrayTable,
  key: number | string,
  blobs: ReadonlyMap<string, Uint8Array>,
): void {
  connection.sql(`DELETE FROM ${table} WHERE ${owner} = ?`).run(key);
  const insert = connection.sql(`INSERT INTO ${table} (${owner}, name, data) VALUES (?, ?, ?)`);
  for (const [name, blob] of blobs) insert.run(key, name, blob);
}

/** The arrays of the owner as they are stored, in the order in which they were. */
export function findArrays(
  connection: Connection,
  { table, owner }: ArrayTable,
  key: number | string,
): readonly (readonly [name: string, data: unknown])[] {
  return connection
    .sql<[string, unknown]>(`SELECT name, data FROM ${table} WHERE ${owner} = ? ORDER BY rowid`)
    .raw()
    .all(key);
}

/**
 * All arrays of the owner.
 *
 * @param place names the owner in errors
 * @throws LocusError `STORE_CORRUPT` naming the first array that is damaged
 */
export function readArrays(
  connection: Connection,
  table: ArrayTable,
  key: number | string,
  place: string,
): StoredArrays {
  return Object.fromEntries(
    findArrays(connection, table, key).map(([name, data]) => {
      const at = `${place}, array "${name}"`;
      return [name, decodeArray(asBlob(data, at), at)];
    }),
  );
}

/** @throws LocusError `STORE_CORRUPT` if another program put something else into the column */
export function asBlob(data: unknown, place: string): Uint8Array {
  if (data instanceof Uint8Array) return data;
  throw new LocusError('STORE_CORRUPT', `${place}: expected a blob, got ${typeof data}`);
}

/** Follows a new name where others refer to the network; foreign keys follow by themselves. */
export function setName(connection: Connection, id: number, name: string, isGiven: boolean): void {
  const old = connection.sql<string>('SELECT name FROM networks WHERE id = ?').pluck().get(id);
  connection.sql('UPDATE networks SET name = ?, name_given = ? WHERE id = ?').run(name, Number(isGiven), id);
  connection.sql('UPDATE networks SET parent = ? WHERE parent = ?').run(name, old);
}

function readScores(connection: Connection, network: number): Scores {
  const rows = connection
    .sql<{ method: string; accuracy: number; error: number; n_iter: number }>(
      'SELECT method, accuracy, error, n_iter FROM scores WHERE network = ? ORDER BY method',
    )
    .all(network);
  return Object.fromEntries(
    rows.map(({ method, accuracy, error, n_iter }) => [method, { accuracy, error, nIter: n_iter }]),
  );
}
