/** Accuracy of every label with its standard error, and of all. */
import { defineFigure } from './definition.js';
import * as example from './example-results.js';
import type { SnnSource } from './sources.js';
import { requireConfusion } from './require-result.js';
import { readOptions } from '../options.js';
import type { Figure } from './figure.js';
import { type ClassOptions, classSchema, nameClasses, withNames } from './class-names.js';
import { countClasses } from './confusion-figure.js';
import { shareError } from './statistics.js';
import { colors, createFigure, ink } from './theme.js';

/** @param matrix numbers of images [label, prediction], the last column: no prediction */
export function accuracyDistributionFigure(matrix: ArrayLike<number>, options: ClassOptions = {}): Figure {
  const { title, classNames } = readOptions('accuracyDistributionFigure', classSchema, options);
  const nClasses = countClasses(matrix, 'accuracyDistributionFigure');
  const names = nameClasses(nClasses, classNames, 'accuracyDistributionFigure');
  const counts = names.map((_, label) => {
    let all = 0;
    for (let column = 0; column <= nClasses; column++) all += matrix[label * (nClasses + 1) + column];
    return { all, correct: matrix[label * (nClasses + 1) + label] };
  });
  const all = counts.reduce((sum, label) => sum + label.all, 0);
  const correct = counts.reduce((sum, label) => sum + label.correct, 0);
  const mean = (100 * correct) / all;
  const shares = counts.map((label) => label.correct / label.all);
  return createFigure(
    [
      {
        type: 'bar',
        x: names,
        y: shares.map((share) => 100 * share),
        error_y: {
          type: 'data',
          array: shares.map((share, label) => 100 * shareError(share, counts[label].all)),
          color: ink,
          thickness: 1.2,
          width: 4,
        },
        customdata: counts.map((label) => label.all),
        marker: { color: colors.sky },
        hovertemplate: 'label %{x}: %{y:.1f} % of %{customdata} images<extra></extra>',
      },
    ],
    {
      xaxis: { title: { text: 'label' }, type: 'category', tickangle: classNames ? -45 : 0 },
      yaxis: { title: { text: 'accuracy [%]' }, range: [0, 100] },
      shapes: [
        {
          type: 'line',
          xref: 'paper',
          x0: 0,
          x1: 1,
          y0: mean,
          y1: mean,
          line: { color: colors.orange, width: 1.5, dash: 'dash' },
        },
      ],
      annotations: [
        {
          xref: 'paper',
          x: 1,
          y: mean,
          xanchor: 'left',
          text: `all<br>${mean.toFixed(1)} %`,
          showarrow: false,
          align: 'left',
          font: { color: colors.orange },
          xshift: 4,
        },
      ],
    },
    {
      title: title ?? 'Accuracy by label',
      plotWidth: Math.max(420, 56 * nClasses),
      plotHeight: 320,
      right: 80,
      bottom: classNames ? 100 : 58,
    },
  );
}

accuracyDistributionFigure.definition = defineFigure({
  name: 'accuracy-distribution',
  method: 'accuracyDistributionFigure',
  topic: 'accuracy',
  describe: 'accuracy by label',
  of: ['snn'],
  draw: (network: SnnSource, options: ClassOptions = {}) =>
    accuracyDistributionFigure(
      requireConfusion(network, 'accuracyDistributionFigure'),
      withNames(network, options),
    ),
  example: () => accuracyDistributionFigure(example.confusion),
  gallery: [{ caption: 'Accuracy by label' }],
});
