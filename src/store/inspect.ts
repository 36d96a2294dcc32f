/** Looks closer at one stored network or checkpoint: its JSON, its columns, its blobs. */
import { LocusError } from '../errors.js';
import { decodeArray, type StoredArray } from './array-blob.js';
import { canonicalJson, type Parameters, parseParameters, sha224, toColumn } from './canonical-json.js';
import type { Connection } from './connection.js';
import { checkParameters, type NetworkRecord } from './network-record.js';
import { type ArrayTable, asBlob, findArrays, type NetworkRow } from './network-rows.js';
import { parameterColumns } from './schema.js';

/** A network or checkpoint whose JSON and blobs are whole. */
export interface WholeEntry extends Pick<NetworkRecord, 'parameters' | 'meta' | 'arrays'> {
  readonly kind: 'network' | 'checkpoint';
  readonly name: string;
}

/** Looks closer at a whole entry, and throws a LocusError for a damaged one. */
export type CheckEntry = (entry: WholeEntry) => void;

export interface Inspected extends Pick<WholeEntry, 'kind' | 'name'> {
  /** JSON */
  readonly meta: string;
  /** Its parameters, and the name that it has from now on. */
  readonly identify: () => Pick<WholeEntry, 'name' | 'parameters'>;
  readonly check?: CheckEntry;
}

/** All damage of an entry; where JSON and blobs are whole, what `check` finds. */
export function inspect(
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

/** The columns that follow from the parameters, these among them. */
export const derivedColumns = ['parameters', 'hash', ...parameterColumns] as const;

/** A network with the columns that follow from its parameters. */
export type ColumnRow = Pick<NetworkRow, 'id' | 'name' | 'name_given' | 'meta' | 'parameters' | 'hash'> &
  Readonly<Record<(typeof parameterColumns)[number], unknown>>;

const selectColumnRow = `SELECT id, name, name_given, meta, ${derivedColumns.join(', ')} FROM networks WHERE id = ?`;

export function readColumnRow(connection: Connection, id: number): ColumnRow {
  const row = connection.sql<ColumnRow>(selectColumnRow).get(id);
  if (row === undefined) throw new Error(`network with id ${id} is gone`);
  return row;
}

/** What a row should hold by its parameters. */
export interface Derived {
  readonly parameters: Parameters;
  readonly hash: string;
  /** Of `derivedColumns`. */
  readonly values: readonly (string | number | null)[];
}

/** @throws LocusError or SyntaxError for parameters that no network can have */
export function derive({ parameters: json }: Pick<ColumnRow, 'parameters'>): Derived {
  const parameters = parseParameters(json);
  checkParameters(parameters, 'parameters');
  const canonical = canonicalJson(parameters);
  const hash = sha224(canonical);
  const values = [canonical, hash, ...parameterColumns.map((name) => toColumn(parameters[name]))];
  return { parameters, hash, values };
}

export function hasColumns(row: ColumnRow, { values }: Derived): boolean {
  return derivedColumns.every((name, i) => row[name] === values[i]);
}

/** Whether its name was given, or is the one that follows from its parameters. */
export function hasItsName(row: ColumnRow, { hash }: Derived): boolean {
  return row.name_given === 1 || row.name === hash;
}
