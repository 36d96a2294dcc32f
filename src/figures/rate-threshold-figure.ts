/** Accuracy of a converted network over the rate of its input and the threshold of its neurons: a heat map. */
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
