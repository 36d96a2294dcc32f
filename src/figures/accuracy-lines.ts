/** Accuracies by method along one axis, with their errors. */
import type { Data } from 'plotly.js-dist';
import { invalidArgument } from '../errors.js';
import { objects } from '../options.js';
import type { Figure } from './figure.js';
import type { AccuracyResult } from './results.js';
import { colorway, createFigure } from './theme.js';

/** The accuracies of one network or setting. */
export interface AccuracyPoint {
  readonly x: number;
  /** By readout method under its published name. */
  readonly scores: Readonly<Partial<Record<string, AccuracyResult>>>;
}

/** People's names of the readout methods. */
export const methodNames: Readonly<Record<string, string>> = {
  patch_voting: 'patch voting',
  all_voting: 'all voting',
  spikes_first: 'spikes first',
  lc: 'linear classifier',
};

const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'star'] as const;

export function accuracyLines(
  points: readonly AccuracyPoint[],
  { title, axis, place, whole = false }: { title: string; axis: string; place: string; whole?: boolean },
): Figure {
  objects(place, 'points', points);
  if (points.length === 0) throw invalidArgument(place, 'at least one point', '[]');
  const methods = [...new Set(points.flatMap(({ scores }) => Object.keys(scores)))];
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const traces = methods.map((method, index): Data => {
    const own = sorted.flatMap(({ x, scores }) => {
      const score = scores[method];
      return score ? [{ x, ...score }] : [];
    });
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: methodNames[method] ?? method,
      x: own.map(({ x }) => x),
      y: own.map(({ accuracy }) => 100 * accuracy),
      error_y: { type: 'data', array: own.map(({ error }) => 100 * error), thickness: 1.2, width: 4 },
      marker: { symbol: symbols[index % symbols.length], size: 7 },
      line: { color: colorway[index % colorway.length], width: 1.8 },
      hovertemplate: '%{x}: %{y:.2f} %<extra>%{fullData.name}</extra>',
    };
  });
  return createFigure(
    traces,
    {
      xaxis: {
        title: { text: axis },
        // A point at 0 would lie on the frame.
        ...(whole && points.length <= 20 ? { dtick: 1 } : sorted[0].x > 0 ? { rangemode: 'tozero' } : {}),
      },
      yaxis: { title: { text: 'accuracy [%]' } },
      showlegend: true,
      legend: { x: 1.02, y: 1, xanchor: 'left', yanchor: 'top' },
    },
    { title, plotWidth: 520, plotHeight: 340, right: 170 },
  );
}
