/** Finds data files in the folders where a data set may lie, and reads them, gzipped or not. */
import { open, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gunzipSync, constants as zlibConstants } from 'node:zlib';
import { invalidArgument, LocusError } from '../errors.js';
import { corruptData } from './data-error.js';

const unzip = promisify(gunzip);

/** The data folder, absolute: the option, else `LOCUS_DATA_DIR`, else `data` in the working directory. */
export function resolveDataDir(option?: string): string {
  if (option === '') throw invalidArgument('resolveDataDir', 'the path of a folder', option);
  return resolve(option ?? (process.env.LOCUS_DATA_DIR || 'data'));
}

/** What of a list of files lies in one of several folders. */
export interface LocatedFiles {
  readonly folder: string;
  /** Name → path, which ends in `.gz` where only the gzipped file is there. */
  readonly paths: ReadonlyMap<string, string>;
  readonly missing: readonly string[];
}

/** The first folder with all of the files, else the one with the most of them. */
export async function locateFiles(
  names: readonly string[],
  folders: readonly string[],
): Promise<LocatedFiles> {
  const located = await Promise.all(folders.map((folder) => locateIn(folder, names)));
  return located.reduce((best, next) => (next.missing.length < best.missing.length ? next : best));
}

/** Which files are missing where, and what to do about it: the end of a sentence. */
export function explainMissing(
  { missing, paths, folder }: LocatedFiles,
  folders: readonly string[],
  hint: string,
): string {
  const names = missing.map((name) => `${name}(.gz)`).join(', ');
  const where = paths.size > 0 ? `${folder} lacks ${names}` : `no ${names} in ${folders.join(' or ')}`;
  return `${where}; ${hint}, or point --data-dir or LOCUS_DATA_DIR to a folder that has them`;
}

async function locateIn(folder: string, names: readonly string[]): Promise<LocatedFiles> {
  const paths = new Map<string, string>();
  for (const name of names) {
    const candidates = spellings(name).flatMap((each) => [each, `${each}.gz`]);
    const path = await firstFile(candidates.map((each) => join(folder, each)));
    if (path !== undefined) paths.set(name, path);
  }
  return { folder, paths, missing: names.filter((name) => !paths.has(name)) };
}

/** Some programs unpack `train-images-idx3-ubyte` as `train-images.idx3-ubyte`. */
function spellings(name: string): string[] {
  return [...new Set([name, name.replace(/-(?=idx\d)/, '.')])];
}

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw unreadable(path, error);
    });
    if (found?.isFile()) return path;
  }
  return undefined;
}

/** The content of a data file. Gzip is recognised by the content, whatever the name. */
export async function readDataFile(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw unreadable(path, error);
  });
  if (!isGzip(bytes)) return plainView(bytes);
  const content = await unzip(bytes).catch((error: Error) => {
    throw corruptData(path, 'whole gzip data', `damaged or truncated data (${error.message})`, error);
  });
  return plainView(content);
}

/** The first `length` bytes of the content of a data file (fewer where it is shorter). */
export async function readDataPrefix(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path).catch((error: Error) => {
    throw unreadable(path, error);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length + 4096), 0);
    const bytes = buffer.subarray(0, bytesRead);
    const content = isGzip(bytes) ? gunzipStart(bytes, path) : bytes;
    return plainView(content.subarray(0, length));
  } finally {
    await file.close();
  }
}

function gunzipStart(bytes: Buffer, path: string): Buffer {
  try {
    return gunzipSync(bytes, { finishFlush: zlibConstants.Z_SYNC_FLUSH });
  } catch (error) {
    throw corruptData(path, 'gzip data', `damaged data (${(error as Error).message})`, error);
  }
}

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The same bytes as a plain `Uint8Array`: a `Buffer` has methods of another meaning. */
function plainView(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function unreadable(path: string, cause: Error): LocusError {
  return new LocusError('DATA_MISSING', `${path}: expected a readable file, got ${cause.message}`, { cause });
}
