/** Trained competition: YY weights of every receptive field as a matrix from source to target filter. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import type { SnnSource } from './sources.js';
import { requireCompetition } from './require-result.js';
import { invalidArgument } from '../errors.js';
import { readOptions } from '../options.js';
import type { Figure } from './figure.js';
import { type ShapedArray, shapedField } from './results.js';
import { quantile } from './statistics.js';
import { colorBar, createFigure, figureFields, type FigureOptions, magnitudeScale } from './theme.js';
import { pictureAxes, pictureScale } from './tile-filters.js';

/** Matrix pixels left white between receptive fields. */
const gap = 2;

/** Share of the weights that are drawn in the colour of the end of the scale. */
const strongest = 0.005;

/** @param weights [position, source filter, target filter], mV */
export function weightsYYFigure(weights: ShapedArray, options: FigureOptions = {}): Figure {
  const { title } = readOptions('weightsYYFigure', figureFields, options);
  const { shape, data } = shapedField('weightsYYFigure', 'weights', weights);
  const [nPositions, n] = shape;
  if (shape.length !== 3 || shape[2] !== n || data.length !== nPositions * n * n || data.length === 0) {
    throw invalidArgument('weightsYYFigure', 'weights [position, source filter, target filter]', shape);
  }
  const side = Math.ceil(Math.sqrt(nPositions));
  const lines = Math.ceil(nPositions / side);
  const step = n + gap;
  const width = side * step - gap;
  const height = lines * step - gap;
  const rows = Array.from({ length: height }, () => new Float32Array(width).fill(Number.NaN));
  for (let position = 0; position < nPositions; position++) {
    const left = (position % side) * step;
    const top = Math.floor(position / side) * step;
    for (let source = 0; source < n; source++) {
      const from = (position * n + source) * n;
      rows[top + source].set(data.subarray(from, from + n), left);
      // A neuron has no weight onto itself.
      rows[top + source][left + source] = Number.NaN;
    }
  }
  const scale = pictureScale(width, 600);
  const axes = pictureAxes(width, height);
  const ticks = (count: number) => ({
    tickvals: Array.from({ length: count }, (_, i) => i * step + (n - 1) / 2),
    ticktext: Array.from({ length: count }, (_, i) => String(i)),
  });
  const single = nPositions === 1;
  return createFigure(
    [
      {
        type: 'heatmap',
        z: rows as unknown as number[][],
        colorscale: magnitudeScale,
        // Strong inhibition is bright.
        reversescale: true,
        zmax: 0,
        // A few weights are far stronger than all others.
        zmin: quantile(Float64Array.from(data).sort(), strongest) || -1,
        zauto: false,
        hoverongaps: false,
        hovertemplate: '%{z:.1f} mV<extra></extra>',
        colorbar: colorBar('weight [mV], the strongest 0.5 % alike', Math.min(320, height * scale)),
      },
    ],
    {
      xaxis: {
        ...axes.xaxis,
        title: { text: single ? 'target filter' : 'receptive field, column (in each: target filter)' },
        ...(single ? {} : ticks(side)),
      },
      yaxis: {
        ...axes.yaxis,
        title: { text: single ? 'source filter' : 'receptive field, row (in each: source filter)' },
        ...(single ? {} : ticks(lines)),
      },
    },
    {
      title: title ?? 'Competition between filters of a receptive field',
      plotWidth: width * scale,
      plotHeight: height * scale,
      right: 110,
      bottom: 62,
    },
  );
}

weightsYYFigure.definition = defineFigure({
  name: 'weights-yy',
  method: 'weightsYYFigure',
  topic: 'competition',
  describe: 'trained competition between all filters',
  of: ['snn'],
  draw: (network: SnnSource, options?: FigureOptions) =>
    weightsYYFigure(requireCompetition(network, 'weightsYYFigure'), options),
  example: () => weightsYYFigure(example.weightsYY),
  gallery: [
    { file: 'competition', caption: 'Trained competition', network: { network_type: 'LC_SNN', c_l: true } },
  ],
});
