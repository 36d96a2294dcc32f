/** Sliding windows: planes to patches (unfold) and the sum of patches back into planes (fold). */
import {
  argInput,
  argOutput,
  windowColumns,
  windowDilationX,
  windowDilationY,
  windowHeight,
  windowKernelX,
  windowKernelY,
  windowPaddingX,
  windowPaddingY,
  windowRows,
  windowStrideX,
  windowStrideY,
  windowWidth,
} from './layout';

/** Piece: one plane (image, channel). */
export function unfold(job: usize, piece: u32): void {
  walk<Unfold>(job, piece);
}

/** Piece: one plane (image, channel). */
export function fold(job: usize, piece: u32): void {
  const bytes = (load<u32>(job, windowHeight) * load<u32>(job, windowWidth)) << 2;
  memory.fill((load<u32>(job, argOutput) as usize) + piece * bytes, 0, bytes);
  walk<Fold>(job, piece);
}

class Unfold {}
class Fold {}

// @ts-ignore: decorator
@inline
function walk<Direction>(job: usize, piece: u32): void {
  const height = load<i32>(job, windowHeight);
  const width = load<i32>(job, windowWidth);
  const kernelY = load<i32>(job, windowKernelY);
  const kernelX = load<i32>(job, windowKernelX);
  const rows = load<i32>(job, windowRows);
  const columns = load<i32>(job, windowColumns);
  const strideX = load<i32>(job, windowStrideX);
  const input = load<u32>(job, argInput) as usize;
  const output = load<u32>(job, argOutput) as usize;
  const planeOffset = (piece * height * width) << 2;
  const patchOffset = (piece * kernelY * kernelX * rows * columns) << 2;
  const plane = (isUnfold<Direction>() ? input : output) + planeOffset;
  let patch = (isUnfold<Direction>() ? output : input) + patchOffset;
  for (let ky = 0; ky < kernelY; ky++) {
    for (let kx = 0; kx < kernelX; kx++) {
      const firstX = kx * load<i32>(job, windowDilationX) - load<i32>(job, windowPaddingX);
      for (let row = 0; row < rows; row++) {
        const y =
          row * load<i32>(job, windowStrideY) + ky * load<i32>(job, windowDilationY) - load<i32>(job, windowPaddingY);
        const inside = y >= 0 && y < height;
        const line = plane + ((y * width) << 2);
        for (let column = 0; column < columns; column++) {
          const x = firstX + column * strideX;
          const valid = inside && x >= 0 && x < width;
          if (isUnfold<Direction>()) store<f32>(patch, valid ? load<f32>(line + (x << 2)) : 0);
          else if (valid) store<f32>(line + (x << 2), load<f32>(line + (x << 2)) + load<f32>(patch));
          patch += 4;
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function isUnfold<Direction>(): bool {
  return idof<Direction>() == idof<Unfold>();
}
