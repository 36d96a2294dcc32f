/** Files that results are written to: checked before the work that makes the result, and written with errors that name them. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LocusError } from '../errors.js';
import { makeFolder } from './make-folder.js';

/**
 * Makes the folder of a file that is to be written.
 *
 * @param place names the caller in errors
 * @returns the absolute path
 * @throws LocusError `INVALID_ARGUMENT` where it is a folder, or it or its folder may not be written
 */
export function prepareOutput(place: string, path: string): string {
  const absolute = resolve(path);
  try {
    makeFolder(dirname(absolute));
    const exists = existsSync(absolute);
    if (exists && statSync(absolute).isDirectory()) throw new Error('it is a folder');
    accessSync(exists ? absolute : dirname(absolute), constants.W_OK);
  } catch (error) {
    throw unwritable(place, absolute, error as Error);
  }
  return absolute;
}

/**
 * Writes a file, and its folder where it is missing.
 *
 * @returns the absolute path
 * @throws LocusError `INVALID_ARGUMENT` where it cannot be written; `NAME_TAKEN` where it is there already and `overwrite` is false
 */
export async function writeOutput(
  place: string,
  path: string,
  content: string | Uint8Array,
  { overwrite = true }: { readonly overwrite?: boolean } = {},
): Promise<string> {
  const absolute = prepareOutput(place, path);
  try {
    await writeFile(absolute, content, { flag: overwrite ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(place, absolute);
    throw unwritable(place, absolute, error as Error);
  }
  return absolute;
}

/**
 * Checks that no file would be overwritten.
 *
 * @throws LocusError `NAME_TAKEN` with the first that is there already
 */
export function refuseTaken(place: string, paths: readonly string[]): void {
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) throw taken(place, resolve(found));
}

function taken(place: string, path: string): LocusError {
  return new LocusError('NAME_TAKEN', `${place}: ${path} is there already; overwrite: true replaces it.`);
}

function unwritable(place: string, path: string, cause: Error): LocusError {
  const message = `${place}: expected a file that can be written, got ${path} (${cause.message})`;
  return new LocusError('INVALID_ARGUMENT', message, { cause });
}
