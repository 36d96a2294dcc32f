/** The elements of a strided array in C order. */

/** Calls `visit` with the number of every element, the last index running fastest, and with the place where it lies. */
export function visitRowMajor(
  shape: readonly number[],
  strides: readonly number[],
  visit: (element: number, place: number) => void,
): void {
  const count = shape.reduce((product, length) => product * length, 1);
  const index = shape.map(() => 0);
  let place = 0;
  for (let element = 0; element < count; element += 1) {
    visit(element, place);
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      index[axis] += 1;
      place += strides[axis];
      if (index[axis] < shape[axis]) break;
      place -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}
