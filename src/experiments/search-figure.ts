/** A grid search as a heat map over two of its axes. */
import { invalidArgument } from '../errors.js';
import { type Field, list, objects, oneOf, readOptions, type Schema } from '../options.js';
import { type Figure, type FigureOptions, gridFigure } from '../figures/index.js';
import { figureFields } from '../figures/theme.js';
import { snnParameterNames, snnParameterSpecs } from '../kinds/snn/index.js';
import type { Axis, GridPoint } from './grid.js';

interface SearchFigureOptions extends FigureOptions {
  /** Across and up. Default: the first two of the search. */
  axes?: readonly [x: Axis, y: Axis];
}

const schema: Schema<SearchFigureOptions> = {
  ...figureFields,
  axes: list(oneOf(['nIter', ...snnParameterNames]), { length: 2 }) as Field<readonly [Axis, Axis]>,
};

/**
 * At every pair of values the best of all points that have it: by the linear classifier if it was trained, else by voting.
 */
export function searchFigure(points: readonly GridPoint[], given: SearchFigureOptions = {}): Figure {
  const { axes, ...options } = readOptions('searchFigure', schema, given);
  objects('searchFigure', 'points', points);
  if (points.length === 0) throw invalidArgument('searchFigure', 'at least one point', '[]');
  const known = Object.keys(points[0].setting) as Axis[];
  const [x, y] = axes ?? known;
  if (y === undefined) throw invalidArgument('searchFigure', 'a search over two axes or more', known);
  const cells = points.map(({ setting, accuracy, voting }) => ({
    x: valueOf(setting[x]),
    y: valueOf(setting[y]),
    accuracy: accuracy.lc ?? voting,
  }));
  return gridFigure(cells, { x: nameAxis(x), y: nameAxis(y), ...options });
}

function valueOf(value: number | boolean | null | undefined): number | string {
  return typeof value === 'number' ? value : String(value);
}

function nameAxis(axis: Axis): string {
  if (axis === 'nIter') return 'n_iter [images]';
  const { published, unit } = snnParameterSpecs[axis];
  return unit === undefined ? published : `${published} [${unit}]`;
}
