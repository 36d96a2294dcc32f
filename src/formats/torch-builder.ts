/** The closed list of what a file of the original program may name, and the plain data that comes of it. */
import { damaged, damagedAs } from './damaged.js';
import type { PickleBuilder } from './pickle.js';
import { bytesPerElement, makeTensor, readTensor, wholeTensor } from './tensor.js';
import type {
  ElementType,
  NumpyArray,
  PythonBytes,
  PythonRecord,
  TorchStorage,
  TorchTensor,
  TorchValue,
} from './torch-value.js';
import { elementArrays, isKind } from './torch-value.js';

/** Classes whose instances become records. */
const recordTypes = new Set([
  'bindsnet.network.network.Network',
  'bindsnet.network.nodes.Input',
  'bindsnet.network.nodes.AdaptiveLIFNodes',
  'bindsnet.network.topology.Connection',
  'bindsnet.network.topology.LocalConnection',
  'bindsnet.network.topology.Conv2dConnection',
  'bindsnet.learning.learning.NoOp',
  'bindsnet.learning.learning.PostPre',
  'bindsnet.network.monitors.Monitor',
  'bindsnet.network.monitors.NetworkMonitor',
]);

/** Kinds of storage by PyTorch's names. */
const storageTypes = new Map<string, ElementType>([
  ['torch.FloatStorage', 'f4'],
  ['torch.DoubleStorage', 'f8'],
  ['torch.CharStorage', 'i1'],
  ['torch.ShortStorage', 'i2'],
  ['torch.IntStorage', 'i4'],
  ['torch.LongStorage', 'i8'],
  ['torch.ByteStorage', 'u1'],
  ['torch.BoolStorage', 'b1'],
]);

/** Classes that stand as arguments and are never built. */
const ndarrayName = 'numpy.ndarray';
const functionsName = 'torch._C._VariableFunctions';

/** Builds the values of one file, and knows the storages that its pickles referred to. */
export class TorchBuilder implements PickleBuilder {
  readonly storages = new Map<string, TorchStorage>();
  /** Bytes that text may still be turned into: text that is used twice must not grow beyond the file. */
  #bytesLeft: number;

  constructor(readonly fileLength: number) {
    this.#bytesLeft = fileLength;
  }

  allows(name: string): boolean {
    return (
      recordTypes.has(name) ||
      storageTypes.has(name) ||
      functions.has(name) ||
      name === ndarrayName ||
      name === functionsName
    );
  }

  call(name: string, args: readonly TorchValue[], where: string): TorchValue {
    const build = functions.get(name);
    if (build === undefined) throw damaged(where, 'a function to call', name);
    return build(args, where, this);
  }

  create(name: string, args: readonly TorchValue[], where: string): PythonRecord {
    if (!recordTypes.has(name)) throw damaged(where, 'a class to make an instance of', name);
    if (args.length > 0) throw damagedAs(where, 'an instance made without arguments', `${args.length}`);
    return { kind: 'record', type: name, state: undefined };
  }

  build(target: TorchValue, state: TorchValue, where: string): void {
    if (isKind(target, 'record') && target.state === undefined) {
      if (!(state instanceof Map)) throw damaged(where, 'the attributes of an instance', state);
      target.state = state;
    } else if (isKind(target, 'ndarray') && target.content === undefined) {
      target.content = arrayContent(state, where);
    } else if (isKind(target, 'dtype')) {
      checkByteOrder(state, where);
    } else if (!(target instanceof Map && state instanceof Map)) {
      // The attributes of a dictionary (the versions of a state_dict's modules) are of no use here.
      throw damaged(where, 'an instance without state', target);
    }
  }

  resolve(identifier: TorchValue, where: string): TorchValue {
    const parts = isKind(identifier, 'tuple') ? identifier.items : [];
    // A class comes with its source text, which stays unread.
    if (parts[0] === 'module' && isKind(parts[1], 'name') && recordTypes.has(parts[1].name)) return parts[1];
    if (parts[0] === 'storage') return this.#storage(parts, where);
    throw damaged(where, 'a reference to a storage or a class', parts[0] ?? identifier);
  }

  /** The Latin-1 bytes of a text, as long as all of them together are no more than the file. */
  encode(text: string, where: string): PythonBytes {
    this.#bytesLeft -= text.length;
    if (this.#bytesLeft < 0) throw damagedAs(where, `at most ${this.fileLength} bytes of raw data`, 'more');
    const bytes = Buffer.from(text, 'latin1');
    if (bytes.toString('latin1') !== text) throw damaged(where, 'text in Latin-1', text);
    return { kind: 'bytes', bytes };
  }

  #storage(parts: readonly TorchValue[], where: string): TorchStorage {
    const [, type, key, location, length, view] = parts;
    const dtype = isKind(type, 'name') ? storageTypes.get(type.name) : undefined;
    if (dtype === undefined) throw damaged(where, 'the kind of a storage', type);
    if (typeof key !== 'string' || typeof location !== 'string')
      throw damaged(where, 'the key of a storage', key);
    const room = Math.floor(this.fileLength / bytesPerElement(dtype));
    if (!isCount(length) || length > room)
      throw damaged(where, `a storage of at most ${room} elements`, length);
    // The zip format has no place for a view.
    if (parts.length !== 5 && (view !== null || parts.length !== 6))
      throw damagedAs(where, 'a storage of its own', 'a part of another');
    const known = this.storages.get(key);
    if (known === undefined) {
      const storage: TorchStorage = { kind: 'storage', dtype, length, bytes: undefined };
      this.storages.set(key, storage);
      return storage;
    }
    if (known.dtype !== dtype || known.length !== length)
      throw damaged(where, 'every mention of a storage with one type and length', key);
    return known;
  }
}

type BuildFunction = (args: readonly TorchValue[], where: string, builder: TorchBuilder) => TorchValue;

const functions = new Map<string, BuildFunction>([
  ['collections.OrderedDict', buildDictionary],
  ['torch._utils._rebuild_tensor_v2', buildTensor],
  ['torch._utils._rebuild_parameter', buildParameter],
  ['numpy.dtype', buildDtype],
  ['numpy.core.multiarray.scalar', buildScalar],
  ['numpy.core.multiarray._reconstruct', buildArray],
  ['_codecs.encode', buildBytes],
  ['__builtin__.getattr', buildAttribute],
]);

function buildDictionary(args: readonly TorchValue[], where: string): TorchValue {
  if (args.length > 0) throw damagedAs(where, 'an empty dictionary', `${args.length} arguments`);
  return new Map();
}

function buildTensor(args: readonly TorchValue[], where: string): TorchValue {
  const [storage, offset, shape, strides] = args;
  if (!isKind(storage, 'storage')) throw damaged(where, 'the storage of a tensor', storage);
  if (!isCount(offset)) throw damaged(where, 'the offset of a tensor', offset);
  return makeTensor(storage, offset, countsOf(shape, where), countsOf(strides, where), where);
}

/** A parameter is its tensor: whether it once wanted a gradient is of no use here. */
function buildParameter([tensor]: readonly TorchValue[], where: string): TorchValue {
  if (!isKind(tensor, 'tensor')) throw damaged(where, 'the tensor of a parameter', tensor);
  return tensor;
}

function buildDtype([name]: readonly TorchValue[], where: string): TorchValue {
  if (typeof name !== 'string' || !Object.hasOwn(elementArrays, name)) {
    throw damaged(where, `an element type of ${Object.keys(elementArrays).join(', ')}`, name);
  }
  return { kind: 'dtype', dtype: name as ElementType };
}

function checkByteOrder(state: TorchValue, where: string): void {
  const order = isKind(state, 'tuple') ? state.items[1] : state;
  if (order !== '<' && order !== '|') throw damaged(where, 'a little-endian element type', order);
}

function buildScalar([type, raw]: readonly TorchValue[], where: string): TorchValue {
  const [value] = readTensor(wholeTensor(rawStorage(type, raw, where), [1], false, where), where);
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function buildArray([type]: readonly TorchValue[], where: string): NumpyArray {
  if (!isKind(type, 'name') || type.name !== ndarrayName) throw damaged(where, ndarrayName, type);
  return { kind: 'ndarray', content: undefined };
}

/** From NumPy's state of an array: version, shape, element type, whether in Fortran order, raw bytes. */
function arrayContent(state: TorchValue, where: string): TorchTensor {
  const items = isKind(state, 'tuple') ? state.items : [];
  if (items.length !== 5) throw damaged(where, 'the content of an array', state);
  const [, shape, type, fortranOrder, raw] = items;
  return wholeTensor(rawStorage(type, raw, where), countsOf(shape, where), fortranOrder === true, where);
}

function rawStorage(type: TorchValue, raw: TorchValue, where: string): TorchStorage {
  if (!isKind(type, 'dtype')) throw damaged(where, 'an element type', type);
  if (!isKind(raw, 'bytes')) throw damaged(where, 'raw data', raw);
  const length = raw.bytes.length / bytesPerElement(type.dtype);
  if (!isCount(length))
    throw damagedAs(where, `whole elements of type ${type.dtype}`, `${raw.bytes.length} bytes`);
  return { kind: 'storage', dtype: type.dtype, length, bytes: raw.bytes };
}

function buildBytes(args: readonly TorchValue[], where: string, builder: TorchBuilder): TorchValue {
  const [text, encoding] = args;
  if (typeof text !== 'string' || encoding !== 'latin1')
    throw damaged(where, 'text to be encoded in latin1', text);
  return builder.encode(text, where);
}

/** A method of an instance, or of PyTorch's own functions, that a learning rule used: kept as its name. */
function buildAttribute([of, name]: readonly TorchValue[], where: string): TorchValue {
  const owner = isKind(of, 'record') || (isKind(of, 'name') && of.name === functionsName) ? of : undefined;
  if (owner === undefined || typeof name !== 'string') throw damaged(where, 'the method of an instance', of);
  return { kind: 'attribute', of: owner, name };
}

function countsOf(value: TorchValue, where: string): readonly number[] {
  if (!isKind(value, 'tuple') || !value.items.every(isCount))
    throw damaged(where, 'a tuple of counts', value);
  return value.items;
}

function isCount(value: TorchValue): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
