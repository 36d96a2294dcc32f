/** How much noise on the images networks bear: accuracy against the noise's standard deviation. */
import { type AccuracyPoint, accuracyLines } from './accuracy-lines.js';
import type { Figure } from './figure.js';
import type { AccuracyResult } from './results.js';
import type { FigureOptions } from './theme.js';

export interface NoisePoint extends AccuracyResult {
  /** Standard deviation as a share of the range of brightness. */
  readonly noise: number;
}

/** @param networks points by the name of the network */
export function robustnessFigure(
  networks: Readonly<Record<string, readonly NoisePoint[]>>,
  { title }: FigureOptions = {},
): Figure {
  const points = Object.entries(networks).flatMap(([name, own]) =>
    own.map(({ noise, ...score }): AccuracyPoint => ({ x: noise, scores: { [name]: score } })),
  );
  return accuracyLines(points, {
    title: title ?? 'Accuracy on noisy images',
    axis: 'standard deviation of the noise [range of brightness]',
    place: 'robustnessFigure',
  });
}
