/** Databases that networks are imported into, and what is the same of them before and after. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LocusError } from '../../src/errors.js';
import { makeFolder } from './make-folder.js';

/** Path of a database that is not there yet; its folder is removed when the test ends. */
export const newDatabase = (): string => join(makeFolder(), 'networks.db');

/** What the closed database is, byte by byte, with whatever lies beside it. */
export function fingerprint(database: string): string {
  const files = readdirSync(dirname(database)).sort();
  const bytes = files.map((file) => readFileSync(join(dirname(database), file)));
  return `${basename(database)} in ${files.join()}: ${createHash('sha256').update(Buffer.concat(bytes)).digest('hex')}`;
}

/** The LocusError that the action ends with, or undefined where it succeeds. */
export function attempt(action: () => unknown): LocusError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof LocusError) return error;
    throw error;
  }
}
