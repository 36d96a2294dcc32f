/** The filters of a network: XY weights as pictures, tiled per receptive field. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import type { SnnSource } from './sources.js';
import { readOptions } from '../options.js';
import type { Data } from 'plotly.js-dist';
import type { Figure } from './figure.js';
import { type ShapedArray, shapedField } from './results.js';
import { colorBar, createFigure, figureFields, type FigureOptions, magnitudeScale } from './theme.js';
import { type FilterTiles, pictureAxes, pictureScale, tileFilters } from './tile-filters.js';

/**
 * @param weights LC [filter, row, column, ky, kx], C [filter, ky, kx], FC [filter, y, x]
 */
export function weightsXYFigure(weights: ShapedArray, options: FigureOptions = {}): Figure {
  const { title } = readOptions('weightsXYFigure', figureFields, options);
  const tiles = tileFilters(shapedField('weightsXYFigure', 'weights', weights), 'weightsXYFigure');
  const { width, height } = tiles;
  const scale = pictureScale(width);
  const axes = pictureAxes(width, height);
  const labels = tiles.side > 1 ? labelBlocks(tiles) : labelFilters(tiles);
  return createFigure(
    [filterTrace(tiles, { colorbar: colorBar('weight', Math.min(320, height * scale)) })],
    {
      xaxis: { ...axes.xaxis, ...labels.x },
      yaxis: { ...axes.yaxis, ...labels.y },
    },
    {
      title: title ?? 'Weights from input to output',
      plotWidth: width * scale,
      plotHeight: height * scale,
      right: 104,
      bottom: 62,
    },
  );
}

weightsXYFigure.definition = defineFigure({
  name: 'weights-xy',
  method: 'weightsXYFigure',
  topic: 'weights',
  describe: 'all filters',
  of: ['snn'],
  draw: (network: SnnSource, options?: FigureOptions) => weightsXYFigure(network.weightsXY, options),
  example: () => weightsXYFigure(example.weightsLC),
  gallery: [
    { file: 'weights-lc', caption: 'Filters of a locally connected network' },
    {
      file: 'weights-c',
      caption: 'Filters of a convolutional network',
      network: { network_type: 'C_SNN' },
    },
    {
      file: 'weights-fc',
      caption: 'Filters of a fully connected network',
      network: { network_type: 'FC_SNN' },
    },
  ],
});

/** The tiles as one picture. */
export function filterTrace(tiles: FilterTiles, options: object = {}): Data {
  return {
    type: 'heatmap',
    z: tiles.rows as unknown as number[][],
    customdata: tiles.filters as unknown as number[][],
    zmin: 0,
    zmax: 1,
    zauto: false,
    colorscale: magnitudeScale,
    hoverongaps: false,
    hovertemplate: 'filter %{customdata}: %{z:.3f}<extra></extra>',
    ...options,
  };
}

/** Ticks that count receptive fields. */
function labelBlocks({ side, blockStep, width, height, nFilters }: FilterTiles) {
  const ticktext = Array.from({ length: side }, (_, i) => String(i));
  const middle = (blockStep - 5) / 2;
  const rowStep = (height + 4) / side;
  return {
    x: {
      title: { text: `receptive field, column (${nFilters} filters in each)` },
      tickvals: ticktext.map((_, i) => Math.min(width, i * blockStep + middle)),
      ticktext,
    },
    y: {
      title: { text: 'receptive field, row' },
      tickvals: ticktext.map((_, i) => i * rowStep + (rowStep - 5) / 2),
      ticktext,
    },
  };
}

/** Ticks that count filters: the number of a filter is the row's plus the column's. */
export function labelFilters({ columns, nFilters, tileStep, kernelSize }: FilterTiles) {
  const middle = (kernelSize - 1) / 2;
  const lines = Math.ceil(nFilters / columns);
  const every = Math.ceil(columns / 16);
  const xs = Array.from({ length: columns }, (_, i) => i).filter((i) => i % every === 0);
  const ys = Array.from({ length: lines }, (_, i) => i).filter((i) => i % every === 0);
  return {
    x: {
      title: { text: 'filter (row + column)' },
      tickvals: xs.map((i) => i * tileStep + middle),
      ticktext: xs.map((i) => `+${i}`),
    },
    y: {
      title: { text: 'first filter of the row' },
      tickvals: ys.map((i) => i * tileStep + middle),
      ticktext: ys.map((i) => String(i * columns)),
    },
  };
}
