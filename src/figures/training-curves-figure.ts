/** Loss and accuracy of a training, epoch by epoch or update by update. */
import { defineFigure } from './definition.js';
import type { CurvesSource } from './sources.js';
import type { Data } from 'plotly.js-dist';
import { invalidArgument } from '../errors.js';
import { objects, readOptions, type Schema, text } from '../options.js';
import type { Figure } from './figure.js';
import { colors, createFigure, figureFields, type FigureOptions } from './theme.js';

export interface TrainingPoint {
  /** Number of epochs or updates that were done. */
  readonly x: number;
  readonly loss: number;
  /** Shares of correct images in [0, 1]; null: not tested then. */
  readonly trainCorrect: number;
  readonly testCorrect: number | null;
}

export interface TrainingCurvesOptions extends FigureOptions {
  /** What `x` counts (default: `epoch`). */
  unit?: string;
}

const schema: Schema<TrainingCurvesOptions> = {
  ...figureFields,
  unit: text,
};

/** So many points and more are drawn as a line alone. */
const crowd = 40;
/** Shares of the height: accuracy above, loss below. */
const domains = { accuracy: [0.55, 1] as [number, number], loss: [0, 0.45] as [number, number] };

export function trainingCurvesFigure(
  points: readonly TrainingPoint[],
  options: TrainingCurvesOptions = {},
): Figure {
  const { title, unit = 'epoch' } = readOptions('trainingCurvesFigure', schema, options);
  objects('trainingCurvesFigure', 'points', points);
  if (points.length === 0) throw invalidArgument('trainingCurvesFigure', 'at least one point', '[]');
  const mode = points.length > crowd ? 'lines' : 'lines+markers';
  const x = points.map((point) => point.x);
  const tested = points.flatMap(({ x: at, testCorrect }) =>
    testCorrect === null ? [] : [{ at, testCorrect }],
  );
  const hover = (what: string) => `${unit} %{x}: ${what}<extra>%{fullData.name}</extra>`;
  const line = (color: string) => ({ color, width: points.length > crowd ? 1 : 1.8 });
  const training: Data[] = [
    {
      type: 'scatter',
      mode,
      name: 'training images',
      x,
      y: points.map(({ trainCorrect }) => 100 * trainCorrect),
      xaxis: 'x2',
      line: line(colors.blue),
      marker: { symbol: 'circle', size: 6 },
      hovertemplate: hover('%{y:.2f} %'),
    },
    {
      type: 'scatter',
      mode,
      name: 'loss',
      x,
      y: points.map(({ loss }) => loss),
      yaxis: 'y2',
      line: line(colors.green),
      marker: { symbol: 'diamond', size: 6 },
      hovertemplate: hover('loss %{y:.4g}'),
    },
  ];
  const testing: Data = {
    type: 'scatter',
    mode: 'lines+markers',
    name: 'test images',
    x: tested.map(({ at }) => at),
    y: tested.map(({ testCorrect }) => 100 * testCorrect),
    xaxis: 'x2',
    line: { color: colors.orange, width: 1.8 },
    marker: { symbol: 'square', size: 6 },
    hovertemplate: hover('%{y:.2f} %'),
  };
  return createFigure(
    tested.length > 0 ? [training[0], testing, training[1]] : training,
    {
      xaxis: { title: { text: unit }, anchor: 'y2', ...(points.length <= 20 ? { dtick: 1 } : {}) },
      xaxis2: { matches: 'x', anchor: 'y', showticklabels: false },
      yaxis: { title: { text: 'accuracy [%]' }, domain: domains.accuracy, anchor: 'x2' },
      yaxis2: { title: { text: 'loss' }, domain: domains.loss, rangemode: 'tozero', anchor: 'x' },
      showlegend: true,
      legend: { x: 1.02, y: 1, xanchor: 'left', yanchor: 'top' },
    },
    { title: title ?? 'Loss and accuracy in training', plotWidth: 560, plotHeight: 440, right: 170 },
  );
}

trainingCurvesFigure.definition = defineFigure({
  name: 'training-curves',
  method: 'trainingCurvesFigure',
  topic: 'learning',
  describe: 'loss and accuracy in the course of a training',
  of: ['layered', 'relu'],
  draw: ({ curve, unit }: CurvesSource, options: FigureOptions = {}) =>
    trainingCurvesFigure(curve, { unit, ...readOptions('trainingCurvesFigure', figureFields, options) }),
  example: () =>
    trainingCurvesFigure(
      [1, 2, 3, 4].map((x) => ({
        x,
        loss: 0.4 / x,
        trainCorrect: 1 - 0.3 / x,
        testCorrect: x % 2 === 0 ? 1 - 0.2 / x : null,
      })),
      { unit: 'update' },
    ),
  gallery: [{ caption: 'Training of a deep network' }],
});
