/** From a filter and a sort order in published names to SQL. */
import { invalidArgument, unknownName } from '../errors.js';
import { count, custom, isObject, readOptions, type Schema, text } from '../options.js';
import { networkTypes, publishedLearning } from '../published-networks.js';
import type { Connection } from './connection.js';
import { parameterColumns, recordColumns, scoreFields, scoreMethods } from './schema.js';

type FilterValue = number | string | boolean | null;

/** Both ends belong to the range. */
export interface FilterRange {
  readonly min?: number | string;
  readonly max?: number | string;
}

/**
 * What a network must be like, by published name: a value, a range, or a list of allowed values.
 * `{ network_type: 'LC_SNN', n_filters: [25, 100], lc_accuracy: { min: 0.9 } }`; camelCase (`nFilters`) means the same.
 */
export type NetworkFilter = Readonly<Record<string, FilterValue | FilterRange | readonly FilterValue[]>>;

export interface ListOptions {
  readonly filter?: NetworkFilter;
  /** A published name; `-lc_accuracy` for the highest first.  Networks without a value come last.  Default: as stored. */
  readonly sort?: string;
  /** At most so many. */
  readonly limit?: number;
}

export const listSchema: Schema<ListOptions> = {
  filter: custom('to be an object of published names and values', isObject),
  sort: text,
  limit: count({ least: 0, unit: 'networks' }),
};

/** The end of a SELECT over `view_networks v`. */
export interface QueryEnd {
  /** Conditions, empty where there are none. */
  readonly where: string;
  /** Order and limit. */
  readonly order: string;
  /** Of the conditions. */
  readonly values: readonly (number | string)[];
}

interface Column {
  readonly name: string;
  readonly expression: string;
}

const viewColumns: readonly Column[] = [
  'name',
  ...parameterColumns,
  ...scoreMethods.flatMap((method) => scoreFields.map((field) => `${method}_${field}`)),
  'best_voting_accuracy',
  ...recordColumns,
].map((name) => ({ name, expression: `v.${name}` }));

/** How a network learns where it does not state it: as published. */
const rateColumns: readonly Column[] = Object.entries(publishedLearning).map(([name, value]) => ({
  name,
  expression: `coalesce(${readStored(name)}, CASE WHEN v.network_type IN (${networkTypes.map(quote).join()}) THEN ${typeof value === 'string' ? quote(value) : value} END)`,
}));

const fixedColumns = [...viewColumns, ...rateColumns];

/**
 * @throws LocusError `UNKNOWN_NAME`, with a suggestion, for a name that is neither a column nor a parameter or score of any
 *   stored network; `INVALID_ARGUMENT` for a filter value, sort or limit that makes no sense
 * @param takesLast begins with the network that was stored last, not first
 */
export function buildQueryEnd(connection: Connection, options: ListOptions, takesLast = false): QueryEnd {
  const { filter = {}, sort, limit } = readOptions('list', listSchema, options);
  const values: (number | string)[] = [];
  const conditions = Object.entries(filter).map(([name, wanted]) => {
    const { expression } = findColumn(connection, name, 'filter');
    return condition(expression, wanted, name, values);
  });
  const order = sort === undefined ? '' : sortOrder(connection, sort);
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    order: `ORDER BY ${order} v.id ${takesLast ? 'DESC' : ''} LIMIT ${limit ?? -1}`,
    values,
  };
}

/**
 * The published names of columns that may be spelled as in a filter.
 *
 * @throws LocusError `UNKNOWN_NAME`, with a suggestion, as `buildQueryEnd`
 */
export function resolveColumns(connection: Connection, names: readonly string[]): string[] {
  return names.map((name) => findColumn(connection, name, 'columns').name);
}

function sortOrder(connection: Connection, sort: string): string {
  const descends = sort.startsWith('-');
  const { expression } = findColumn(connection, descends ? sort.slice(1) : sort, 'sort');
  return `${expression} IS NULL, ${expression} ${descends ? 'DESC' : 'ASC'},`;
}

function condition(
  expression: string,
  wanted: NetworkFilter[string],
  name: string,
  values: (number | string)[],
): string {
  if (Array.isArray(wanted)) {
    const parts = wanted.map((value: FilterValue) => equals(expression, value, name, values));
    return parts.length === 0 ? 'FALSE' : `(${parts.join(' OR ')})`;
  }
  if (typeof wanted === 'object' && wanted !== null) {
    return within(expression, wanted as FilterRange, name, values);
  }
  return equals(expression, wanted, name, values);
}

function equals(expression: string, value: FilterValue, name: string, values: (number | string)[]): string {
  if (value === null) return `${expression} IS NULL`;
  values.push(comparable(typeof value === 'boolean' ? Number(value) : value, name));
  return `${expression} = ?`;
}

function within(expression: string, range: FilterRange, name: string, values: (number | string)[]): string {
  const ends = Object.entries(range);
  if (ends.length === 0 || ends.some(([end]) => end !== 'min' && end !== 'max')) {
    throw invalidArgument(`filter ${name}`, 'a value, a list, or a range { min, max }', range);
  }
  const parts = ends.map(([end, value]: [string, number | string]) => {
    values.push(comparable(value, name));
    return `${expression} ${end === 'min' ? '>=' : '<='} ?`;
  });
  return `(${parts.join(' AND ')})`;
}

function comparable(value: unknown, name: string): number | string {
  if (typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value))) return value;
  throw invalidArgument(`filter ${name}`, 'a number or text to compare with', value);
}

function findColumn(connection: Connection, name: string, place: string): Column {
  const found = match(fixedColumns, name);
  if (found !== undefined) return found;
  const stored = [...storedParameters(connection), ...storedScores(connection)];
  const other = match(stored, name);
  if (other !== undefined) return other;
  const known = new Set([...fixedColumns, ...stored].map((column) => column.name));
  throw unknownName(place, 'name', name, [...known]);
}

/** The column of exactly this name, else of this name in another spelling (`nFilters`, `n-filters`). */
function match(columns: readonly Column[], name: string): Column | undefined {
  const fold = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, '');
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => fold(column.name) === fold(name))
  );
}

/** Parameters of other types of network, which have no column. */
function storedParameters(connection: Connection): Column[] {
  const rows = connection
    .sql<{ key: string }>(
      `SELECT DISTINCT p.key FROM networks n, json_each(CASE WHEN json_valid(n.parameters) THEN n.parameters ELSE '{}' END) p
       ORDER BY p.key`,
    )
    .all();
  return rows.map(({ key }) => ({ name: key, expression: readStored(key) }));
}

/** In JavaScript, because JSON functions of SQLite may read a number's last bit differently. */
function readStored(parameter: string): string {
  return `CASE WHEN json_valid(v.parameters) THEN locus_parameter(v.parameters, ${quote(parameter)}) END`;
}

/** Scores of other readout methods, which have no column. */
function storedScores(connection: Connection): Column[] {
  const rows = connection.sql<{ method: string }>('SELECT DISTINCT method FROM scores ORDER BY method').all();
  return rows.flatMap(({ method }) =>
    scoreFields.map((field) => ({
      name: `${method}_${field}`,
      expression: `(SELECT s.${field} FROM scores s WHERE s.network = v.id AND s.method = ${quote(method)})`,
    })),
  );
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
