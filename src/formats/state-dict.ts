/** Reads a `state_dict` that PyTorch's `torch.save` wrote since version 1.6: a zip of a pickle and raw storages. */
import { ByteCursor } from './byte-cursor.js';
import { damaged, damagedAs } from './damaged.js';
import { readPickle } from './pickle.js';
import { bytesPerElement, readTensor } from './tensor.js';
import { TorchBuilder } from './torch-builder.js';
import { isKind } from './torch-value.js';
import { readZip } from './zip.js';

export interface StateEntry {
  readonly shape: readonly number[];
  /** In float32, whatever floating-point type it was stored in. */
  readonly data: Float32Array;
}

const pickleName = 'data.pkl';

/**
 * The tensors of a state dictionary by their names. Nothing of the file is executed, and nothing is unpacked that is larger than the
 * file.
 *
 * @param place names the file in errors
 * @throws LocusError `FOREIGN_CONTENT` if the file names anything outside the closed list, `DATA_CORRUPT` if it is damaged or
 *   holds anything but tensors of floating-point numbers
 */
export function readStateDict(bytes: Uint8Array, place: string): Map<string, StateEntry> {
  // PyTorch stores its entries uncompressed, so that all of them together are no larger than the file.
  const files = readZip(bytes, place, { archive: "a zip archive of PyTorch's", storedOnly: true });
  const names = [...files.keys()];
  const pickle = names.find((name) => name === pickleName || name.endsWith(`/${pickleName}`));
  if (pickle === undefined) throw damagedAs(place, `a ${pickleName}`, names.slice(0, 3).join(', '));
  const root = pickle.slice(0, -pickleName.length);
  const order = files.get(`${root}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order) !== 'little') {
    throw damaged(
      place,
      'a file of a little-endian machine',
      new TextDecoder().decode(order.subarray(0, 20)),
    );
  }
  const builder = new TorchBuilder(bytes.length);
  const value = readPickle(new ByteCursor(files.get(pickle)!, `${place}, ${pickle}`), builder);
  for (const [key, storage] of builder.storages) {
    const file = files.get(`${root}data/${key}`);
    const expected = storage.length * bytesPerElement(storage.dtype);
    if (file?.length !== expected) {
      throw damaged(place, `${expected} bytes in data/${key}`, file?.length ?? 'no such file');
    }
    storage.bytes = file;
  }
  if (!(value instanceof Map)) throw damaged(place, 'a dictionary of tensors', value);
  const entries = [...value].map(([name, tensor]): [string, StateEntry] => {
    const where = `${place}, ${typeof name === 'string' ? name : 'a key'}`;
    if (typeof name !== 'string' || !isKind(tensor, 'tensor'))
      throw damaged(where, 'a tensor by its name', tensor);
    const data = readTensor(tensor, where);
    if (!(data instanceof Float32Array || data instanceof Float64Array)) {
      throw damagedAs(where, 'floating-point numbers', data.constructor.name);
    }
    return [name, { shape: tensor.shape, data: Float32Array.from(data) }];
  });
  return new Map(entries);
}
