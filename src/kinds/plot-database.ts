/** The figure of a whole database: the best accuracy of every stored network. */
import { databaseFigure, type Figure, type FigureOptions } from '../figures/index.js';
import { type DatabaseOptions, type ListOptions, viewDatabase } from '../store/index.js';

/** @throws LocusError as `viewDatabase` */
export function plotDatabase(options: ListOptions & DatabaseOptions & FigureOptions = {}): Figure {
  const { title, ...query } = options;
  return databaseFigure.definition.draw({ rows: viewDatabase(query) }, { title });
}
