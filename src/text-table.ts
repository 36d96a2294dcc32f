/** Tables and columns of text for a terminal, aligned whatever script the text is written in. */
import { requirePackage } from './node/require-package.js';

export interface TextTable {
  readonly head: readonly string[];
  /** A cell for each column; a line break in a cell begins another line of the row. */
  readonly rows: readonly (readonly string[])[];
  /** Default: all left. */
  readonly aligns?: readonly ('left' | 'right')[];
  /** Whether a line separates each row from the next. Default: true. */
  readonly separated?: boolean;
}

/** The table with its borders; every line takes the same number of terminal columns. */
export function drawTable({ head, rows, aligns = [], separated = true }: TextTable): string {
  const lines = [head, ...rows].map(splitRow);
  const widths = head.map((_, column) =>
    lines.flat().reduce((widest, cells) => Math.max(widest, textWidth(cells[column])), 0),
  );
  const border = (left: string, middle: string, right: string) =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right;
  const drawRow = (row: readonly string[][], isHead: boolean) =>
    row.map(
      (cells) =>
        `│ ${cells.map((cell, i) => padText(cell, widths[i], isHead ? 'left' : aligns[i])).join(' │ ')} │`,
    );
  const separator = border('├', '┼', '┤');
  const body = lines.flatMap((row, i) => {
    const drawn = drawRow(row, i === 0);
    return i === 1 || (i > 1 && separated) ? [separator].concat(drawn) : drawn;
  });
  return [border('┌', '┬', '┐'), ...body, border('└', '┴', '┘')].join('\n');
}

/** The text with spaces up to `width` terminal columns, on its right or, aligned right, on its left. */
export function padText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + space : space + text;
}

/** Letters of one column each, without marks or anything invisible. */
const plainText = /^[\u0020-\u007E\u00A1-\u00AC\u00AE-\u02FF\u2010-\u2027]*$/;
/** Marks on the letter before, and characters that are not drawn. */
const withoutWidth = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11FF]/u;

/** The columns that a line of text takes on a terminal: none for combining marks, two for East Asian letters and emoji. */
export function textWidth(text: string): number {
  if (plainText.test(text)) return text.length;
  const { eastAsianWidth } = requirePackage('get-east-asian-width');
  return Array.from(text).reduce(
    (width, character) =>
      withoutWidth.test(character) ? width : width + eastAsianWidth(character.codePointAt(0) as number),
    0,
  );
}

/** The lines of a row, a cell for each column in each. */
function splitRow(cells: readonly string[]): string[][] {
  const parts = cells.map((cell) => cell.split('\n'));
  const height = Math.max(...parts.map(({ length }) => length));
  return Array.from({ length: height }, (_, i) => parts.map((part) => part[i] ?? ''));
}

/** Lines of at most `width` characters, but for longer words. */
export function wrapWords(text: string, width: number): string {
  return text.replaceAll(new RegExp(`(.{1,${width}})(?: +|$)`, 'g'), '$1\n').trimEnd();
}
