/** Trained competition drawn over the filters of one receptive field: the stronger two compete, the stronger the line. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import type { SnnSource } from './sources.js';
import { requireCompetition } from './require-result.js';
import type { Data } from 'plotly.js-dist';
import { invalidArgument } from '../errors.js';
import { count, readOptions, type Schema } from '../options.js';
import { namePosition } from './best-voters.js';
import type { Figure } from './figure.js';
import { type ShapedArray, shapedField } from './results.js';
import { createFigure, figureFields, type FigureOptions } from './theme.js';
import { pictureAxes, pictureScale, selectPosition, tileFilters } from './tile-filters.js';
import { filterTrace, labelFilters } from './weights-xy-figure.js';

export interface CompetitionMapOptions extends FigureOptions {
  /** Receptive field, row by row; the one in the middle if left out. */
  position?: number;
  /** Number of lines: the strongest pairs (default: two per filter). */
  nLines?: number;
}

const schema: Schema<CompetitionMapOptions> = {
  ...figureFields,
  position: count({ least: 0 }),
  nLines: count({ least: 0 }),
};

export interface CompetingPair {
  readonly a: number;
  readonly b: number;
  /** Mean weight of both directions [mV]. */
  readonly weight: number;
}

/** Width classes of lines. */
const steps = 4;

/**
 * @param weightsXY LC [filter, row, column, ky, kx], C and FC [filter, ky, kx]
 * @param weightsYY [position, source filter, target filter], mV
 */
export function competitionMapFigure(
  weightsXY: ShapedArray,
  weightsYY: ShapedArray,
  options: CompetitionMapOptions = {},
): Figure {
  const place = 'competitionMapFigure';
  const given = readOptions(place, schema, options);
  shapedField(place, 'weightsXY', weightsXY);
  shapedField(place, 'weightsYY', weightsYY);
  const { title, position = Math.floor(weightsYY.shape[0] / 2), nLines } = given;
  const [nPositions, nFilters] = weightsYY.shape;
  if (!Number.isInteger(position) || position < 0 || position >= nPositions) {
    throw invalidArgument(place, `position from 0 to ${nPositions - 1}`, position);
  }
  if (weightsXY.shape[0] !== nFilters) {
    throw invalidArgument(place, `XY weights of ${nFilters} filters`, weightsXY.shape);
  }
  const tiles = tileFilters(selectPosition(weightsXY, position), place);
  const pairs = rankCompetingPairs(weightsYY, position).slice(0, nLines ?? 2 * nFilters);
  const middle = (tiles.kernelSize - 1) / 2;
  const locate = (filter: number) => ({
    x: (filter % tiles.columns) * tiles.tileStep + middle,
    y: Math.floor(filter / tiles.columns) * tiles.tileStep + middle,
  });
  const [weakest, strongest] = [pairs.at(-1)?.weight ?? 0, pairs[0]?.weight ?? 0];
  const classOf = ({ weight }: CompetingPair) =>
    Math.min(steps - 1, Math.floor(((weakest - weight) / (weakest - strongest || 1)) * steps));
  const lines = Array.from({ length: steps }, (_, step): Data => {
    const drawn = pairs.filter((pair) => classOf(pair) === step);
    const bound = (share: number) => (weakest + (strongest - weakest) * share).toFixed(0).replace('-', '−');
    const ends = drawn.flatMap(({ a, b }) => [locate(a), locate(b), { x: null, y: null }]);
    return {
      type: 'scatter',
      mode: 'lines',
      x: ends.map(({ x }) => x),
      y: ends.map(({ y }) => y),
      line: { color: lineColors[step], width: 1 + 1.4 * step },
      name: `${bound(step / steps)} … ${bound((step + 1) / steps)} mV`,
      hoverinfo: 'skip',
      showlegend: true,
    };
  });
  const scale = pictureScale(tiles.width, 560);
  const axes = pictureAxes(tiles.width, tiles.height);
  const labels = labelFilters(tiles);
  const where = nPositions > 1 ? `, receptive field (${namePosition(position, nPositions)})` : '';
  return createFigure(
    [
      filterTrace(tiles, { colorscale: 'Greys', reversescale: true, showscale: false }),
      ...lines,
      {
        type: 'scatter',
        mode: 'markers',
        ...pointsOf(pairs, locate),
        marker: { color: '#FFFFFF', size: 6, line: { color: '#000000', width: 1 } },
        hovertemplate: 'filter %{customdata}<extra></extra>',
        showlegend: false,
      },
    ],
    {
      xaxis: { ...axes.xaxis, ...labels.x },
      yaxis: { ...axes.yaxis, ...labels.y },
      showlegend: true,
      legend: {
        title: { text: `weight of the<br>${pairs.length} strongest pairs` },
        x: 1.02,
        y: 1,
        yanchor: 'top',
      },
    },
    {
      title: title ?? `Competition over the filters${where}`,
      plotWidth: tiles.width * scale,
      plotHeight: tiles.height * scale,
      right: 200,
      bottom: 62,
    },
  );
}

competitionMapFigure.definition = defineFigure({
  name: 'competition-map',
  method: 'competitionMapFigure',
  topic: 'competition',
  describe: 'which filters of a receptive field compete',
  of: ['snn'],
  draw: (network: SnnSource, options?: CompetitionMapOptions) =>
    competitionMapFigure(network.weightsXY, requireCompetition(network, 'competitionMapFigure'), options),
  example: () => competitionMapFigure(example.weightsLC, example.weightsYY),
  gallery: [{ caption: 'Who competes with whom', network: { network_type: 'LC_SNN', c_l: true } }],
});

/** Amber to dark red: dark and wide is strong. */
const lineColors = ['#FFD27F', '#F5A000', '#E0601F', '#B01030'];

/** All pairs of different filters of a receptive field, the strongest inhibition first. */
export function rankCompetingPairs({ shape, data }: ShapedArray, position: number): CompetingPair[] {
  const n = shape[1];
  const weight = (source: number, target: number) => data[(position * n + source) * n + target];
  const pairs: CompetingPair[] = [];
  for (let a = 0; a < n; a++) {
    for (let b = a + 1; b < n; b++) pairs.push({ a, b, weight: (weight(a, b) + weight(b, a)) / 2 });
  }
  return pairs.sort((left, right) => left.weight - right.weight);
}

function pointsOf(pairs: readonly CompetingPair[], locate: (filter: number) => { x: number; y: number }) {
  const filters = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))].sort((a, b) => a - b);
  return {
    x: filters.map((filter) => locate(filter).x),
    y: filters.map((filter) => locate(filter).y),
    customdata: filters,
  };
}
