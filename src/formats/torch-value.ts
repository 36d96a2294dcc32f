/** What a file of the original program can hold, as plain data: nothing here can be called. */

/**
 * A value of a pickle. Lists are arrays, dictionaries are Maps. An integer is a number, or a bigint beyond 2^53.
 * Values may refer to each other in circles, as they did in the program that saved them.
 */
export type TorchValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | TorchValue[]
  | Map<TorchValue, TorchValue>
  | PythonTuple
  | PythonBytes
  | PythonName
  | PythonRecord
  | PythonAttribute
  | NumpyDtype
  | NumpyArray
  | TorchStorage
  | TorchTensor;

export interface PythonTuple {
  readonly kind: 'tuple';
  readonly items: readonly TorchValue[];
}

export interface PythonBytes {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
}

/** A class or function of the closed list, named and no more. */
export interface PythonName {
  readonly kind: 'name';
  readonly name: string;
}

/** What was an instance of a class: the class's name and the instance's attributes. */
export interface PythonRecord {
  readonly kind: 'record';
  readonly type: string;
  state: Map<TorchValue, TorchValue> | undefined;
}

/** What was a method bound to its instance. */
export interface PythonAttribute {
  readonly kind: 'attribute';
  readonly of: PythonName | PythonRecord;
  readonly name: string;
}

export interface NumpyDtype {
  readonly kind: 'dtype';
  readonly dtype: ElementType;
}

/** A NumPy array; `content` comes after the array itself, in a step of its own. */
export interface NumpyArray {
  readonly kind: 'ndarray';
  content: TorchTensor | undefined;
}

/** The raw bytes that tensors are views of; they stand behind the pickle, so `bytes` comes last. */
export interface TorchStorage {
  readonly kind: 'storage';
  readonly dtype: ElementType;
  readonly length: number;
  bytes: Uint8Array | undefined;
}

/** A strided view of a storage. Offset and strides count elements. */
export interface TorchTensor {
  readonly kind: 'tensor';
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

type Kind = Extract<TorchValue, { kind: string }>['kind'];

/** Whether a value is an object of that kind; lists, dictionaries and plain values are of none. */
export function isKind<K extends Kind>(
  value: TorchValue | undefined,
  kind: K,
): value is Extract<TorchValue, { kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

/** Element types by NumPy's names, with the array that holds them. `b1` is a truth value, 0 or 1. */
export const elementArrays = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  b1: Uint8Array,
} as const;

export type ElementType = keyof typeof elementArrays;
export type TensorData = InstanceType<(typeof elementArrays)[ElementType]>;
