/** Accuracy against the number of training images. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import type { SnnSource } from './sources.js';
import { filledText, readOptions, type Schema } from '../options.js';
import { type AccuracyPoint, accuracyLines } from './accuracy-lines.js';
import type { Figure } from './figure.js';
import { figureFields, type FigureOptions } from './theme.js';

/** @param points `x`: number of training images */
export function accuracyByTrainingFigure(
  points: readonly AccuracyPoint[],
  options: FigureOptions = {},
): Figure {
  const { title } = readOptions('accuracyByTrainingFigure', figureFields, options);
  return accuracyLines(points, {
    title: title ?? 'Accuracy by training',
    axis: 'training images',
    place: 'accuracyByTrainingFigure',
  });
}

const drawSchema: Schema<FigureOptions & { database?: string }> = {
  ...figureFields,
  database: filledText,
};

accuracyByTrainingFigure.definition = defineFigure({
  name: 'accuracy-by-training',
  method: 'accuracyByTrainingFigure',
  topic: 'accuracy',
  describe: 'accuracy of the stored networks that differ in the number of training images only',
  of: ['snn'],
  draw: (network: SnnSource, given: FigureOptions & { database?: string } = {}) => {
    const { database, ...options } = readOptions('accuracyByTrainingFigure', drawSchema, given);
    return accuracyByTrainingFigure(network.accuracyByTraining(database), options);
  },
  example: () =>
    accuracyByTrainingFigure(example.accuracies.map(({ x, scores }) => ({ x: 1000 * x, scores }))),
  gallery: [{ caption: 'Accuracy by training' }],
});
