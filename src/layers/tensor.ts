/** Tensors: typed arrays with a shape, the last index running fastest. */
import { invalidArgument } from '../errors.js';
import { custom, type Field } from '../options.js';

/** Float32: computed by the SIMD kernels. Float64: computed by the plain ones, for checks. */
export type TensorData = Float32Array | Float64Array;

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** A tensor over `data`, without a copy. Errors: `INVALID_ARGUMENT` where shape and number of elements disagree. */
export function makeTensor(shape: readonly number[], data: TensorData): Tensor {
  const isData = data instanceof Float32Array || data instanceof Float64Array;
  if (!isData) throw invalidArgument('tensor', 'data as a Float32Array or a Float64Array', data);
  checkLengths(shape);
  if (countElements(shape) !== data.length) {
    throw invalidArgument('tensor', `a shape of ${data.length} elements`, shape);
  }
  return { shape, data };
}

function checkLengths(shape: readonly number[]): void {
  const lengths: unknown = shape;
  const isShape =
    Array.isArray(lengths) && lengths.every((length) => Number.isSafeInteger(length) && Number(length) >= 0);
  if (!isShape) throw invalidArgument('tensor', 'a shape of whole numbers ≥ 0', shape);
}

/** A tensor, such as `makeTensor` makes it, that is given as an argument. */
export const tensorField: Field<Tensor> = custom('to be a tensor, as makeTensor makes it', (value) => {
  const { shape, data } = (value ?? {}) as Partial<Tensor>;
  return Array.isArray(shape) && (data instanceof Float32Array || data instanceof Float64Array);
});

/** A tensor of zeros with the element type of `like` (default: float32). */
export function makeZeros(shape: readonly number[], like?: TensorData): Tensor {
  checkLengths(shape);
  return { shape, data: makeData(countElements(shape), like) };
}

/** 4 GiB of float32: what an array can hold. */
export const mostElements = 2 ** 30;

export function makeData(length: number, like?: TensorData): TensorData {
  if (!(length <= mostElements)) throw invalidArgument('tensor', `at most ${mostElements} elements`, length);
  return like instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}

/** The same elements under another shape, without a copy. */
export function reshape(tensor: Tensor, shape: readonly number[]): Tensor {
  return makeTensor(shape, tensorField('reshape', 'the first argument', tensor).data);
}

/** The four lengths of a map tensor [image, channel, row, column]. Errors: `INVALID_ARGUMENT`. */
export function mapShape(place: string, tensor: Tensor): readonly [number, number, number, number] {
  tensorField(place, 'the map', tensor);
  if (tensor.shape.length !== 4) {
    throw invalidArgument(place, 'a tensor [image, channel, row, column]', tensor.shape);
  }
  const [batch, channels, height, width] = tensor.shape;
  return [batch, channels, height, width];
}

/** Errors: `INVALID_ARGUMENT` where the shape is another. */
export function checkShape(place: string, tensor: Tensor, shape: readonly number[]): void {
  const same = tensor.shape.length === shape.length && tensor.shape.every((length, i) => length === shape[i]);
  if (!same) throw invalidArgument(place, `a tensor of shape [${shape.join(', ')}]`, tensor.shape);
}

/** [batch, rows, columns] to [batch, columns, rows]. */
export function transposeLast(data: TensorData, batch: number, rows: number, columns: number): TensorData {
  const out = makeData(data.length, data);
  // Blocks keep both sides in the cache.
  const block = 32;
  for (let b = 0; b < batch; b++) {
    const base = b * rows * columns;
    for (let row0 = 0; row0 < rows; row0 += block) {
      const row1 = Math.min(rows, row0 + block);
      for (let column0 = 0; column0 < columns; column0 += block) {
        const column1 = Math.min(columns, column0 + block);
        for (let row = row0; row < row1; row++) {
          for (let column = column0; column < column1; column++) {
            out[base + column * rows + row] = data[base + row * columns + column];
          }
        }
      }
    }
  }
  return out;
}
