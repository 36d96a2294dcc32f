/** Classes are what the labels of the data say: their different values in order, numbered from 0 on. */
import { type Labels, makeLabels, mostClasses } from '../readout/class-numbers.js';
import { corruptData } from './data-error.js';

export interface NumberedClasses {
  /** The values in order, as text. */
  readonly classNames: readonly string[];
  /** For each list of values, the numbers of their classes. */
  readonly labels: readonly Labels[];
}

/**
 * @param lists the values of all files of a data set, so that a class has the same number in each
 * @param place names the data in errors
 * @throws LocusError `DATA_CORRUPT` for more than 32,768 different values
 */
export function numberClasses(lists: readonly Int32Array[], place: string): NumberedClasses {
  const values = [...new Set(lists.flatMap((list) => [...new Set(list)]))].sort((a, b) => a - b);
  if (values.length > mostClasses) {
    throw corruptData(place, `labels of at most ${mostClasses} classes`, `${values.length} different ones`);
  }
  const numbers = new Map(values.map((value, i) => [value, i]));
  return {
    classNames: values.map(String),
    labels: lists.map((list) =>
      makeLabels(
        values.length,
        Array.from(list, (value) => numbers.get(value)!),
      ),
    ),
  };
}
