/** The database as a table for people. */
import { objects } from '../options.js';
import type { DatabaseCells, DatabaseRow } from './database.js';
import { isHash } from './network-record.js';
import { drawTable } from '../text-table.js';

type Cell = number | string | null;

interface TableColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
  /** Null where there is nothing to show. */
  readonly show: (row: DatabaseRow) => Cell;
  /** Left out if no row has something to show. */
  readonly optional?: boolean;
}

const maxNameLength = 24;

const tableColumns: readonly TableColumn[] = [
  { head: 'name', align: 'left', show: ({ name }) => shortName(name) },
  { head: 'network_type', align: 'left', show: showType },
  ...['n_filters', 'kernel_size', 'mean_weight', 'c_w', 'n_iter', 'seed'].map(
    (name): TableColumn => ({ head: name, align: 'right', show: (row) => showParameter(row[name]) }),
  ),
  { head: 'voting %', align: 'right', show: showBestVoting },
  { head: 'lc %', align: 'right', show: (row) => showScore(row, 'lc') },
  { head: 'output %', align: 'right', show: (row) => showScore(row, 'output'), optional: true },
  { head: 'created', align: 'left', show: showCreation },
];

/**
 * The rows of `viewDatabase` as a table: the first 8 characters of a hash or a whole given name, the main parameters, the best
 * voting method's accuracy and the linear classifier's with their errors, the time of creation (UTC).
 */
export function formatTable(rows: readonly DatabaseRow[]): string {
  objects('formatTable', 'rows', rows);
  const columns = chooseColumns(rows);
  return drawTable({
    head: columns.map(({ head }) => head),
    aligns: columns.map(({ align }) => align),
    rows: rows.map((row) => columns.map(({ show }) => String(show(row) ?? ''))),
    separated: false,
  });
}

/** The rows of `viewDatabase` with the columns and values of `formatTable`. */
export function toCompactRows(rows: readonly DatabaseRow[]): DatabaseCells[] {
  const columns = chooseColumns(rows);
  return rows.map((row) => Object.fromEntries(columns.map(({ head, show }) => [head, show(row)])));
}

function chooseColumns(rows: readonly DatabaseRow[]): TableColumn[] {
  return tableColumns.filter(({ optional, show }) => !optional || rows.some((row) => show(row) !== null));
}

function shortName(name: string): string {
  if (isHash(name)) return name.slice(0, 8);
  if (name.length <= maxNameLength) return name;
  const characters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  return characters.length > maxNameLength ? `${characters.slice(0, maxNameLength - 1).join('')}…` : name;
}

/** In the place of its type, a network says that it is damaged: none of its values is sure. */
function showType({ network_type: type, damage }: DatabaseRow): Cell {
  return damage === undefined ? String(type) : 'damaged';
}

function showCreation({ created }: DatabaseRow): Cell {
  return created === undefined ? null : String(created).slice(0, 16).replace('T', ' ');
}

function showParameter(value: DatabaseRow[string] | undefined): Cell {
  if (value === undefined || value === null) return null;
  return typeof value === 'number' ? Number(value.toPrecision(6)) : String(value);
}

function showBestVoting(row: DatabaseRow): Cell {
  const best = ['patch_voting', 'all_voting', 'spikes_first'].find(
    (method) =>
      typeof row[`${method}_accuracy`] === 'number' && row[`${method}_accuracy`] === row.best_voting_accuracy,
  );
  return best === undefined ? null : showScore(row, best);
}

function showScore(row: DatabaseRow, method: string): Cell {
  const accuracy = row[`${method}_accuracy`];
  const error = row[`${method}_error`];
  if (typeof accuracy !== 'number' || typeof error !== 'number') return null;
  return `${(100 * accuracy).toFixed(1)} ± ${(100 * error).toFixed(1)}`;
}
