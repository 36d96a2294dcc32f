/** Turns strided views of raw bytes into arrays. */
import { visitRowMajor } from './visit-row-major.js';
import { damaged, damagedAs } from './damaged.js';
import type { ElementType, TensorData, TorchStorage, TorchTensor } from './torch-value.js';
import { elementArrays } from './torch-value.js';

const maxDimensions = 64;

export function bytesPerElement(dtype: ElementType): number {
  return elementArrays[dtype].BYTES_PER_ELEMENT;
}

/**
 * A view of `storage`, checked to lie inside it and to hold no more elements than it, so that reading the view
 * never takes more memory than the file has bytes.
 */
export function makeTensor(
  storage: TorchStorage,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
  where: string,
): TorchTensor {
  const counts = [offset, ...shape, ...strides];
  if (shape.length !== strides.length || shape.length > maxDimensions || !counts.every(isCount)) {
    throw damagedAs(where, 'the offset, shape and strides of a tensor', `${shape.length} dimensions`);
  }
  const nElements = product(shape);
  const end = nElements === 0 ? offset : offset + dot(shape, strides) + 1;
  if (!(end <= storage.length && nElements <= storage.length)) {
    throw damaged(where, `a tensor within the ${storage.length} elements of its storage`, end);
  }
  return { kind: 'tensor', storage, offset, shape, strides };
}

/** A storage seen as one array, in C order or with the first index running fastest. */
export function wholeTensor(
  storage: TorchStorage,
  shape: readonly number[],
  fortranOrder: boolean,
  where: string,
): TorchTensor {
  if (shape.length > maxDimensions || !shape.every(isCount) || product(shape) !== storage.length) {
    throw damagedAs(where, `a shape of ${storage.length} elements`, showShape(shape));
  }
  const strides = fortranOrder ? rowMajorStrides(shape.toReversed()).toReversed() : rowMajorStrides(shape);
  return makeTensor(storage, 0, shape, strides, where);
}

/** The elements of a tensor in C order, copied out of the file. */
export function readTensor(tensor: TorchTensor, where: string): TensorData {
  const { storage, offset, shape, strides } = tensor;
  if (storage.bytes === undefined) throw damagedAs(where, 'a tensor with data', 'a storage without');
  const arrayType = elementArrays[storage.dtype];
  const size = arrayType.BYTES_PER_ELEMENT;
  const nElements = product(shape);
  const extent = nElements === 0 ? 0 : dot(shape, strides) + 1;
  // In the file the elements stand at any address; typed arrays want theirs aligned.
  const aligned = new Uint8Array(extent * size);
  aligned.set(storage.bytes.subarray(offset * size, (offset + extent) * size));
  const spread = new arrayType(aligned.buffer);
  const contiguous = rowMajorStrides(shape);
  if (strides.every((stride, axis) => stride === contiguous[axis] || shape[axis] === 1)) return spread;

  const ordered = new arrayType(nElements);
  visitRowMajor(shape, strides, (to, from) => {
    ordered[to] = spread[from];
  });
  return ordered;
}

/** A shape as errors show it, cut where no tensor has more dimensions. */
export function showShape(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single value' : shape.slice(0, maxDimensions).join(' × ');
}

export function product(shape: readonly number[]): number {
  return shape.reduce((sum, length) => sum * length, 1);
}

/** How far the last element of a non-empty shape lies behind the first. */
function dot(shape: readonly number[], strides: readonly number[]): number {
  return shape.reduce((sum, length, axis) => sum + (length - 1) * strides[axis], 0);
}

function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => product(shape.slice(axis + 1)));
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
