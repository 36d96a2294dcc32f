/** Looks into the record of a BindsNET module: attributes, buffers, parameters and modules within, each by its name. */
import { damaged, damagedAs } from '../../../formats/damaged.js';
import { product, readTensor, showShape } from '../../../formats/tensor.js';
import type { PythonRecord, TorchTensor, TorchValue } from '../../../formats/torch-value.js';
import { isKind } from '../../../formats/torch-value.js';

/** A module of a saved network. Every method throws `DATA_CORRUPT`, naming the file and the attribute, if it is not as asked. */
export class ModuleView {
  readonly #state: ReadonlyMap<TorchValue, TorchValue>;

  /**
   * @param types the classes, without their Python module, that `value` may be an instance of
   * @param file names the file in errors
   * @param path where in it the module stands, as `Y`; the network itself is nowhere
   */
  constructor(
    value: TorchValue | undefined,
    types: readonly string[],
    readonly file: string,
    readonly path = '',
  ) {
    const record = isKind(value, 'record') ? value : undefined;
    if (record?.state === undefined || !types.includes(className(record))) {
      const place = path === '' ? file : `${file}, ${path}`;
      throw damaged(place, types.join(' or '), record === undefined ? value : className(record));
    }
    this.#state = record.state;
  }

  module(name: string, types: readonly string[]): ModuleView {
    const path = this.path === '' ? name : `${this.path}.${name}`;
    return new ModuleView(this.#entries('_modules').get(name), types, this.file, path);
  }

  /** How errors name an attribute. */
  place(name: string): string {
    return this.path === '' ? `${this.file}, ${name}` : `${this.file}, ${this.path}.${name}`;
  }

  /** Refuses a module with another value of an attribute than the only one whose behaviour is known here. */
  expect(name: string, expected: boolean | null): void {
    const value = this.#state.get(name);
    if (value !== expected)
      throw damaged(this.place(name), expected === null ? 'None' : String(expected), value);
  }

  /** A finite number. */
  number(name: string): number {
    const value = this.#state.get(name);
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw damaged(this.place(name), 'a number', value);
    }
    return value;
  }

  /** A number, which may be infinite: a bound that does not bind. */
  bound(name: string): number {
    const value = this.#state.get(name);
    if (typeof value !== 'number' || Number.isNaN(value)) throw damaged(this.place(name), 'a bound', value);
    return value;
  }

  numberOrNone(name: string): number | null {
    return this.#state.get(name) === null ? null : this.number(name);
  }

  /** A list or tuple of two finite numbers. */
  pair(name: string): readonly [number, number] {
    const value = this.#state.get(name);
    const items = isKind(value, 'tuple') ? value.items : Array.isArray(value) ? value : [];
    const [first, second] = items;
    if (items.length !== 2 || !Number.isFinite(first) || !Number.isFinite(second)) {
      throw damaged(this.place(name), 'two numbers', value);
    }
    return [first as number, second as number];
  }

  /**
   * Two learning rates, in whatever lists and tensors they lie, or null where there are none. One that is None is 0: nothing is
   * learned with it.
   */
  ratesOrNone(name: string): readonly [number, number] | null {
    const value = this.#state.get(name);
    if (value === null) return null;
    const rates = flatten(value, this.place(name));
    if (rates.length !== 2 || !rates.every((rate) => Number.isFinite(rate))) {
      throw damaged(this.place(name), 'two learning rates', value);
    }
    return [rates[0], rates[1]];
  }

  hasBuffer(name: string): boolean {
    return isKind(this.#entries('_buffers').get(name), 'tensor');
  }

  /** A finite number that is kept as a tensor. */
  scalar(name: string): number {
    return this.buffer(name, 1)[0];
  }

  /** The `nElements` of a buffer (state that is saved but not learned by gradients), in C order. */
  buffer(name: string, nElements: number): Float32Array {
    return readFloats(this.#entries('_buffers').get(name), nElements, this.place(name));
  }

  /** The `nElements` of a parameter (a weight or bias), in C order. */
  parameter(name: string, nElements: number): Float32Array {
    return readFloats(this.#entries('_parameters').get(name), nElements, this.place(name));
  }

  #entries(name: string): ReadonlyMap<TorchValue, TorchValue> {
    const entries = this.#state.get(name);
    if (!(entries instanceof Map)) throw damaged(this.place(name), 'a dictionary', entries);
    return entries;
  }
}

/** The elements of a tensor as finite float32 numbers, in C order; whatever its shape, there must be `nElements` of them. */
export function readFloats(value: TorchValue | undefined, nElements: number, place: string): Float32Array {
  const floats = readNumbers(value, nElements, place);
  const wrong = floats.find((element) => !Number.isFinite(element));
  if (wrong !== undefined) throw damaged(place, 'finite numbers', wrong);
  return floats;
}

/** The same, with infinities and what is not a number. */
export function readNumbers(value: TorchValue | undefined, nElements: number, place: string): Float32Array {
  const tensor: TorchTensor | undefined = isKind(value, 'tensor') ? value : undefined;
  if (tensor === undefined || product(tensor.shape) !== nElements) {
    const expectation = `a tensor of ${nElements} elements`;
    throw tensor === undefined
      ? damaged(place, expectation, value)
      : damagedAs(place, expectation, showShape(tensor.shape));
  }
  const data = readTensor(tensor, place);
  return data instanceof Float32Array ? data : Float32Array.from(data, Number);
}

/** The numbers in nested lists, tuples and tensors; not a number for anything else. */
function flatten(value: TorchValue | undefined, place: string): number[] {
  if (value === null) return [0];
  if (isKind(value, 'tensor')) return Array.from(readTensor(value, place), Number);
  const items = isKind(value, 'tuple') ? value.items : value;
  if (Array.isArray(items)) return items.flatMap((item: TorchValue) => flatten(item, place));
  return [typeof items === 'number' ? items : Number.NaN];
}

function className({ type }: PythonRecord): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
