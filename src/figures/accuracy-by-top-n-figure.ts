/** Accuracy of voting where only a neuron's n best classes vote. */
import { type ImageCount, imageCountFields } from '../datasets/image-count.js';
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import { type DrawingWatch, type SnnSource, watchFields } from './sources.js';
import { imagesOption } from './figure-option.js';
import { requireVotes } from './require-result.js';
import { scorePredictions, votingMethods } from '../readout/index.js';
import { readOptions, type Schema } from '../options.js';
import { type AccuracyPoint, accuracyLines } from './accuracy-lines.js';
import type { Figure } from './figure.js';
import { figureFields, type FigureOptions } from './theme.js';

/** Test images that are shown, if nothing else is said. */
const defaultImages = 1000;

/** @param points `x`: number of classes that a neuron votes for */
export function accuracyByTopNFigure(points: readonly AccuracyPoint[], options: FigureOptions = {}): Figure {
  const { title } = readOptions('accuracyByTopNFigure', figureFields, options);
  return accuracyLines(points, {
    title: title ?? 'Accuracy by number of classes that a neuron votes for',
    axis: 'classes that vote per neuron (topN)',
    place: 'accuracyByTopNFigure',
    whole: true,
  });
}

const drawSchema: Schema<FigureOptions & ImageCount & DrawingWatch> = {
  ...figureFields,
  ...watchFields,
  ...imageCountFields,
};

accuracyByTopNFigure.definition = defineFigure({
  name: 'accuracy-by-top-n',
  method: 'accuracyByTopNFigure',
  topic: 'accuracy',
  describe: 'accuracy by the number of labels that a neuron votes for',
  of: ['snn'],
  options: { images: imagesOption(defaultImages) },
  draw: async (network: SnnSource, given: FigureOptions & ImageCount & DrawingWatch = {}) => {
    const place = 'accuracyByTopNFigure';
    const { images = defaultImages, onProgress, signal, ...options } = readOptions(place, drawSchema, given);
    const { nClasses } = requireVotes(network, 'accuracyByTopNFigure');
    const { counts, labels } = await network.answerTests(images, { onProgress, signal });
    const points = Array.from({ length: nClasses }, (_, i) => {
      const topN = i + 1;
      const scores = votingMethods.map((method) => [
        method,
        scorePredictions(network.predict(method, counts, topN), labels),
      ]);
      return { x: topN, scores: Object.fromEntries(scores) };
    });
    return accuracyByTopNFigure(points, options);
  },
  args: ({ images }, _, watch) => [{ images, ...watch }] as const,
  example: () => accuracyByTopNFigure(example.accuracies),
  gallery: [{ caption: 'Voting with the n best classes of a neuron' }],
});
