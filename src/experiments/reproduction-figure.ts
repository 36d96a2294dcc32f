/** The reproduced table as a figure: measured beside published, row by row. */
import { type Figure, type FigureOptions, tableFigure } from '../figures/index.js';
import type { TableSource } from '../figures/sources.js';
import { figureFields } from '../figures/theme.js';
import { objects, objectWith, readOptions } from '../options.js';
import type { Measured, Reproduction, RowSummary } from './reproduce.js';

export function reproductionFigure(
  reproduction: Pick<Reproduction, 'rows'>,
  options: FigureOptions = {},
): Figure {
  readOptions('reproductionFigure', figureFields, options);
  const { rows } = objectWith<typeof reproduction>('rows')(
    'reproductionFigure',
    'reproduction',
    reproduction,
  );
  objects('reproductionFigure', 'rows', rows);
  return tableFigure.definition.draw(readReproduction(reproduction), options);
}

/** The rows as `tableFigure` draws them. */
export function readReproduction({ rows }: Pick<Reproduction, 'rows'>): TableSource {
  return {
    rows: rows.map((summary) => ({
      name: describeRow(summary),
      published: [summary.voting.published, summary.linear.published],
      reproduced: [measured(summary.voting), measured(summary.linear)],
    })),
  };
}

function describeRow({ row }: RowSummary): string {
  const { nFilters, kernelSize, cL } = row.parameters;
  const kernel = row.type === 'FC_SNN' ? '' : `, kernel ${kernelSize}`;
  return `${row.row}: ${row.type.replace('_SNN', '')} ${nFilters}${kernel}${cL ? ', trained competition' : ''}`;
}

function measured({ mean, sd }: Measured) {
  return { mean, sd };
}
