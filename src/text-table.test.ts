import { describe, expect, it } from 'vitest';
import { drawTable, padText, textWidth } from './text-table.js';

describe('textWidth', () => {
  it.each([
    ['', 0],
    ['LC_SNN 81.8 ± 0.4 …', 19],
    ['e\u0301te\u0301', 3],
    ['שָׁלוֹם', 4],
    ['ภาษาไทยที่', 8],
    ['東京', 4],
    ['ﾊﾝｶｸ', 4],
    ['한국어', 6],
    ['가'.normalize('NFD'), 2],
    ['🦗🧠', 4],
    ['<b>"O\'Neil" & Søn</b>', 21],
  ])('of %j is %d columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe('padText', () => {
  it('fills up with spaces on the side that is free, and never cuts', () => {
    expect([padText('東', 4), padText('東', 4, 'right'), padText('long', 2)]).toEqual([
      '東  ',
      '  東',
      'long',
    ]);
  });
});

describe('drawTable', () => {
  it('aligns columns, and lines of one cell', () => {
    const rows = [
      ['東京', '1', 'one\ntwo'],
      ['e\u0301', '200', ''],
    ];
    const table = { head: ['name', 'n', ''], aligns: ['left', 'right'] as const, rows };
    expect(drawTable(table)).toBe(
      [
        '┌──────┬─────┬─────┐',
        '│ name │ n   │     │',
        '├──────┼─────┼─────┤',
        '│ 東京 │   1 │ one │',
        '│      │     │ two │',
        '├──────┼─────┼─────┤',
        '│ e\u0301    │ 200 │     │',
        '└──────┴─────┴─────┘',
      ].join('\n'),
    );
    expect(drawTable({ ...table, separated: false }).split('\n')).toHaveLength(7);
  });

  it('takes a time that grows with the rows, not with their square', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => Array.from({ length: 11 }, () => `cell ${i}`));
    const start = process.cpuUsage();
    expect(drawTable({ head: Array.from({ length: 11 }, () => 'head'), rows, separated: false })).toContain(
      'cell 19999',
    );
    // Comparing each row with all others takes minutes.
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(10);
  });
});
