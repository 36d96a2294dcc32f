/** The database as a table for people. */
import { requirePackage } from '../node/require-package.js';
import type { DatabaseRow } from './database.js';
import { isHash } from './network-record.js';

interface TableColumn {
  readonly head: string;
  readonly align: 'left' | 'right';
  readonly show: (row: DatabaseRow) => string;
  /** Left out if no row has something to show. */
  readonly optional?: boolean;
}

const maxNameLength = 24;

const tableColumns: readonly TableColumn[] = [
  { head: 'name', align: 'left', show: ({ name }) => shortName(name) },
  { head: 'network_type', align: 'left', show: (row) => String(row.network_type) },
  ...['n_filters', 'kernel_size', 'mean_weight', 'c_w', 'n_iter', 'seed'].map(
    (name): TableColumn => ({ head: name, align: 'right', show: (row) => showParameter(row[name]) }),
  ),
  { head: 'voting %', align: 'right', show: showBestVoting },
  { head: 'lc %', align: 'right', show: (row) => showScore(row, 'lc') },
  { head: 'output %', align: 'right', show: (row) => showScore(row, 'output'), optional: true },
  { head: 'created', align: 'left', show: ({ created }) => String(created).slice(0, 16).replace('T', ' ') },
];

/**
 * The rows of `viewDatabase` as a table: the first 8 characters of a hash or a whole given name, the main parameters, the best
 * voting method's accuracy and the linear classifier's with their errors, the time of creation (UTC).
 */
export function formatTable(rows: readonly DatabaseRow[]): string {
  const columns = tableColumns.filter(
    ({ optional, show }) => !optional || rows.some((row) => show(row) !== ''),
  );
  const Table = requirePackage('cli-table3');
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align }) => align),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => columns.map(({ show }) => show(row))));
  return table.toString();
}

function shortName(name: string): string {
  if (isHash(name)) return name.slice(0, 8);
  return name.length > maxNameLength ? `${name.slice(0, maxNameLength - 1)}…` : name;
}

function showParameter(value: DatabaseRow[string]): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
}

function showBestVoting(row: DatabaseRow): string {
  const best = ['patch_voting', 'all_voting', 'spikes_first'].find(
    (method) => row[`${method}_accuracy`] !== null && row[`${method}_accuracy`] === row.best_voting_accuracy,
  );
  return best === undefined ? '' : showScore(row, best);
}

function showScore(row: DatabaseRow, method: string): string {
  const accuracy = row[`${method}_accuracy`];
  const error = row[`${method}_error`];
  if (typeof accuracy !== 'number' || typeof error !== 'number') return '';
  return `${(100 * accuracy).toFixed(1)} ± ${(100 * error).toFixed(1)}`;
}
