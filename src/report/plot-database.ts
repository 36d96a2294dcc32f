/** The figure of a whole database: the best accuracy of every stored network. */
import { databaseFigure, type DatabasePoint, type Figure, type FigureOptions } from '../figures/index.js';
import { type DatabaseOptions, type DatabaseRow, type ListOptions, viewDatabase } from '../store/index.js';

/** Stored networks that were scored, as `databaseFigure` draws them. */
export function toDatabasePoints(rows: readonly DatabaseRow[]): DatabasePoint[] {
  return rows.flatMap((row): DatabasePoint[] => {
    const best = bestScore(row);
    if (!best || typeof row.c_w !== 'number' || typeof row.mean_weight !== 'number') return [];
    return [
      {
        name: row.name,
        networkType: String(row.network_type),
        nFilters: Number(row.n_filters),
        kernelSize: Number(row.kernel_size),
        cW: row.c_w,
        meanWeight: row.mean_weight,
        nIter: Number(row.n_iter),
        ...best,
      },
    ];
  });
}

/** @throws LocusError as `viewDatabase` */
export function plotDatabase(options: ListOptions & DatabaseOptions & FigureOptions = {}): Figure {
  const { title, ...query } = options;
  return databaseFigure(toDatabasePoints(viewDatabase(query)), { title });
}

const methods = ['patch_voting', 'all_voting', 'spikes_first', 'lc'] as const;

function bestScore(row: DatabaseRow): { accuracy: number; error: number } | undefined {
  return methods
    .flatMap((method) => {
      const [accuracy, error] = [row[`${method}_accuracy`], row[`${method}_error`]];
      return typeof accuracy === 'number' && typeof error === 'number' ? [{ accuracy, error }] : [];
    })
    .sort((a, b) => b.accuracy - a.accuracy)[0];
}
