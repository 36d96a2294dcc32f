/** All networks of a database in space: competition × mean weight × accuracy; a click copies a network's name. */
import { defineFigure } from './definition.js';
import { escapeHtml } from './escape-html.js';
import type { DatabaseSource } from './sources.js';
import { scoresOfRow } from './scores-of-row.js';
import { objects, readOptions } from '../options.js';
import type { Data } from 'plotly.js-dist';
import type { Figure } from './figure.js';
import { colorBar, createFigure, faint, figureFields, type FigureOptions, magnitudeScale } from './theme.js';
import { countOf } from '../wording.js';

/** A network of the database. */
export interface DatabasePoint {
  readonly name: string;
  readonly networkType: string;
  readonly nFilters: number;
  readonly kernelSize: number;
  /** Competition weight [mV]. */
  readonly cW: number;
  readonly meanWeight: number;
  /** Training images. */
  readonly nIter: number;
  /** In [0, 1]. */
  readonly accuracy: number;
  readonly error: number;
}

/** A row of the database: parameters and scores under their published names. */
export type DatabaseRowLike = Readonly<Record<string, unknown>> & { readonly name: string };

const symbols: Readonly<Record<string, string>> = { LC_SNN: 'circle', C_SNN: 'square', FC_SNN: 'diamond' };

/** Stored networks that were scored, as `databaseFigure` draws them. */
export function toDatabasePoints(rows: readonly DatabaseRowLike[]): DatabasePoint[] {
  objects('toDatabasePoints', 'rows', rows);
  return rows.flatMap((row): DatabasePoint[] => {
    const [best] = Object.values(scoresOfRow(row)).sort((a, b) => b.accuracy - a.accuracy);
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

/** Networks without an accuracy are left out by the caller. */
export function databaseFigure(points: readonly DatabasePoint[], options: FigureOptions = {}): Figure {
  const { title } = readOptions('databaseFigure', figureFields, options);
  objects('databaseFigure', 'points', points);
  const types = [...new Set(points.map(({ networkType }) => networkType))].sort();
  const traces = types.map((type, index): Data => {
    const own = points.filter(({ networkType }) => networkType === type);
    return {
      type: 'scatter3d',
      mode: 'markers',
      name: escapeHtml(type),
      x: own.map(({ cW }) => cW),
      y: own.map(({ meanWeight }) => meanWeight),
      z: own.map(({ accuracy }) => 100 * accuracy),
      error_z: {
        type: 'data',
        array: own.map(({ error }) => 100 * error),
        color: faint,
        thickness: 2,
        width: 4,
      },
      customdata: own.map(({ name }) => name),
      text: own.map(
        ({ name, nFilters, kernelSize, nIter, accuracy, error }) =>
          `${/^[0-9a-f]{56}$/.test(name) ? `${name.slice(0, 12)}…` : escapeHtml(name)}<br>${escapeHtml(type)} ${nFilters} filters, kernel ${kernelSize}, ` +
          `${countOf(nIter, 'image')}<br>${(100 * accuracy).toFixed(2)} ± ${(100 * error).toFixed(2)} %`,
      ),
      hovertemplate: '%{text}<br>c_w %{x} mV, mean_weight %{y}<br>click: copy the name<extra></extra>',
      marker: {
        symbol: symbols[type] ?? 'cross',
        size: 5,
        color: own.map(({ nIter }) => nIter),
        coloraxis: 'coloraxis',
        line: { color: '#FFFFFF', width: 0.5 },
      },
      showlegend: types.length > 1,
      legendrank: index,
    };
  });
  return createFigure(
    traces,
    {
      meta: { copyOnClick: true },
      coloraxis: { colorscale: magnitudeScale, colorbar: colorBar('training images', 300) },
      scene: {
        xaxis: { title: { text: 'c_w [mV]' } },
        yaxis: { title: { text: 'mean_weight' } },
        zaxis: { title: { text: 'accuracy [%]' } },
        camera: { eye: { x: 1.35, y: -1.45, z: 0.7 }, center: { x: 0, y: 0, z: -0.12 } },
        aspectmode: 'cube',
      },
      showlegend: types.length > 1,
      legend: { x: 0, y: 1, xanchor: 'left', yanchor: 'top' },
    },
    {
      title: title ?? `Networks of the database: ${points.length}`,
      plotWidth: 660,
      plotHeight: 520,
      left: 16,
      right: 120,
      bottom: 16,
    },
  );
}

databaseFigure.definition = defineFigure({
  name: 'database',
  method: 'databaseFigure',
  topic: 'many networks',
  describe: 'all scored networks of a database in space; a click copies a name',
  of: ['database'],
  draw: ({ rows }: DatabaseSource, options?: FigureOptions) =>
    databaseFigure(toDatabasePoints(rows), options),
  example: () => {
    const network = { nFilters: 25, kernelSize: 12, error: 0.004 };
    return databaseFigure([
      {
        ...network,
        name: 'a <b>',
        networkType: 'LC_SNN',
        cW: -100,
        meanWeight: 0.4,
        nIter: 4000,
        accuracy: 0.8,
      },
      {
        ...network,
        name: '0f'.repeat(28),
        networkType: 'FC_SNN',
        cW: -80,
        meanWeight: 0.3,
        nIter: 500,
        accuracy: 0.7,
      },
    ]);
  },
  gallery: [{ caption: 'All networks of a database' }],
});
