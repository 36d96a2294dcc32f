/** The wording of errors about data files: the file, what was expected of it, and what it seems to be instead. */
import { LocusError } from '../errors.js';

/** A file that is not what it should be. `got` says what came. */
export function corruptData(path: string, expectation: string, got: string, cause?: unknown): LocusError {
  return new LocusError('DATA_CORRUPT', `${path}: expected ${expectation}, got ${got}`, { cause });
}

/** Says in a few words what some bytes look like, for a message about a foreign file. */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  const head = bytes.subarray(0, 8);
  const text = String.fromCharCode(...bytes.subarray(0, 512)).trimStart();
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer instead of the file';
  if (/^<(?:!doctype|html|head|body|\?xml)/i.test(text)) return `a web page (${excerpt(text)})`;
  if (startsWith(head, 0x1f, 0x8b)) return 'gzip data';
  if (startsWith(head, 0x50, 0x4b, 3, 4)) return 'a ZIP archive';
  if (startsWith(head, 0x89, 0x50, 0x4e, 0x47)) return 'a PNG picture';
  if (startsWith(head, 0xff, 0xd8, 0xff)) return 'a JPEG picture';
  if (startsWith(head, 0, 0, 8, 1)) return 'an IDX file of labels (magic 0x00000801)';
  if (startsWith(head, 0, 0, 8, 3)) return 'an IDX file of images (magic 0x00000803)';
  if (bytes.length % 3073 === 0 && bytes[0] < 10 && bytes[3073 % bytes.length] < 10) {
    return `what looks like CIFAR-10 (${bytes.length / 3073} records of 3073 bytes)`;
  }
  if (bytes.length % 3074 === 0)
    return `what looks like CIFAR-100 (${bytes.length / 3074} records of 3074 bytes)`;
  if (/^[\t\n\r -~]+$/.test(text)) return `text (${excerpt(text)})`;
  return `bytes that begin ${Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
}

function startsWith(bytes: Uint8Array, ...magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
