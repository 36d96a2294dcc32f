/** The arrays that are stored and sent, and the names of their element types.  Needs nothing of Node. */
import { invalidArgument } from '../errors.js';

/** A stored blob holds the index into this list: append, never reorder. */
export const elementTypes = [
  ['float32', Float32Array],
  ['float64', Float64Array],
  ['int32', Int32Array],
  ['uint32', Uint32Array],
  ['uint16', Uint16Array],
  ['uint8', Uint8Array],
  ['int8', Int8Array],
] as const;

export type ArrayDtype = (typeof elementTypes)[number][0];
type ArrayType = (typeof elementTypes)[number][1];
/** The array of an element type. */
export type ArrayDataOf<Dtype extends ArrayDtype> = Extract<
  (typeof elementTypes)[number],
  readonly [Dtype, unknown]
>[1]['prototype'];
export type ArrayData =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Int8Array;

/** The name of the element type of `data`. Errors: `INVALID_ARGUMENT` for one that is not in the list. */
export function dtypeOf(data: ArrayData, place: string): ArrayDtype {
  const type = elementTypes.find(([, arrayType]) => data instanceof arrayType);
  if (type === undefined) {
    throw invalidArgument(place, `elements of type ${elementTypes.map(([dtype]) => dtype).join(', ')}`, data);
  }
  return type[0];
}

/** The array of a name in the list. */
export function arrayTypeOf(dtype: ArrayDtype): ArrayType {
  return elementTypes.find(([name]) => name === dtype)![1];
}
