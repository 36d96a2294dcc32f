/** Reads a file that PyTorch's `torch.save` wrote before version 1.6: pickles, followed by raw storages. */
import { ByteCursor } from './byte-cursor.js';
import { damaged, damagedAs } from './damaged.js';
import { readPickle } from './pickle.js';
import { bytesPerElement } from './tensor.js';
import { TorchBuilder } from './torch-builder.js';
import type { TorchValue } from './torch-value.js';

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;

/**
 * The object in the bytes of a legacy PyTorch file. Nothing of the file is executed: instances of the original's classes
 * become records, tensors become views that {@link readTensor} copies out. Memory and time grow with the length of the
 * file only, whatever it claims.
 *
 * @param place names the file in errors
 * @throws LocusError `FOREIGN_CONTENT` if the file names anything outside the closed list, `DATA_CORRUPT` if it is damaged
 */
export function readLegacyTorchFile(bytes: Uint8Array, place: string): TorchValue {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw damagedAs(place, 'a PyTorch file in the format before version 1.6', 'a zip archive of a later one');
  }
  const cursor = new ByteCursor(bytes, place);
  const builder = new TorchBuilder(bytes.length);
  const next = () => readPickle(cursor, builder);

  const magic = next();
  if (magic !== magicNumber) throw damaged(place, "PyTorch's magic number", magic);
  const version = next();
  if (version !== protocolVersion) throw damaged(place, `format version ${protocolVersion}`, version);
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true) {
    throw damaged(place, 'a file of a little-endian machine', system);
  }
  const value = next();
  const keys = next();
  if (!Array.isArray(keys)) throw damaged(place, 'the list of its storages', keys);
  readStorages(cursor, keys, builder);
  if (!cursor.atEnd)
    throw damagedAs(cursor.here, 'the end of the file', `${bytes.length - cursor.offset} more bytes`);
  return value;
}

/** Gives every storage that the pickles spoke of its bytes: for each key in turn a count and the elements. */
function readStorages(cursor: ByteCursor, keys: readonly TorchValue[], { storages }: TorchBuilder): void {
  for (const key of keys) {
    const where = cursor.here;
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined) throw damaged(where, 'the key of a storage', key);
    if (storage.bytes !== undefined) throw damaged(where, 'each storage once', key);
    const length = cursor.int64();
    if (length !== BigInt(storage.length))
      throw damagedAs(where, `${storage.length} elements`, String(length));
    storage.bytes = cursor.take(storage.length * bytesPerElement(storage.dtype));
  }
  if (keys.length !== storages.size) {
    throw damagedAs(cursor.here, `${storages.size} storages`, `${keys.length}`);
  }
}
