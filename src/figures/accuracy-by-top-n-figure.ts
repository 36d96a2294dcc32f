/** Accuracy of voting where only a neuron's n best classes vote. */
import { type AccuracyPoint, accuracyLines } from './accuracy-lines.js';
import type { Figure } from './figure.js';
import type { FigureOptions } from './theme.js';

/** @param points `x`: number of classes that a neuron votes for */
export function accuracyByTopNFigure(
  points: readonly AccuracyPoint[],
  { title }: FigureOptions = {},
): Figure {
  return accuracyLines(points, {
    title: title ?? 'Accuracy by number of classes that a neuron votes for',
    axis: 'classes that vote per neuron (topN)',
    place: 'accuracyByTopNFigure',
    whole: true,
  });
}
