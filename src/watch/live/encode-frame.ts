/** A frame as JSON that may stand inside a script element; pictures of weights are rounded to what can be seen. */
import { encodeFigure, type FigureParts } from '../../figures/display/encode-figure.js';
import type { LiveFrame } from './live-frame.js';

/** Levels of brightness from 0 to 1; the byte above them stands for a gap. */
export const levels = 254;

/** @param number counts the frames, so that the page can say which one it has drawn */
export function encodeFrame({ title, status, figures }: LiveFrame, number: number): string {
  const packed = Object.entries(figures).map(
    ([name, figure]) => `${JSON.stringify(name)}:${encodeFigure(roundPictures(figure))}`,
  );
  const rest = JSON.stringify({ number, title, status }).replaceAll('<', '\\u003c');
  return `{"figures":{${packed.join(',')}},${rest.slice(1)}`;
}

interface Picture {
  readonly type?: string;
  readonly zmin?: number;
  readonly zmax?: number;
  readonly z?: readonly (Float32Array | Uint8Array)[];
  readonly [other: string]: unknown;
}

/** Weights in [0, 1] as bytes, without what hovering would tell beside them: a sixth of the numbers' size. */
function roundPictures({ data, layout }: FigureParts): FigureParts {
  return { data: (data as Picture[]).map(roundPicture), layout };
}

function roundPicture(trace: Picture): Picture {
  const { type, zmin, zmax, z } = trace;
  if (type !== 'heatmap' || zmin !== 0 || zmax !== 1 || !(z?.[0] instanceof Float32Array)) return trace;
  return {
    ...trace,
    z: (z as readonly Float32Array[]).map(roundRow),
    customdata: undefined,
    hovertemplate: '%{z:.2f}<extra></extra>',
    meta: { levels },
  };
}

function roundRow(row: Float32Array): Uint8Array {
  const bytes = new Uint8Array(row.length);
  for (let x = 0; x < row.length; x++) {
    const weight = row[x];
    bytes[x] = Number.isNaN(weight) ? levels + 1 : Math.round(levels * Math.min(1, Math.max(0, weight)));
  }
  return bytes;
}
