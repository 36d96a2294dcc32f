/** The figure of a whole database: the best accuracy of every stored network. */
import { databaseFigure, type Figure, type FigureOptions } from '../figures/index.js';
import { figureFields } from '../figures/theme.js';
import { readOptions, type Schema } from '../options.js';
import { type DatabaseOptions, type ListOptions, querySchema, viewDatabase } from '../store/index.js';

const schema: Schema<ListOptions & DatabaseOptions & FigureOptions> = { ...figureFields, ...querySchema };

/** @throws LocusError as `viewDatabase` */
export function plotDatabase(options: ListOptions & DatabaseOptions & FigureOptions = {}): Figure {
  const { title, ...query } = readOptions('plotDatabase', schema, options);
  return databaseFigure.definition.draw({ rows: viewDatabase(query) }, { title });
}
