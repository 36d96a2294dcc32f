/** Classes by their names where they have some, else by their numbers: on axes, in titles and headings. */
import { invalidArgument } from '../errors.js';
import { list, type Schema, text } from '../options.js';
import { figureFields, type FigureOptions } from './theme.js';

export interface ClassOptions extends FigureOptions {
  /** Names of the classes; their numbers if left out. */
  classNames?: readonly string[];
}

export const classSchema: Schema<ClassOptions> = {
  ...figureFields,
  classNames: list(text),
};

/** The options with the names that the network has for its classes, where they give no others. */
export function withNames<Options extends object>(
  { classNames }: { readonly classNames: readonly string[] | null },
  options: Options & ClassOptions,
): Options & ClassOptions {
  return classNames === null ? options : { classNames, ...options };
}

/** Names of `nClasses` classes. */
export function nameClasses(nClasses: number, names: readonly string[] | undefined, place: string): string[] {
  if (names && names.length !== nClasses)
    throw invalidArgument(place, `classNames of ${nClasses} classes`, names.length);
  return names ? [...names] : Array.from({ length: nClasses }, (_, label) => String(label));
}

/** `3`, or the name of class 3. */
export function nameClass(label: number, names: readonly string[] | null | undefined): string {
  return names?.[label] ?? String(label);
}

/** `a 3`, or `class Trouser`: one of its images. */
export function nameOneOf(label: number, names: readonly string[] | null | undefined): string {
  const name = names?.[label];
  return name === undefined ? `a ${label}` : `class ${name}`;
}
