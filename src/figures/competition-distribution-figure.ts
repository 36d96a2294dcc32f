/** Histogram of trained competition weights. */
import { defineFigure } from './definition.js';
import type { SnnSource } from './sources.js';
import { requireCompetition } from './require-result.js';
import { count, custom, type Field, readOptions, type Schema } from '../options.js';
import type { Figure } from './figure.js';
import { drawHistogram } from './draw-histogram.js';
import { figureFields, type FigureOptions } from './theme.js';

/** A histogram of the weights between different filters of one receptive field. */
export interface CompetitionHistogram {
  /** Bounds of the bins [mV], one more than there are bins. */
  readonly edges: ArrayLike<number>;
  /** Number of weights in each bin. */
  readonly counts: ArrayLike<number>;
  /** Mean weight [mV]. */
  readonly mean: number;
}

const histogramField: Field<CompetitionHistogram> = custom(
  'to be a histogram { edges, counts, mean }',
  (value) => {
    const { edges, counts, mean } = (value ?? {}) as Partial<CompetitionHistogram>;
    const areLists = [edges, counts].every((each) => Array.isArray(each) || ArrayBuffer.isView(each));
    return areLists && typeof mean === 'number';
  },
);

export function competitionDistributionFigure(
  histogram: CompetitionHistogram,
  options: FigureOptions = {},
): Figure {
  const { title } = readOptions('competitionDistributionFigure', figureFields, options);
  const { edges, counts, mean } = histogramField('competitionDistributionFigure', 'histogram', histogram);
  return drawHistogram(
    {
      centres: Float64Array.from(counts, (_, bin) => (edges[bin] + edges[bin + 1]) / 2),
      counts,
      width: edges[1] - edges[0],
    },
    {
      title: title ?? 'Distribution of competition weights',
      value: 'competition weight [mV]',
      unit: ' mV',
      items: 'weights',
      mean,
      digits: 1,
    },
  );
}

export const mostBins = 10_000;
export const binCount = count({ most: mostBins });

const drawSchema: Schema<FigureOptions & { bins?: number }> = {
  ...figureFields,
  bins: binCount,
};

competitionDistributionFigure.definition = defineFigure({
  name: 'competition-distribution',
  method: 'competitionDistributionFigure',
  topic: 'competition',
  describe: 'histogram of trained competition',
  of: ['snn'],
  draw: (network: SnnSource, given: FigureOptions & { bins?: number } = {}) => {
    const { bins, ...options } = readOptions('competitionDistributionFigure', drawSchema, given);
    requireCompetition(network, 'competitionDistributionFigure');
    return competitionDistributionFigure(network.competitionHistogram(bins), options);
  },
  example: () =>
    competitionDistributionFigure({ edges: [-40, -30, -20, -10], counts: [2, 5, 1], mean: -26.2 }),
  gallery: [
    { caption: 'Distribution of trained competition', network: { network_type: 'LC_SNN', c_l: true } },
  ],
});
