/** Reads zip archives whole: every entry is unpacked and checked against its CRC-32. */
import { crc32, inflateRawSync } from 'node:zlib';
import { ByteCursor } from './byte-cursor.js';
import { damaged, damagedAs } from './damaged.js';

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its local header starts. */
  readonly offset: number;
}

const endSignature = 0x06054b50;
const endBytes = 22;
const longestComment = 0xffff;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;
const stored = 0;
const deflated = 8;

export interface ZipOptions {
  /** How errors call the archive that is expected: `a zip archive`. */
  readonly archive?: string;
  /** Whether deflated entries are refused. */
  readonly storedOnly?: boolean;
}

/**
 * The files of a zip archive (stored or deflated, up to 4 GiB) by their names, folders left out.
 * Work and memory grow with the content that is there, whatever sizes the archive claims.
 *
 * @param place names the archive in errors
 * @throws LocusError `DATA_CORRUPT` if the archive is damaged, encrypted or packed by another method
 */
export function readZip(
  bytes: Uint8Array,
  place: string,
  { archive = 'a whole zip archive', storedOnly = false }: ZipOptions = {},
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let packed = 0;
  for (const entry of listEntries(bytes, place, archive)) {
    packed += entry.packedSize;
    // Entries that share their bytes would unpack to far more than the archive can hold.
    if (packed > bytes.length) throw damaged(place, `entries within its ${bytes.length} bytes`, packed);
    if (entry.name.endsWith('/')) continue;
    if (storedOnly && entry.method !== stored) {
      throw damagedAs(place, `${entry.name} without compression`, `method ${entry.method}`);
    }
    if (files.has(entry.name)) throw damaged(place, 'every entry once', entry.name);
    files.set(entry.name, unpack(bytes, entry, `${place}, ${entry.name}`));
  }
  return files;
}

function listEntries(bytes: Uint8Array, place: string, archive: string): ZipEntry[] {
  const cursor = new ByteCursor(bytes, place);
  const end = findEnd(bytes);
  if (end === undefined) throw damagedAs(place, archive, `${bytes.length} bytes without its last record`);
  cursor.offset = end + 8;
  const [, count] = [cursor.uint16(), cursor.uint16()];
  const [size, offset] = [cursor.uint32(), cursor.uint32()];
  if (offset + size > end) throw damaged(place, `a directory that ends by byte ${end}`, offset + size);
  cursor.offset = offset;
  const entries = Array.from({ length: count }, () => readEntry(cursor));
  if (cursor.offset !== offset + size)
    throw damaged(place, `a directory of ${size} bytes`, cursor.offset - offset);
  return entries;
}

/** Where the archive's last record starts: behind it stands at most a comment. */
function findEnd(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = Math.max(0, bytes.length - endBytes - longestComment);
  for (let at = bytes.length - endBytes; at >= first; at -= 1) {
    const isEnd = view.getUint32(at, true) === endSignature;
    if (isEnd && at + endBytes + view.getUint16(at + 20, true) === bytes.length) return at;
  }
  return undefined;
}

function readEntry(cursor: ByteCursor): ZipEntry {
  expectSignature(cursor, centralSignature, 'an entry of the directory');
  cursor.take(4);
  const [flags, method] = [cursor.uint16(), cursor.uint16()];
  cursor.take(4);
  const [crc, packedSize, size] = [cursor.uint32(), cursor.uint32(), cursor.uint32()];
  const [nameLength, extraLength, commentLength] = [cursor.uint16(), cursor.uint16(), cursor.uint16()];
  cursor.take(8);
  const offset = cursor.uint32();
  const name = cursor.text(nameLength);
  if ((flags & 1) !== 0)
    throw damagedAs(`${cursor.place}, ${name}`, 'an entry in the clear', 'encrypted data');
  cursor.take(extraLength + commentLength);
  return { name, method, crc, packedSize, size, offset };
}

function unpack(bytes: Uint8Array, entry: ZipEntry, place: string): Uint8Array {
  const cursor = new ByteCursor(bytes, place);
  cursor.offset = entry.offset;
  expectSignature(cursor, localSignature, 'the header of the entry');
  cursor.take(22);
  const [nameLength, extraLength] = [cursor.uint16(), cursor.uint16()];
  cursor.take(nameLength + extraLength);
  const content = decompress(cursor.take(entry.packedSize), entry, place);
  if (content.length !== entry.size) throw damaged(place, `${entry.size} bytes`, content.length);
  const sum = crc32(content);
  if (sum !== entry.crc) throw damagedAs(place, `CRC-32 ${hex(entry.crc)}`, hex(sum));
  return content;
}

function decompress(packed: Uint8Array, { method, size }: ZipEntry, place: string): Uint8Array {
  if (method === stored) return packed;
  if (method !== deflated) throw damagedAs(place, 'a stored or deflated entry', `method ${method}`);
  try {
    const content = inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
    return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  } catch (error) {
    throw damagedAs(place, `${size} bytes of deflated data`, (error as Error).message, error);
  }
}

function expectSignature(cursor: ByteCursor, signature: number, expectation: string): void {
  const { here } = cursor;
  const found = cursor.uint32();
  if (found !== signature) throw damagedAs(here, expectation, hex(found));
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
