import { expect, it } from 'vitest';
import type { Measured } from './reproduce.js';
import { reproductionFigure } from './reproduction-figure.js';
import { tableRows } from './table-rows.js';

it('shows every row of the table with what was measured and published', () => {
  const rows = tableRows.map((row) => {
    const measure = (published: Measured['published']): Measured => ({
      method: 'lc',
      mean: published.mean + 1,
      sd: 0.5,
      published,
      verdict: 'above',
    });
    return {
      row,
      nIter: row.nIter,
      voting: measure(row.voting),
      linear: measure(row.linear),
      seconds: 1,
      networks: [],
    };
  });
  const { data, layout } = reproductionFigure({ rows });
  expect((layout.yaxis as { ticktext: string[] }).ticktext).toEqual([
    '1: LC 1000, kernel 12',
    '2: LC 100, kernel 12',
    '3: LC 100, kernel 8',
    '4: LC 25, kernel 12, trained competition',
    '5: LC 25, kernel 12',
    '6: LC 25, kernel 8',
    '7: C 169, kernel 12',
    '8: C 81, kernel 12',
    '9: C 100, kernel 8',
    '10: C 25, kernel 12',
    '11: C 25, kernel 8',
    '12: FC 100',
  ]);
  const [published, reproduced] = data as { name: string; x: number[] }[];
  expect(published.x).toEqual(tableRows.map(({ voting }) => voting.mean));
  expect(reproduced.x).toEqual(tableRows.map(({ voting }) => voting.mean + 1));
});
