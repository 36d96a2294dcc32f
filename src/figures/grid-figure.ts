/** What a grid search found: a heat map over two parameters, the best marked. */
import { defineFigure } from './definition.js';
import type { SearchSource } from './sources.js';
import { invalidArgument } from '../errors.js';
import { readOptions, required, type Schema, text } from '../options.js';
import type { Figure } from './figure.js';
import {
  colorBar,
  colors,
  createFigure,
  figureFields,
  type FigureOptions,
  magnitudeScale,
  roomForLabels,
} from './theme.js';

export interface GridCell {
  /** Values of the two parameters. */
  readonly x: number | string;
  readonly y: number | string;
  /** Accuracy in [0, 1]. */
  readonly accuracy: number;
}

export interface GridFigureOptions extends FigureOptions {
  /** Names (with units) of the parameters. */
  x: string;
  y: string;
}

const schema: Schema<GridFigureOptions> = {
  ...figureFields,
  x: required(text),
  y: required(text),
};

/** Of several cells at one place the best is shown; places without a cell stay white. */
export function gridFigure(cells: readonly GridCell[], options: GridFigureOptions): Figure {
  const { title, x: xName, y: yName } = readOptions('gridFigure', schema, options);
  if (cells.length === 0) throw invalidArgument('gridFigure', 'at least one cell', '[]');
  const xs = sortValues(cells.map(({ x }) => x));
  const ys = sortValues(cells.map(({ y }) => y));
  const values = ys.map(() => xs.map((): number | null => null));
  for (const { x, y, accuracy } of cells) {
    const [row, column] = [ys.indexOf(y), xs.indexOf(x)];
    values[row][column] = Math.max(values[row][column] ?? 0, 100 * accuracy);
  }
  const all = cells.map(({ accuracy }) => 100 * accuracy);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const cell = Math.max(46, Math.min(72, 560 / Math.max(xs.length, ys.length)));
  return createFigure(
    [
      {
        type: 'heatmap',
        x: xs.map(nameValue),
        y: ys.map(nameValue),
        z: values as number[][],
        colorscale: magnitudeScale,
        hoverongaps: false,
        xgap: 1,
        ygap: 1,
        hovertemplate: `${xName} %{x}, ${yName} %{y}: %{z:.2f} %<extra></extra>`,
        colorbar: colorBar('accuracy [%]', Math.max(140, cell * ys.length)),
      },
    ],
    {
      xaxis: { title: { text: xName }, type: 'category' },
      yaxis: { title: { text: yName }, type: 'category' },
      annotations: values.flatMap((row, y) =>
        row.flatMap((value, x) =>
          value === null
            ? []
            : [
                {
                  x,
                  y,
                  text: value === most ? `<b>${value.toFixed(1)}</b>` : value.toFixed(1),
                  showarrow: false,
                  font: { size: 12, color: value - least > 0.6 * (most - least) ? '#000000' : '#FFFFFF' },
                  ...(value === most ? { bordercolor: colors.orange, borderwidth: 2, borderpad: 4 } : {}),
                },
              ],
        ),
      ),
    },
    {
      title: title ?? `Best of the grid: ${most.toFixed(1)} %`,
      plotWidth: cell * Math.max(xs.length, 4),
      plotHeight: cell * Math.max(ys.length, 3),
      left: roomForLabels(ys.map(nameValue)) + 8,
      right: 110,
    },
  );
}

gridFigure.definition = defineFigure({
  name: 'grid',
  method: 'gridFigure',
  topic: 'many networks',
  describe: 'accuracy over two axes of a search',
  of: ['search'],
  draw: ({ cells, x, y }: SearchSource, options: FigureOptions = {}) =>
    gridFigure(cells, { x, y, ...readOptions('gridFigure', figureFields, options) }),
  example: () =>
    gridFigure(
      [
        { x: -100, y: 0.2, accuracy: 0.7 },
        { x: -50, y: 0.2, accuracy: 0.75 },
        { x: -100, y: 0.4, accuracy: 0.8 },
        { x: -100, y: 0.4, accuracy: 0.78 },
      ],
      { x: 'c_w [mV]', y: 'mean_weight' },
    ),
  gallery: [{ caption: 'A grid search' }],
});

function sortValues(values: readonly (number | string)[]): (number | string)[] {
  return [...new Set(values)].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)),
  );
}

function nameValue(value: number | string): string {
  return String(value).replace(/^-/, '−');
}
