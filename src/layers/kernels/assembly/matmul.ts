/** Matrix products: 4 × 8 results stay in registers while the inner dimension is walked. */
import {
  argInput,
  argOutput,
  argBatch,
  argWeights,
  matmulABatch,
  matmulAColumn,
  matmulARow,
  matmulBBatch,
  matmulBlock,
  matmulK,
  matmulM,
  matmulN,
  matmulRowBlocks,
  matmulSum,
} from './layout';

/** Piece: a block of rows of one product, or of the sum of all products. N is a multiple of 4. */
export function matmul(job: usize, piece: u32): void {
  const m = load<u32>(job, matmulM);
  const n = load<u32>(job, matmulN);
  const k = load<u32>(job, matmulK);
  const rowBlocks = load<u32>(job, matmulRowBlocks);
  const aBatch = load<u32>(job, matmulABatch) << 2;
  const bBatch = load<u32>(job, matmulBBatch) << 2;
  const aRow = load<u32>(job, matmulARow) << 2;
  const aColumn = load<u32>(job, matmulAColumn) << 2;
  const sum = load<u32>(job, matmulSum);
  const batch = load<u32>(job, argBatch);
  const block = load<u32>(job, matmulBlock);
  const first = (piece % rowBlocks) * block;
  const last = min<u32>(m, first + block);
  const from: u32 = sum ? 0 : piece / rowBlocks;
  const to: u32 = sum ? batch : from + 1;
  const out = (load<u32>(job, argOutput) as usize) + ((sum ? 0 : from * m * n) << 2);
  for (let index = from; index < to; index++) {
    const a = (load<u32>(job, argInput) as usize) + index * aBatch;
    const b = (load<u32>(job, argWeights) as usize) + index * bBatch;
    const add = index > from;
    let row = first;
    for (; row + 4 <= last; row += 4) fourRows(a + row * aRow, aRow, aColumn, b, out + ((row * n) << 2), n, k, add);
    for (; row < last; row++) oneRow(a + row * aRow, aColumn, b, out + ((row * n) << 2), n, k, add);
  }
}

// @ts-ignore: decorator
@inline
function put(at: usize, value: v128, add: bool): void {
  v128.store(at, add ? f32x4.add(v128.load(at), value) : value);
}

function fourRows(a: usize, aRow: u32, aColumn: u32, b: usize, out: usize, n: u32, k: u32, add: bool): void {
  const rowBytes = (n as usize) << 2;
  let column: u32 = 0;
  for (; column + 8 <= n; column += 8) {
    let a0 = a;
    let bAt = b + (column << 2);
    let c00 = f32x4.splat(0);
    let c01 = c00;
    let c10 = c00;
    let c11 = c00;
    let c20 = c00;
    let c21 = c00;
    let c30 = c00;
    let c31 = c00;
    for (let i: u32 = 0; i < k; i++) {
      const b0 = v128.load(bAt);
      const b1 = v128.load(bAt, 16);
      let value = v128.load32_splat(a0);
      c00 = f32x4.add(c00, f32x4.mul(value, b0));
      c01 = f32x4.add(c01, f32x4.mul(value, b1));
      value = v128.load32_splat(a0 + aRow);
      c10 = f32x4.add(c10, f32x4.mul(value, b0));
      c11 = f32x4.add(c11, f32x4.mul(value, b1));
      value = v128.load32_splat(a0 + 2 * aRow);
      c20 = f32x4.add(c20, f32x4.mul(value, b0));
      c21 = f32x4.add(c21, f32x4.mul(value, b1));
      value = v128.load32_splat(a0 + 3 * aRow);
      c30 = f32x4.add(c30, f32x4.mul(value, b0));
      c31 = f32x4.add(c31, f32x4.mul(value, b1));
      a0 += aColumn;
      bAt += rowBytes;
    }
    const at = out + (column << 2);
    put(at, c00, add);
    put(at + 16, c01, add);
    put(at + rowBytes, c10, add);
    put(at + rowBytes + 16, c11, add);
    put(at + 2 * rowBytes, c20, add);
    put(at + 2 * rowBytes + 16, c21, add);
    put(at + 3 * rowBytes, c30, add);
    put(at + 3 * rowBytes + 16, c31, add);
  }
  if (column < n) {
    let a0 = a;
    let bAt = b + (column << 2);
    let c0 = f32x4.splat(0);
    let c1 = c0;
    let c2 = c0;
    let c3 = c0;
    for (let i: u32 = 0; i < k; i++) {
      const b0 = v128.load(bAt);
      c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(a0), b0));
      c1 = f32x4.add(c1, f32x4.mul(v128.load32_splat(a0 + aRow), b0));
      c2 = f32x4.add(c2, f32x4.mul(v128.load32_splat(a0 + 2 * aRow), b0));
      c3 = f32x4.add(c3, f32x4.mul(v128.load32_splat(a0 + 3 * aRow), b0));
      a0 += aColumn;
      bAt += rowBytes;
    }
    const at = out + (column << 2);
    put(at, c0, add);
    put(at + rowBytes, c1, add);
    put(at + 2 * rowBytes, c2, add);
    put(at + 3 * rowBytes, c3, add);
  }
}

function oneRow(a: usize, aColumn: u32, b: usize, out: usize, n: u32, k: u32, add: bool): void {
  const rowBytes = (n as usize) << 2;
  for (let column: usize = 0; column < rowBytes; column += 16) {
    let a0 = a;
    let bAt = b + column;
    let c = f32x4.splat(0);
    for (let i: u32 = 0; i < k; i++) {
      c = f32x4.add(c, f32x4.mul(v128.load32_splat(a0), v128.load(bAt)));
      a0 += aColumn;
      bAt += rowBytes;
    }
    put(out + column, c, add);
  }
}
