/** Assembles pickles and legacy PyTorch files byte by byte, whole ones and hostile ones. */

/** Instructions that push one value. */
export type Piece = readonly number[];

export const none: Piece = [0x4e];
export const no: Piece = [0x89];
export const yes: Piece = [0x88];

export function int(value: number): Piece {
  return [0x4a, ...bytesOf(Int32Array.of(value))];
}

export function float(value: number): Piece {
  return [0x47, ...bytesOf(Float64Array.of(value)).toReversed()];
}

export function text(value: string): Piece {
  const encoded = Buffer.from(value);
  return [0x58, ...bytesOf(Uint32Array.of(encoded.length)), ...encoded];
}

export function list(...items: Piece[]): Piece {
  return [0x5d, 0x28, ...items.flat(), 0x65];
}

export function tuple(...items: Piece[]): Piece {
  return [0x28, ...items.flat(), 0x74];
}

export function dictionary(...keysAndValues: Piece[]): Piece {
  return [0x7d, 0x28, ...keysAndValues.flat(), 0x75];
}

/** An OrderedDict with its items. */
export function orderedDictionary(...keysAndValues: Piece[]): Piece {
  return [...call(name('collections', 'OrderedDict')), 0x28, ...keysAndValues.flat(), 0x75];
}

/** A class or function by its module and name. */
export function name(module: string, attribute: string): Piece {
  return [0x63, ...Buffer.from(`${module}\n${attribute}\n`)];
}

/** What a function returns for these arguments. */
export function call(called: Piece, ...args: Piece[]): Piece {
  return [...called, ...tuple(...args), 0x52];
}

/** An instance of a class with a state. */
export function instance(type: Piece, state: Piece): Piece {
  return [...type, 0x29, 0x81, ...state, 0x62];
}

/** What stands outside the pickle under this identifier. */
export function persistent(...parts: Piece[]): Piece {
  return [...tuple(...parts), 0x51];
}

export function pickle(value: Piece): Buffer {
  return Buffer.from([0x80, 2, ...value, 0x2e]);
}

export function storage(type: string, key: string, length: number): Piece {
  return persistent(text('storage'), name('torch', type), text(key), text('cpu'), int(length), none);
}

export function tensor(stored: Piece, offset: number, shape: number[], strides: number[]): Piece {
  const counts = (values: number[]) => tuple(...values.map(int));
  const rebuild = name('torch._utils', '_rebuild_tensor_v2');
  const hooks = call(name('collections', 'OrderedDict'));
  return call(rebuild, stored, int(offset), counts(shape), counts(strides), no, hooks);
}

/** Bytes as Python 2 pickles them: through a text of Latin-1. */
export function raw(...bytes: number[]): Piece {
  return call(name('_codecs', 'encode'), text(String.fromCharCode(...bytes)), text('latin1'));
}

/** An element type of NumPy, as `i8`. */
export function dtype(type: string, order = '<'): Piece {
  const state = tuple(int(3), text(order), none, none, none, int(-1), int(-1), int(0));
  return [...call(name('numpy', 'dtype'), text(type), int(0), int(1)), ...state, 0x62];
}

export function ndarray(shape: number[], type: Piece, fortran: Piece, data: Piece): Piece {
  const empty = call(
    name('numpy.core.multiarray', '_reconstruct'),
    name('numpy', 'ndarray'),
    tuple(int(0)),
    raw(98),
  );
  return [...empty, ...tuple(int(1), tuple(...shape.map(int)), type, fortran, data), 0x62];
}

/** Magic number, version and machine, as every legacy file starts. */
export const torchHeader = Buffer.concat([
  pickle([0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]),
  pickle([0x4d, 0xe9, 0x03]),
  pickle(dictionary(text('protocol_version'), int(1001), text('little_endian'), yes)),
]);

/** A legacy PyTorch file: the pickled object, and its storages by key. */
export function torchFile(
  value: Piece | Buffer,
  storages: Record<string, Float32Array | BigInt64Array | Uint8Array> = {},
): Buffer {
  const keys = Object.keys(storages);
  return Buffer.concat([
    torchHeader,
    Buffer.isBuffer(value) ? value : pickle(value),
    pickle(list(...keys.map(text))),
    ...keys.flatMap((key) => [
      bytesOf(BigInt64Array.of(BigInt(storages[key].length))),
      bytesOf(storages[key]),
    ]),
  ]);
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
