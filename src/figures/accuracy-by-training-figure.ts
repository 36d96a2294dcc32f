/** Accuracy against the number of training images. */
import { type AccuracyPoint, accuracyLines } from './accuracy-lines.js';
import type { Figure } from './figure.js';
import type { FigureOptions } from './theme.js';

/** @param points `x`: number of training images */
export function accuracyByTrainingFigure(
  points: readonly AccuracyPoint[],
  { title }: FigureOptions = {},
): Figure {
  return accuracyLines(points, {
    title: title ?? 'Accuracy by training',
    axis: 'training images',
    place: 'accuracyByTrainingFigure',
  });
}
