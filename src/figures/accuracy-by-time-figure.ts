/** How soon converted networks answer correctly: accuracy against simulated time, with the ReLU network's own. */
import { defineFigure } from './definition.js';
import type { ConvertedSource } from './sources.js';
import type { Data } from 'plotly.js-dist';
import { invalidArgument } from '../errors.js';
import { custom, number, readOptions, record, type Schema } from '../options.js';
import type { Figure } from './figure.js';
import { colorway, createFigure, figureFields, type FigureOptions, ink, roomForLabels } from './theme.js';

export interface TimeCurve {
  /** Simulated time [ms]. */
  readonly times: ArrayLike<number>;
  /** In [0, 1], as many. */
  readonly accuracy: ArrayLike<number>;
}

export interface AccuracyByTimeOptions extends FigureOptions {
  /** Accuracy of the ReLU network in [0, 1]. */
  ann?: number;
}

const schema: Schema<AccuracyByTimeOptions> = {
  ...figureFields,
  ann: number({ least: 0, most: 1 }),
};

/** @param curves by name: how the network was normalised */
const curvesField = record<TimeCurve>(
  custom('to be a curve { times, accuracy }', (value) => {
    const { times, accuracy } = (value ?? {}) as Partial<TimeCurve>;
    return [times, accuracy].every((each) => Array.isArray(each) || ArrayBuffer.isView(each));
  }),
);

export function accuracyByTimeFigure(
  curves: Readonly<Record<string, TimeCurve>>,
  options: AccuracyByTimeOptions = {},
): Figure {
  const { title, ann } = readOptions('accuracyByTimeFigure', schema, options);
  const entries = Object.entries(curvesField('accuracyByTimeFigure', 'curves', curves));
  if (entries.length === 0) throw invalidArgument('accuracyByTimeFigure', 'at least one curve', '{}');
  const traces = entries.map(([name, { times, accuracy }], index): Data => {
    if (times.length !== accuracy.length)
      throw invalidArgument(`accuracyByTimeFigure, ${name}`, `${times.length} accuracies`, accuracy.length);
    return {
      type: 'scatter',
      mode: 'lines',
      name,
      x: Array.from(times),
      y: Array.from(accuracy, (share) => 100 * share),
      line: { color: colorway[index % colorway.length], width: 2 },
      hovertemplate: '%{x:~g} ms: %{y:.2f} %<extra>%{fullData.name}</extra>',
    };
  });
  const last = Math.max(...entries.map(([, { times }]) => times[times.length - 1] ?? 0));
  if (ann !== undefined) {
    traces.push({
      type: 'scatter',
      mode: 'lines',
      name: 'ReLU network',
      x: [0, last],
      y: [100 * ann, 100 * ann],
      line: { color: ink, width: 1.2, dash: 'dash' },
      hovertemplate: '%{y:.2f} %<extra>%{fullData.name}</extra>',
    });
  }
  return createFigure(
    traces,
    {
      xaxis: { title: { text: 'simulated time [ms]' }, range: [0, last] },
      yaxis: { title: { text: 'accuracy [%]' }, range: [0, 102] },
      showlegend: true,
      legend: { x: 1.02, y: 1, xanchor: 'left', yanchor: 'top' },
    },
    {
      title: title ?? 'Accuracy by simulated time',
      plotWidth: 520,
      plotHeight: 340,
      right: Math.max(190, roomForLabels(traces.map((trace) => String(trace.name)))),
    },
  );
}

accuracyByTimeFigure.definition = defineFigure({
  name: 'accuracy-by-time',
  method: 'accuracyByTimeFigure',
  topic: 'conversion',
  describe: 'how soon all conversions of one ReLU network answer',
  of: ['converted'],
  draw: (network: ConvertedSource, given: FigureOptions = {}) => {
    const options = readOptions('accuracyByTimeFigure', figureFields, given);
    const { curves, ann } = network.accuracyByTime();
    return accuracyByTimeFigure(curves, { ann, ...options });
  },
  example: () => {
    const times = Array.from({ length: 40 }, (_, i) => i + 1);
    const answering = (delay: number) => ({
      times,
      accuracy: times.map((t) => 0.1 + 0.89 / (1 + Math.exp(delay - t))),
    });
    const curves = {
      'not normalised': answering(5),
      'by the data': answering(15),
      'by the model': answering(60),
    };
    return accuracyByTimeFigure(curves, { ann: 0.992 });
  },
  gallery: [{ caption: 'How soon converted networks answer' }],
});
