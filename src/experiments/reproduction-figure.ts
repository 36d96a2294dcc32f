/** The reproduced table as a figure: measured beside published, row by row. */
import { type Figure, type FigureOptions, tableFigure } from '../figures/index.js';
import type { Measured, Reproduction, RowSummary } from './reproduce.js';

export function reproductionFigure({ rows }: Pick<Reproduction, 'rows'>, options?: FigureOptions): Figure {
  return tableFigure(
    rows.map((summary) => ({
      name: describeRow(summary),
      published: [summary.voting.published, summary.linear.published],
      reproduced: [measured(summary.voting), measured(summary.linear)],
    })),
    options,
  );
}

function describeRow({ row }: RowSummary): string {
  const { nFilters, kernelSize, cL } = row.parameters;
  const kernel = row.type === 'FC_SNN' ? '' : `, kernel ${kernelSize}`;
  return `${row.row}: ${row.type.replace('_SNN', '')} ${nFilters}${kernel}${cL ? ', trained competition' : ''}`;
}

function measured({ mean, sd }: Measured) {
  return { mean, sd };
}
