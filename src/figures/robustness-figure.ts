/** How much noise on the images networks bear: accuracy against the noise's standard deviation. */
import { type ImageCount, imageCountFields } from '../datasets/image-count.js';
import { defineFigure } from './definition.js';
import { type DrawingWatch, type LayeredSource, watchFields } from './sources.js';
import { imagesOption } from './figure-option.js';
import { list, number, objects, readOptions, record, type Schema } from '../options.js';
import { type AccuracyPoint, accuracyLines } from './accuracy-lines.js';
import type { Figure } from './figure.js';
import type { AccuracyResult } from './results.js';
import { figureFields, type FigureOptions } from './theme.js';

export interface NoisePoint extends AccuracyResult {
  /** Standard deviation as a share of the range of brightness. */
  readonly noise: number;
}

/** @param networks points by the name of the network */
export function robustnessFigure(
  networks: Readonly<Record<string, readonly NoisePoint[]>>,
  options: FigureOptions = {},
): Figure {
  const { title } = readOptions('robustnessFigure', figureFields, options);
  const points = Object.entries(
    record(objects)('robustnessFigure', 'networks', networks) as typeof networks,
  ).flatMap(([name, own]) =>
    own.map(({ noise, ...score }): AccuracyPoint => ({ x: noise, scores: { [name]: score } })),
  );
  return accuracyLines(points, {
    title: title ?? 'Accuracy on noisy images',
    axis: 'standard deviation of the noise [range of brightness]',
    place: 'robustnessFigure',
  });
}

const drawSchema: Schema<FigureOptions & ImageCount & { levels?: readonly number[] } & DrawingWatch> = {
  ...figureFields,
  ...watchFields,
  ...imageCountFields,
  levels: list(number({ least: 0 }), { least: 1 }),
};

robustnessFigure.definition = defineFigure({
  name: 'robustness',
  method: 'robustnessFigure',
  topic: 'accuracy',
  describe: 'accuracy on noisy images',
  of: ['layered'],
  options: { images: imagesOption(500) },
  draw: async (
    network: LayeredSource,
    given: FigureOptions & ImageCount & { levels?: readonly number[] } & DrawingWatch = {},
  ) => {
    const { title, ...options } = readOptions('robustnessFigure', drawSchema, given);
    return robustnessFigure({ [network.name]: await network.robustness(options) }, { title });
  },
  args: ({ images }, _, watch) => [{ images, ...watch }] as const,
  example: () =>
    robustnessFigure({
      digits: [0, 0.2, 0.4].map((noise) => ({ noise, accuracy: 0.98 - 1.2 * noise ** 2, error: 0.01 })),
      spikes: [0, 0.2, 0.4].map((noise) => ({ noise, accuracy: 0.97 - 2 * noise ** 2, error: 0.01 })),
    }),
  gallery: [{ caption: 'Accuracy on noisy images', values: { images: 200 } }],
});
