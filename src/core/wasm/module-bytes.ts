/** Writes WebAssembly modules: just what functions over 128-bit vectors in an imported shared memory need. */

/** Value types. */
export const i32 = 0x7f;
export const v128 = 0x7b;

/** Vector instructions by their names in the specification. */
const vector = {
  'v128.load': 0x00,
  'v128.load32_splat': 0x09,
  'v128.store': 0x0b,
  'v128.const': 0x0c,
  'v128.store32_lane': 0x5a,
  'i32x4.gt_s': 0x3b,
  'f32x4.eq': 0x41,
  'f32x4.ne': 0x42,
  'f32x4.lt': 0x43,
  'f32x4.le': 0x45,
  'f32x4.ge': 0x46,
  'v128.not': 0x4d,
  'v128.and': 0x4e,
  'v128.andnot': 0x4f,
  'v128.or': 0x50,
  'v128.xor': 0x51,
  'v128.bitselect': 0x52,
  'v128.any_true': 0x53,
  'f32x4.floor': 0x68,
  'i32x4.bitmask': 0xa4,
  'i32x4.shl': 0xab,
  'i32x4.shr_s': 0xac,
  'i32x4.add': 0xae,
  'i32x4.sub': 0xb1,
  'f32x4.abs': 0xe0,
  'f32x4.neg': 0xe1,
  'f32x4.sqrt': 0xe3,
  'f32x4.add': 0xe4,
  'f32x4.sub': 0xe5,
  'f32x4.mul': 0xe6,
  'f32x4.div': 0xe7,
  'f32x4.min': 0xe8,
  'f32x4.max': 0xe9,
  'f32x4.pmin': 0xea,
  'f32x4.pmax': 0xeb,
  'i32x4.trunc_sat_f32x4_s': 0xf8,
  'f32x4.convert_i32x4_s': 0xfa,
} as const;

export type VectorInstruction = Exclude<
  keyof typeof vector,
  'v128.load' | 'v128.load32_splat' | 'v128.store' | 'v128.const' | 'v128.store32_lane'
>;

/** One function: parameters are its first locals. */
export class FunctionBytes {
  readonly #code: number[] = [];
  readonly #locals: number[] = [];

  constructor(readonly parameters: readonly number[]) {}

  /** A new local of a type. */
  local(type: number): number {
    this.#locals.push(type);
    return this.parameters.length + this.#locals.length - 1;
  }

  get(local: number): this {
    return this.#write(0x20, ...unsigned(local));
  }

  set(local: number): this {
    return this.#write(0x21, ...unsigned(local));
  }

  constI32(value: number): this {
    return this.#write(0x41, ...signed(value));
  }

  addI32(): this {
    return this.#write(0x6a);
  }

  equalI32(): this {
    return this.#write(0x46);
  }

  shiftRightI32(): this {
    return this.#write(0x76);
  }

  shiftLeftI32(): this {
    return this.#write(0x74);
  }

  /** Stores the low byte of the number on the stack to the address below it. */
  storeByte(): this {
    return this.#write(0x3a, 0, 0);
  }

  lessU32(): this {
    return this.#write(0x49);
  }

  loadI32(offset: number): this {
    return this.#write(0x28, 2, ...unsigned(offset));
  }

  /** Loads a vector from the address on the stack. */
  load(): this {
    return this.#write(0xfd, vector['v128.load'], 4, 0);
  }

  /** Loads a float32 from the address on the stack, four times. */
  loadSplat(): this {
    return this.#write(0xfd, vector['v128.load32_splat'], 2, 0);
  }

  /** Stores the vector on the stack to the address below it. */
  store(): this {
    return this.#write(0xfd, vector['v128.store'], 4, 0);
  }

  /** Stores the first float32 of the vector on the stack to the address below it. */
  storeLane(): this {
    return this.#write(0xfd, vector['v128.store32_lane'], 2, 0, 0);
  }

  /** Four times a float32. */
  splat(value: number): this {
    return this.#constant([...new Uint8Array(Float32Array.of(value, value, value, value).buffer)]);
  }

  /** Four times an int32. */
  splatI32(value: number): this {
    return this.#constant([...new Uint8Array(Int32Array.of(value, value, value, value).buffer)]);
  }

  vector(instruction: VectorInstruction): this {
    return this.#write(0xfd, ...unsigned(vector[instruction]));
  }

  /** A loop whose body ends with `again`. */
  loop(): this {
    return this.#write(0x03, 0x40);
  }

  /** Goes to the start of the loop if the number on the stack is not 0, and ends it otherwise. */
  again(): this {
    return this.#write(0x0d, 0, 0x0b);
  }

  if(): this {
    return this.#write(0x04, 0x40);
  }

  end(): this {
    return this.#write(0x0b);
  }

  call(index: number): this {
    return this.#write(0x10, ...unsigned(index));
  }

  encode(): number[] {
    const body = [...list(this.#locals.map((type) => [1, type])), ...this.#code, 0x0b];
    return [...unsigned(body.length), ...body];
  }

  #constant(bytes: readonly number[]): this {
    return this.#write(0xfd, vector['v128.const'], ...bytes);
  }

  #write(...bytes: readonly number[]): this {
    for (const byte of bytes) this.#code.push(byte);
    return this;
  }
}

/**
 * A module of functions without results over the shared memory `env.memory`.
 *
 * @param exported indices of the functions that it exports, by name
 */
export function encodeModule(
  functions: readonly FunctionBytes[],
  exported: Readonly<Record<string, number>>,
): Uint8Array {
  const types = functions.map(({ parameters }) => [0x60, ...list(parameters.map((type) => [type])), 0]);
  const memory = [...text('env'), ...text('memory'), 2, 3, ...unsigned(1), ...unsigned(0x1_0000)];
  const sections: readonly (readonly [id: number, contents: readonly number[]])[] = [
    [1, list(types)],
    [2, list([memory])],
    [3, list(functions.map((_, index) => unsigned(index)))],
    [7, list(Object.entries(exported).map(([name, index]) => text(name).concat(0, unsigned(index))))],
    [10, list(functions.map((each) => each.encode()))],
  ];
  // No call takes a section's bytes as arguments: a long one would overflow the stack.
  const bytes = sections.flatMap(([id, contents]) => [id].concat(unsigned(contents.length), contents));
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...bytes]);
}

function list(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}
