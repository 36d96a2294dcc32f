/** Accuracy of a converted network over the rate of its input and the threshold of its neurons: a heat map. */
import { defineFigure } from './definition.js';
import type { ConvertedSource, DrawingWatch } from './sources.js';
import { imagesOption } from './figure-option.js';
import type { Figure } from './figure.js';
import { gridFigure } from './grid-figure.js';
import type { FigureOptions } from './theme.js';

export interface RateThresholdCell {
  /** Rate of a pixel of full brightness [Hz]. */
  readonly maxRate: number;
  readonly threshold: number;
  /** Accuracy in [0, 1]. */
  readonly accuracy: number;
}

export function rateThresholdFigure(
  cells: readonly RateThresholdCell[],
  { title }: FigureOptions = {},
): Figure {
  return gridFigure(
    cells.map(({ maxRate, threshold, accuracy }) => ({ x: maxRate, y: threshold, accuracy })),
    { title: title ?? 'Accuracy by input rate and threshold', x: 'input rate [Hz]', y: 'threshold' },
  );
}

rateThresholdFigure.definition = defineFigure({
  name: 'rate-threshold',
  method: 'rateThresholdFigure',
  topic: 'conversion',
  describe: 'accuracy by the rate of the input and the threshold',
  of: ['converted'],
  options: { images: imagesOption(200) },
  draw: async (
    network: ConvertedSource,
    {
      title,
      ...options
    }: FigureOptions & {
      nIter?: number;
      rates?: readonly number[];
      thresholds?: readonly number[];
    } & DrawingWatch = {},
  ) => rateThresholdFigure(await network.accuracyByRateAndThreshold(options), { title }),
  args: ({ images }, _, watch) => [{ nIter: images, ...watch }] as const,
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
