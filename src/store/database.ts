/** The database in one call each: what `locus ls`, `show`, `rm` and `rename` do, under their published names too. */
import { networkTypes, publishedLearning } from '../published-networks.js';
import type { Ancestor } from './ancestors.js';
import type { ParameterValue } from './canonical-json.js';
import { filledText, list, readOptions, renamed, type Schema } from '../options.js';
import { toCompactRows } from './format-table.js';
import { type ListOptions, listSchema } from './network-query.js';
import type { NetworkSummary } from './network-record.js';
import type { ArraySummary } from './network-store.js';
import { parameterColumns, scoreFields, scoreMethods } from './schema.js';
import { changeStore, readStore } from './with-store.js';

export interface DatabaseOptions {
  /** The database file. Default: the one of the project, or where `LOCUS_DB` says. */
  readonly database?: string;
  /** @deprecated Former name of `database`. */
  readonly path?: string;
}

export const databaseSchema: Schema<DatabaseOptions> = {
  database: filledText,
  path: renamed('database', filledText),
};

export const querySchema: Schema<ListOptions & DatabaseOptions> = { ...listSchema, ...databaseSchema };

export interface ViewOptions extends ListOptions, DatabaseOptions {
  /**
   * The columns of the rows: published names, in any spelling that a filter takes, or `compact` for the few short ones of
   * `locus ls`. Default: all.
   */
  readonly columns?: 'compact' | readonly string[];
}

const viewSchema: Schema<ViewOptions> = {
  ...querySchema,
  columns: (place, name, value) =>
    value === 'compact' ? value : list(filledText, { least: 1 })(place, name, value),
};

/**
 * A network by published names: `name`, every parameter (`n_filters`, `c_w`, …; null where the type of network has none),
 * every score (`lc_accuracy`, `lc_error`, `lc_n_iter`, …; null where not measured), `best_voting_accuracy`, `n_parameters`, …
 */
export type DatabaseRow = DatabaseCells & { readonly name: string };

/** Some values of a row by their published names; `compact` ones as `locus ls` shows them. */
export type DatabaseCells = Readonly<Record<string, ParameterValue>>;

/** A row with what is too large for a table: the arrays' shapes and the meta data. */
export interface DatabaseEntry {
  readonly row: DatabaseRow;
  readonly arrays: Readonly<Record<string, ArraySummary>>;
  readonly meta: Readonly<Record<string, unknown>>;
}

const votingMethods = ['patch_voting', 'all_voting', 'spikes_first'] as const;

/**
 * The stored networks as rows.
 *
 * @example viewDatabase({ filter: { networkType: 'LC_SNN', nFilters: { min: 100 } }, sort: '-lc_accuracy', limit: 5 })
 * @example console.table(viewDatabase({ columns: ['name', 'n_filters', 'lc_accuracy'] }))
 * @throws LocusError `UNKNOWN_NAME` for a name that no stored network has, with a suggestion; `STORE_…` as `openStore`
 */
export function viewDatabase(given?: ViewOptions & { readonly columns?: undefined }): DatabaseRow[];
export function viewDatabase(given: ViewOptions): DatabaseCells[];
export function viewDatabase(given: ViewOptions = {}): DatabaseCells[] {
  const { database, columns, ...options } = readOptions('viewDatabase', viewSchema, given);
  return readStore(database, (store) => {
    const names = Array.isArray(columns) ? store.resolveColumns(columns) : undefined;
    const rows = store.list(options).map((network) => toDatabaseRow(network));
    if (columns === 'compact') return toCompactRows(rows);
    if (names === undefined) return rows;
    return rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null])));
  });
}

/**
 * One stored network, found by its name, its hash or the beginning of one.
 *
 * @throws LocusError `NOT_FOUND` with a suggestion, or if several networks begin so
 */
export function viewNetwork(name: string, options: DatabaseOptions = {}): DatabaseEntry {
  const { database } = readOptions('viewNetwork', databaseSchema, options);
  const network = readStore(database, (store) => store.view(name));
  return { row: toDatabaseRow(network), arrays: network.arrays, meta: network.meta };
}

/** The networks that a stored one goes back to, its parent first; finds it and fails as `viewNetwork`. */
export function viewAncestors(name: string, options: DatabaseOptions = {}): Ancestor[] {
  const { database } = readOptions('viewAncestors', databaseSchema, options);
  return readStore(database, (store) => store.ancestors(name));
}

/** Deletes a stored network and returns its whole name; finds it and fails as `viewNetwork`. */
export function deleteNetwork(name: string, options: DatabaseOptions = {}): string {
  const { database } = readOptions('deleteNetwork', databaseSchema, options);
  return changeStore(database, (store) => store.delete(name));
}

/**
 * Gives a stored network another name; its hash still finds it.
 *
 * @throws LocusError `NAME_TAKEN` if another network has that name; else as `viewNetwork`
 */
export function renameNetwork(name: string, newName: string, options: DatabaseOptions = {}): void {
  const { database } = readOptions('renameNetwork', databaseSchema, options);
  changeStore(database, (store) => store.rename(name, newName));
}

export { deleteNetwork as delete_network, renameNetwork as rename_network, viewDatabase as view_database };

const unsetParameters = Object.fromEntries(parameterColumns.map((name) => [name, null]));
const unscored = Object.fromEntries(
  scoreMethods.flatMap((method) => scoreFields.map((field) => [`${method}_${field}`, null])),
);

/** The row of a network by published names. */
export function toDatabaseRow(network: NetworkSummary): DatabaseRow {
  const scores: Record<string, number | null> = { ...unscored };
  for (const [method, score] of Object.entries(network.scores)) {
    scores[`${method}_accuracy`] = score?.accuracy ?? null;
    scores[`${method}_error`] = score?.error ?? null;
    scores[`${method}_n_iter`] = score?.nIter ?? null;
  }
  const voting = votingMethods.flatMap((method) => network.scores[method]?.accuracy ?? []);
  return {
    name: network.name,
    ...unsetParameters,
    ...(networkTypes.some((type) => type === network.parameters.network_type) ? publishedLearning : {}),
    ...network.parameters,
    ...scores,
    best_voting_accuracy: voting.length === 0 ? null : Math.max(...voting),
    n_parameters: network.nParameters,
    n_output: network.nOutput,
    dataset_hash: network.datasetHash,
    state_hash: network.stateHash,
    parent: network.parent,
    code_version: network.codeVersion,
    hash: network.hash,
    created: network.created,
    updated: network.updated,
  };
}
