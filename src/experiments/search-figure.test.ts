import { expect, it } from 'vitest';
import type { GridPoint } from './grid.js';
import { searchFigure } from './search-figure.js';

const point = (
  cW: number,
  meanWeight: number,
  seed: number,
  accuracy: Record<string, number>,
): GridPoint => ({
  setting: { cW, meanWeight, seed },
  accuracy,
  voting: 0.5,
  seconds: 1,
});

it('shows the best of all points over two axes, with their published names and units', () => {
  const points = [
    point(-100, 0.3, 0, { lc: 0.8 }),
    point(-50, 0.3, 0, { lc: 0.7 }),
    point(-50, 0.3, 1, { lc: 0.9 }),
    point(-50, 0.4, 0, { lc: 0.6 }),
  ];
  const { data, layout } = searchFigure(points);
  expect((data[0] as { z: unknown }).z).toEqual([
    [80, 90],
    [null, 60],
  ]);
  const { xaxis, yaxis } = layout as Record<'xaxis' | 'yaxis', { title: { text: string } }>;
  expect([xaxis.title.text, yaxis.title.text]).toEqual(['c_w [mV]', 'mean_weight']);
  const turned = searchFigure(points, { axes: ['meanWeight', 'seed'] });
  expect((turned.data[0] as { z: unknown }).z).toEqual([
    [80, 60],
    [90, null],
  ]);
});

it('takes votes where there is no linear classifier, and needs two axes', () => {
  const { data } = searchFigure([point(-100, 0.3, 0, { patch_voting: 0.5 })]);
  expect((data[0] as { z: unknown }).z).toEqual([[50]]);
  const one: GridPoint = { setting: { cW: -100 }, accuracy: {}, voting: 0.5, seconds: 1 };
  expect(() => searchFigure([one])).toThrow('expected a search over two axes or more');
  expect(() => searchFigure([])).toThrow('expected at least one point');
});
