/** The floating-point numbers that a simulation computes in. */

/** `single`: float32, in which every engine agrees to the bit. `double`: float64, to tell rounding from error. */
export type Precision = 'single' | 'double';

export const precisions: readonly Precision[] = ['single', 'double'];

export interface FloatArrays {
  readonly single: Float32Array;
  readonly double: Float64Array;
}

/** Storing in such an array rounds to its precision. */
export type Floats = FloatArrays[Precision];

/** Rounds the result of an operation. */
export const roundTo: Readonly<Record<Precision, (value: number) => number>> = {
  single: Math.fround,
  double: (value) => value,
};

/** Zeros, or rounded copies of values. */
export function makeFloats<P extends Precision>(
  precision: P,
  content: number | ArrayLike<number>,
): FloatArrays[P] {
  // TypeScript cannot tell a length from values where it chooses an overload.
  const given = content as number;
  return (precision === 'double' ? new Float64Array(given) : new Float32Array(given)) as FloatArrays[P];
}
