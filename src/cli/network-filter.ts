/** Filters and sort orders of networks as they are typed: `n_filters=25,100`, `c_w=-130..-100`, `-lc`. */
import { readoutMethods } from '../readout/readout-methods.js';
import type { FilterRange, NetworkFilter } from '../store/index.js';
import { UsageError } from './usage-error.js';

/** Accuracies by short names. */
const shortNames: Readonly<Record<string, string>> = {
  voting: 'best_voting_accuracy',
  ...Object.fromEntries(readoutMethods.map((method) => [method, `${method}_accuracy`])),
};

/**
 * A value in double quotes is text as it stands, with two for one of its own: `name="a..b, c"`, `name="say ""hi"", you"`.
 *
 * @throws UsageError for what is not `name=value`, `name=value,value` or `name=from..to`
 */
export function parseFilter(conditions: readonly string[]): NetworkFilter {
  const entries = conditions.map((condition) => {
    const [, name, wanted] = /^([^=]+)=(.*)$/.exec(condition) ?? [];
    if (name === undefined || wanted === '') {
      throw new UsageError(
        `--filter: expected name=value, name=value,value or name=from..to, got "${condition}"`,
      );
    }
    return [expandName(name.trim()), parseWanted(wanted)] as const;
  });
  const names = entries.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`--filter: expected one condition on ${twice}, got two`);
  return Object.fromEntries(entries);
}

/** `-lc` → `-lc_accuracy` */
export function parseSort(sort: string): string {
  return sort.startsWith('-') ? `-${expandName(sort.slice(1))}` : expandName(sort);
}

function expandName(name: string): string {
  return shortNames[name] ?? name;
}

function parseWanted(text: string): NetworkFilter[string] {
  const [min, ...others] = splitUnquoted(text, '..');
  if (others.length > 0) return parseRange(min, others.join('..'), text);
  const values = splitUnquoted(text, ',').map((value) => parseValue(value.trim()));
  return values.length === 1 ? values[0] : values;
}

/** The parts of a text between separators that no quotes enclose. */
function splitUnquoted(text: string, separator: ',' | '..'): string[] {
  const parts = [''];
  for (const piece of text.match(/"(?:[^"]|"")*"|\.\.|./gs) ?? []) {
    if (piece === separator) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

/** The text between quotes that enclose all of it; undefined where there are none. */
function unquote(text: string): string | undefined {
  return /^"((?:[^"]|"")*)"$/.exec(text)?.[1].replaceAll('""', '"');
}

function parseRange(min: string, max: string, text: string): FilterRange {
  if (min === '' && max === '') throw new UsageError(`--filter: expected a range with an end, got "${text}"`);
  return {
    ...(min === '' ? {} : { min: parseEnd(min) }),
    ...(max === '' ? {} : { max: parseEnd(max) }),
  };
}

/** An end may be text: dates are compared as such. */
function parseEnd(text: string): number | string {
  const quoted = unquote(text.trim());
  if (quoted !== undefined) return quoted;
  return isNumber(text) ? Number(text) : text;
}

function parseValue(text: string): number | string | boolean | null {
  const words: Readonly<Record<string, boolean | null>> = {
    true: true,
    false: false,
    null: null,
    none: null,
  };
  return Object.hasOwn(words, text) ? words[text] : parseEnd(text);
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && !Number.isNaN(Number(text));
}
