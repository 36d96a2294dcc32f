/** Reads the Python literals in which file headers are written; nothing is evaluated. */
import { damaged, damagedAs } from './damaged.js';

/** Lists are arrays and dictionaries are Maps; a tuple is told apart from a list. */
export type PythonLiteral =
  | null
  | boolean
  | number
  | string
  | PythonLiteral[]
  | Map<PythonLiteral, PythonLiteral>
  | { readonly kind: 'tuple'; readonly items: PythonLiteral[] };

const deepest = 20;
const constants = new Map<string, PythonLiteral>([
  ['True', true],
  ['False', false],
  ['None', null],
]);

/** Text without escapes in either kind of quotes, a whole number (`2L` in Python 2), a constant, or punctuation. */
const tokenPattern =
  /\s*(?:[uUbB]?(?:'([^'\\]*)'|"([^"\\]*)")|(-?\d+)[lL]?|(True|False|None)|([()[\]{},:]))/y;

interface Token {
  /** Undefined where the token is punctuation. */
  readonly value: PythonLiteral | undefined;
  readonly mark: string | undefined;
}

/**
 * The value of a literal of text, whole numbers, `True`, `False`, `None`, tuples, lists and dictionaries.
 *
 * @param place names the literal in errors
 * @throws LocusError `DATA_CORRUPT` for anything else
 */
export function readPythonLiteral(text: string, place: string): PythonLiteral {
  const reader = new LiteralReader(text, place);
  const value = reader.value(0);
  reader.finish();
  return value;
}

class LiteralReader {
  readonly #text: string;
  readonly #place: string;
  #at = 0;

  constructor(text: string, place: string) {
    this.#text = text;
    this.#place = place;
  }

  value(depth: number): PythonLiteral {
    if (depth > deepest) throw damagedAs(this.#place, `a nesting of at most ${deepest}`, 'more');
    const { value, mark } = this.#next();
    if (value !== undefined) return value;
    if (mark === '[') return this.#items(']', depth).items;
    if (mark === '{') return this.#dictionary(depth);
    if (mark !== '(') throw damaged(this.#place, 'a Python literal', mark);
    const { items, endsInComma } = this.#items(')', depth);
    // Brackets around one value without a comma are only brackets.
    return items.length === 1 && !endsInComma ? items[0] : { kind: 'tuple', items };
  }

  finish(): void {
    const rest = this.#text.slice(this.#at).trim();
    if (rest !== '') throw damaged(this.#place, 'one Python literal', rest);
  }

  #items(close: string, depth: number): { items: PythonLiteral[]; endsInComma: boolean } {
    const items: PythonLiteral[] = [];
    let endsInComma = false;
    while (!this.#skip(close)) {
      if (items.length > 0 && !endsInComma) throw damaged(this.#place, `"," or "${close}"`, this.#rest());
      items.push(this.value(depth + 1));
      endsInComma = this.#skip(',');
    }
    return { items, endsInComma };
  }

  #dictionary(depth: number): Map<PythonLiteral, PythonLiteral> {
    const entries = new Map<PythonLiteral, PythonLiteral>();
    let endsInComma = true;
    while (!this.#skip('}')) {
      if (!endsInComma) throw damaged(this.#place, '"," or "}"', this.#rest());
      const key = this.value(depth + 1);
      if (!this.#skip(':')) throw damaged(this.#place, '":" behind a key', this.#rest());
      entries.set(key, this.value(depth + 1));
      endsInComma = this.#skip(',');
    }
    return entries;
  }

  /** Whether the next token is `mark`, which is then passed. */
  #skip(mark: string): boolean {
    const before = this.#at;
    if (this.#next().mark === mark) return true;
    this.#at = before;
    return false;
  }

  #next(): Token {
    tokenPattern.lastIndex = this.#at;
    const found = tokenPattern.exec(this.#text);
    if (!found) throw damaged(this.#place, 'a Python literal', this.#rest());
    this.#at = tokenPattern.lastIndex;
    const [, single, double, digits, constant, mark] = found;
    if (constant !== undefined) return { value: constants.get(constant), mark };
    return { value: digits === undefined ? (single ?? double) : Number(digits), mark };
  }

  #rest(): string {
    return this.#text.slice(this.#at, this.#at + 40).trim();
  }
}
