/** Confusion matrix: what images of each label were taken for. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import type { SnnSource } from './sources.js';
import { requireConfusion } from './require-result.js';
import { invalidArgument } from '../errors.js';
import { numbers, readOptions } from '../options.js';
import { type ClassOptions, classSchema, nameClasses, withNames } from './class-names.js';
import type { Figure } from './figure.js';
import { colorBar, createFigure, ink, roomForLabels, shareScale } from './theme.js';
import { countOf } from '../wording.js';

/** Number of labels of a confusion matrix [label, prediction, last column: no prediction]. */
export function countClasses(matrix: ArrayLike<number>, place: string): number {
  numbers(place, 'matrix', matrix);
  const nClasses = Math.floor(Math.sqrt(matrix.length));
  if (nClasses < 1 || nClasses * (nClasses + 1) !== matrix.length) {
    throw invalidArgument(place, 'a matrix of n labels × (n predictions + no prediction)', matrix.length);
  }
  return nClasses;
}

/**
 * Cells show the share of the label's images in per cent; the column "none" appears where images had no prediction.
 *
 * @param matrix numbers of images [label, prediction], the last column: no prediction
 */
export function confusionFigure(matrix: ArrayLike<number>, options: ClassOptions = {}): Figure {
  const { title, classNames } = readOptions('confusionFigure', classSchema, options);
  const nClasses = countClasses(matrix, 'confusionFigure');
  const names = nameClasses(nClasses, classNames, 'confusionFigure');
  const counts = names.map((_, label) =>
    Array.from({ length: nClasses + 1 }, (_, prediction) => matrix[label * (nClasses + 1) + prediction]),
  );
  const hasNone = counts.some((row) => row[nClasses] > 0);
  const shown = counts.map((row) => (hasNone ? row : row.slice(0, nClasses)));
  const sums = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const shares = shown.map((row, label) => row.map((count) => (100 * count) / Math.max(1, sums[label])));
  const total = sums.reduce((sum, count) => sum + count, 0);
  const correct = counts.reduce((sum, row, label) => sum + row[label], 0);
  const accuracy =
    total > 0 ? `: ${((100 * correct) / total).toFixed(1)} % of ${countOf(total, 'image')}` : '';
  const columns = hasNone ? [...names, 'none'] : names;
  const cell = Math.max(34, Math.min(80, 460 / nClasses));
  const left = roomForLabels(names);
  return createFigure(
    [
      {
        type: 'heatmap',
        x: columns,
        y: names,
        z: shares,
        customdata: shown as never,
        zmin: 0,
        zmax: 100,
        zauto: false,
        colorscale: shareScale,
        xgap: 1,
        ygap: 1,
        hovertemplate: 'label %{y}, prediction %{x}: %{customdata} images (%{z:.1f} %)<extra></extra>',
        colorbar: colorBar('share of the label [%]', cell * nClasses),
      },
    ],
    {
      xaxis: { title: { text: 'prediction' }, type: 'category', tickangle: classNames ? -45 : 0 },
      yaxis: { title: { text: 'label' }, type: 'category', autorange: 'reversed' },
      annotations: shares.flatMap((row, label) =>
        row.map((share, prediction) => ({
          x: prediction,
          y: label,
          text: writeShare(share),
          showarrow: false,
          font: { size: 11, color: share > 55 ? '#FFFFFF' : ink },
        })),
      ),
    },
    {
      title: title ?? `Confusion matrix${accuracy}`,
      plotWidth: cell * columns.length,
      plotHeight: cell * nClasses,
      left,
      bottom: classNames ? left : 58,
      right: 110,
    },
  );
}

confusionFigure.definition = defineFigure({
  name: 'confusion',
  method: 'confusionFigure',
  topic: 'accuracy',
  describe: 'confusion matrix of the best readout method',
  of: ['snn'],
  draw: (network: SnnSource, options: ClassOptions = {}) =>
    confusionFigure(requireConfusion(network, 'confusionFigure'), withNames(network, options)),
  example: () => confusionFigure(example.confusion, { classNames: ['cat', 'dog', 'frog'] }),
  gallery: [{ caption: 'Confusion matrix' }],
});

/** Whole per cents, one digit below 10, nothing for none. */
function writeShare(share: number): string {
  if (share === 0) return '';
  if (share < 0.95) return share < 0.05 ? '·' : share.toFixed(1).slice(1);
  return share < 9.5 ? share.toFixed(0) : Math.round(share).toString();
}
