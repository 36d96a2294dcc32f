/** Reproduced accuracies beside the published ones, row by row of the table. */
import { defineFigure } from './definition.js';
import type { TableSource } from './sources.js';
import type { Data } from 'plotly.js-dist';
import { invalidArgument } from '../errors.js';
import { list, objects, readOptions, type Schema, text } from '../options.js';
import type { Figure } from './figure.js';
import { colors, createFigure, figureFields, type FigureOptions, roomForLabels } from './theme.js';

/** Mean and standard deviation over networks, in per cent. */
export interface MeanAccuracy {
  readonly mean: number;
  readonly sd: number;
}

export interface TableRow {
  /** `4: LC 25, kernel 12, trained competition`. */
  readonly name: string;
  /** By method, in the order of `methods`; null: not measured. */
  readonly published: readonly (MeanAccuracy | null)[];
  readonly reproduced: readonly (MeanAccuracy | null)[];
}

export interface TableFigureOptions extends FigureOptions {
  methods?: readonly string[];
}

const schema: Schema<TableFigureOptions> = {
  ...figureFields,
  methods: list(text, { least: 1 }),
};

const rowHeight = 34;
const panelGap = 40;

export function tableFigure(rows: readonly TableRow[], options: TableFigureOptions = {}): Figure {
  const { title, methods = ['best voting algorithm', 'linear classifier'] } = readOptions(
    'tableFigure',
    schema,
    options,
  );
  objects('tableFigure', 'rows', rows);
  if (rows.length === 0) throw invalidArgument('tableFigure', 'at least one row', '[]');
  const wrong = rows.find(
    ({ published, reproduced }) =>
      published.length !== methods.length || reproduced.length !== methods.length,
  );
  if (wrong) throw invalidArgument('tableFigure', `${methods.length} accuracies in each row`, wrong);
  const names = rows.map(({ name }) => name);
  const panelWidth = 300;
  const width = methods.length * panelWidth + (methods.length - 1) * panelGap;
  const data = methods.flatMap((_, method): Data[] =>
    (['published', 'reproduced'] as const).map((kind): Data => {
      const isOurs = kind === 'reproduced';
      const own = rows.flatMap((row, y) => {
        const value = row[kind][method];
        return value ? [{ ...value, y }] : [];
      });
      return {
        type: 'scatter',
        mode: 'markers',
        xaxis: method === 0 ? 'x' : (`x${method + 1}` as 'x'),
        name: kind,
        showlegend: method === 0,
        x: own.map(({ mean }) => mean),
        y: own.map(({ y }) => y + (isOurs ? 0.15 : -0.15)),
        error_x: { type: 'data', array: own.map(({ sd }) => sd), thickness: 1.5, width: 4 },
        marker: {
          symbol: isOurs ? 'circle' : 'square-open',
          size: 8,
          color: isOurs ? colors.blue : colors.orange,
        },
        customdata: own.map(({ sd }) => sd),
        hovertemplate: `${kind}: %{x:.1f} ± %{customdata:.1f} %<extra></extra>`,
      };
    }),
  );
  const axes = methods.map((method, i): [string, object] => [
    i === 0 ? 'xaxis' : `xaxis${i + 1}`,
    {
      domain: [(i * (panelWidth + panelGap)) / width, (i * (panelWidth + panelGap) + panelWidth) / width],
      title: { text: `${method}: accuracy [%]` },
      showgrid: true,
      gridcolor: '#E4E4E4',
      anchor: 'y',
      mirror: false,
    },
  ]);
  return createFigure(
    data,
    {
      ...Object.fromEntries(axes),
      yaxis: {
        range: [rows.length - 0.5, -0.5],
        tickvals: names.map((_, i) => i),
        ticktext: names,
        mirror: false,
        showline: false,
        showgrid: true,
        gridcolor: '#E4E4E4',
        ticks: '',
      },
      showlegend: true,
      legend: { orientation: 'h', x: 1, y: 1, xanchor: 'right', yanchor: 'bottom' },
    },
    {
      title: title ?? 'Accuracy: published and reproduced (mean ± standard deviation)',
      plotWidth: width,
      plotHeight: rowHeight * rows.length + 16,
      left: roomForLabels(names) - 22,
      top: 26,
    },
  );
}

tableFigure.definition = defineFigure({
  name: 'table',
  method: 'tableFigure',
  topic: 'many networks',
  describe: 'published and reproduced accuracies, row by row',
  of: ['table'],
  draw: ({ rows }: TableSource, options?: TableFigureOptions) => tableFigure(rows, options),
  example: () =>
    tableFigure([
      {
        name: '1: LC 1000, kernel 12',
        published: [
          { mean: 92.3, sd: 0.7 },
          { mean: 95.1, sd: 0.5 },
        ],
        reproduced: [{ mean: 92.9, sd: 0.2 }, null],
      },
      {
        name: '12: FC 100',
        published: [
          { mean: 81.4, sd: 0.9 },
          { mean: 82.1, sd: 0.8 },
        ],
        reproduced: [
          { mean: 81, sd: 0.5 },
          { mean: 85, sd: 0.4 },
        ],
      },
    ]),
  gallery: [{ caption: 'The accuracy table' }],
});
