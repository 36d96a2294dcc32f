/** Makes folders. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LocusError } from '../errors.js';

/**
 * Makes a folder and those that it lies in, as far as they are missing. Node's own way (`recursive`) never ends where the file
 * system says that the folder above is missing although it is there, as `/proc` does.
 *
 * @throws the error of the file system
 */
export function makeFolder(path: string): void {
  const folder = resolve(path);
  if (isFolder(folder)) return;
  if (!existsSync(folder)) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(folder)) throw error;
  }
}

/** As `makeFolder`. @throws LocusError `INVALID_ARGUMENT`, beginning with `place`, where that cannot be */
export function prepareFolder(place: string, path: string): void {
  try {
    makeFolder(path);
  } catch (cause) {
    const message = `${place}: expected a folder that can be made, got ${path} (${(cause as Error).message})`;
    throw new LocusError('INVALID_ARGUMENT', message, { cause });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
