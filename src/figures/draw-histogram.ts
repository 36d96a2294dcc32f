/** Bars of a histogram with the mean of what they count. */
import type { Layout } from 'plotly.js-dist';
import type { Figure } from './figure.js';
import { colors, createFigure } from './theme.js';

export interface HistogramBars {
  /** Middle of every bin. */
  readonly centres: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
  readonly width: number;
}

export interface HistogramWords {
  readonly title: string;
  /** What is counted in bins, for the axis: `competition weight [mV]`. */
  readonly value: string;
  /** Behind a number: ` mV`. */
  readonly unit: string;
  /** What has the values: `weights`. */
  readonly items: string;
  /** Mean of the values; NaN of none, which draws no line. */
  readonly mean: number;
  /** Decimal places of a value. */
  readonly digits: number;
}

export function drawHistogram(
  { centres, counts, width }: HistogramBars,
  { title, value, unit, items, mean, digits }: HistogramWords,
  axis: Partial<Layout['xaxis']> = {},
): Figure {
  const { shapes, annotations } = Number.isNaN(mean)
    ? {}
    : markMean(mean, `mean ${mean.toFixed(digits).replace('-', '−')}${unit}`);
  return createFigure(
    [
      {
        type: 'bar',
        x: Float64Array.from(centres),
        y: Float64Array.from(counts),
        width,
        marker: { color: colors.sky, line: { width: 0 } },
        hovertemplate: `%{x:.${digits}f}${unit}: %{y} ${items}<extra></extra>`,
      },
    ],
    {
      xaxis: { title: { text: value }, ...axis },
      yaxis: { title: { text: `number of ${items}` } },
      shapes,
      annotations,
    },
    { title, plotWidth: 520, plotHeight: 320, top: 18, left: 76 },
  );
}

function markMean(mean: number, text: string): Pick<Layout, 'shapes' | 'annotations'> {
  return {
    shapes: [
      {
        type: 'line',
        yref: 'paper',
        x0: mean,
        x1: mean,
        y0: 0,
        y1: 1,
        line: { color: colors.orange, width: 1.5, dash: 'dash' },
      },
    ],
    annotations: [
      {
        x: mean,
        yref: 'paper',
        y: 1,
        yanchor: 'bottom',
        text,
        showarrow: false,
        font: { color: colors.orange },
      },
    ],
  };
}
