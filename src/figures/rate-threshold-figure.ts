/** Accuracy of a converted network over the rate of its input and the threshold of its neurons: a heat map. */
import { type ImageCount, imageCountFields } from '../datasets/image-count.js';
import { defineFigure } from './definition.js';
import { type ConvertedSource, type DrawingWatch, watchFields } from './sources.js';
import { imagesOption } from './figure-option.js';
import { list, number, objects, readOptions, type Schema } from '../options.js';
import type { Figure } from './figure.js';
import { gridFigure } from './grid-figure.js';
import { figureFields, type FigureOptions } from './theme.js';

export interface RateThresholdCell {
  /** Rate of a pixel of full brightness [Hz]. */
  readonly maxRate: number;
  readonly threshold: number;
  /** Accuracy in [0, 1]. */
  readonly accuracy: number;
}

export function rateThresholdFigure(
  cells: readonly RateThresholdCell[],
  options: FigureOptions = {},
): Figure {
  const { title } = readOptions('rateThresholdFigure', figureFields, options);
  objects('rateThresholdFigure', 'cells', cells);
  return gridFigure(
    cells.map(({ maxRate, threshold, accuracy }) => ({ x: maxRate, y: threshold, accuracy })),
    { title: title ?? 'Accuracy by input rate and threshold', x: 'input rate [Hz]', y: 'threshold' },
  );
}

interface RateThresholdGrid extends DrawingWatch, ImageCount {
  readonly rates?: readonly number[];
  readonly thresholds?: readonly number[];
}

const drawSchema: Schema<FigureOptions & RateThresholdGrid> = {
  ...figureFields,
  ...watchFields,
  ...imageCountFields,
  rates: list(number({ above: 0, unit: 'Hz' }), { least: 1 }),
  thresholds: list(number({ above: 0 }), { least: 1 }),
};

rateThresholdFigure.definition = defineFigure({
  name: 'rate-threshold',
  method: 'rateThresholdFigure',
  topic: 'conversion',
  describe: 'accuracy by the rate of the input and the threshold',
  of: ['converted'],
  options: { images: imagesOption(200) },
  draw: async (network: ConvertedSource, given: FigureOptions & RateThresholdGrid = {}) => {
    const { title, ...options } = readOptions('rateThresholdFigure', drawSchema, given);
    return rateThresholdFigure(await network.accuracyByRateAndThreshold(options), { title });
  },
  args: ({ images }, _, watch) => [{ images, ...watch }] as const,
  example: () =>
    rateThresholdFigure(
      [50, 250, 1000].flatMap((maxRate) =>
        [0.5, 1, 4].map((threshold) => ({
          maxRate,
          threshold,
          accuracy: 0.99 / (1 + threshold / (0.01 * maxRate)),
        })),
      ),
    ),
  gallery: [{ caption: 'Input rate and threshold' }],
});
