/** Lays filters out as tiles of one picture: side by side, in one block per receptive field. */
import { invalidArgument } from '../errors.js';
import type { ShapedArray } from './results.js';

/** Pixels left white between filters, and in addition between blocks. */
const filterGap = 1;
const blockGap = 3;

export interface FilterTiles {
  /** Weights by row from the top; NaN between tiles. */
  readonly rows: Float32Array[];
  /** Filter of every pixel; −1 between tiles. */
  readonly filters: Int16Array[];
  readonly width: number;
  readonly height: number;
  readonly nFilters: number;
  /** Filters side by side in a block. */
  readonly columns: number;
  /** Blocks side by side: conv size, or 1. */
  readonly side: number;
  /** Distance of blocks, and side of a tile with its gap [pixels]. */
  readonly blockStep: number;
  readonly tileStep: number;
  readonly kernelSize: number;
}

/**
 * @param weights LC [filter, row, column, ky, kx], or C and FC [filter, ky, kx]
 * @throws LocusError `INVALID_ARGUMENT` for another shape
 */
export function tileFilters({ shape, data }: ShapedArray, place: string): FilterTiles {
  const size = shape.reduce((product, length) => product * length, 1);
  const isSquare = shape.at(-1) === shape.at(-2) && (shape.length === 3 || shape[1] === shape[2]);
  if ((shape.length !== 3 && shape.length !== 5) || !isSquare || size !== data.length || size === 0) {
    throw invalidArgument(place, 'weights [filter, row, column, ky, kx] or [filter, ky, kx]', shape);
  }
  const nFilters = shape[0];
  const kernelSize = shape[shape.length - 1];
  const side = shape.length === 5 ? shape[1] : 1;
  const columns = Math.ceil(Math.sqrt(nFilters));
  const lines = Math.ceil(nFilters / columns);
  const tileStep = kernelSize + filterGap;
  const blockStep = columns * tileStep + blockGap;
  const blockHeight = lines * tileStep + blockGap;
  const width = side * blockStep - blockGap - filterGap;
  const height = side * blockHeight - blockGap - filterGap;
  const rows = Array.from({ length: height }, () => new Float32Array(width).fill(Number.NaN));
  const filters = Array.from({ length: height }, () => new Int16Array(width).fill(-1));
  for (let filter = 0; filter < nFilters; filter++) {
    for (let position = 0; position < side * side; position++) {
      const left = (position % side) * blockStep + (filter % columns) * tileStep;
      const top = Math.floor(position / side) * blockHeight + Math.floor(filter / columns) * tileStep;
      const from = (filter * side * side + position) * kernelSize * kernelSize;
      for (let y = 0; y < kernelSize; y++) {
        rows[top + y].set(data.subarray(from + y * kernelSize, from + (y + 1) * kernelSize), left);
        filters[top + y].fill(filter, left, left + kernelSize);
      }
    }
  }
  return { rows, filters, width, height, nFilters, columns, side, blockStep, tileStep, kernelSize };
}

/** The filters of one receptive field [filter, ky, kx]; those of C and FC are the same in all. */
export function selectPosition({ shape, data }: ShapedArray, position: number): ShapedArray {
  if (shape.length !== 5) return { shape, data };
  const [nFilters, side, , kernelSize] = shape;
  const size = kernelSize * kernelSize;
  const selected = new Float32Array(nFilters * size);
  for (let filter = 0; filter < nFilters; filter++) {
    const from = (filter * side * side + position) * size;
    selected.set(data.subarray(from, from + size), filter * size);
  }
  return { shape: [nFilters, kernelSize, kernelSize], data: selected };
}

/** Screen pixels per pixel of a picture, so that it becomes about `wanted` px wide. */
export function pictureScale(width: number, wanted = 640): number {
  return Math.max(1, wanted / width);
}

/** Axes of a picture of that many pixels: row 0 on top, no lines around. */
export function pictureAxes(
  width: number,
  height: number,
): Record<
  'xaxis' | 'yaxis',
  { showline: boolean; ticks: ''; ticklabelstandoff: number; range: [number, number] }
> {
  const bare = { showline: false, ticks: '' as const, ticklabelstandoff: 4 };
  return {
    xaxis: { ...bare, range: [-0.5, width - 0.5] },
    yaxis: { ...bare, range: [height - 0.5, -0.5] },
  };
}
