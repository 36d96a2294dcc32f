/** Figures as plain data for snapshots: numbers to four digits, typed arrays as lists, the common theme left out. */
import type { Figure } from '../../src/figures/index.js';

export function plainFigure({ data, layout }: Figure): unknown {
  const { template: _, ...own } = layout;
  return JSON.parse(
    JSON.stringify({ data, layout: own }, (_key, value: unknown) => {
      if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array, round);
      return typeof value === 'number' ? round(value) : value;
    }),
  );
}

function round(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
}
