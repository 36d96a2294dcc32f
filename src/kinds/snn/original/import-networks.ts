/** Imports many networks of the original program at once: what cannot be imported does not stop the others. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { invalidArgument, LocusError, type LocusErrorCode } from '../../../errors.js';
import { abortSignal, callback, pickOptions, readOptions, type Schema } from '../../../options.js';
import { importNetwork, type ImportOptions, importSchema } from './import-network.js';

export interface ImportNetworksOptions extends ImportOptions {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** Ends the import after the network that is being read; those before are stored. */
  readonly signal?: AbortSignal;
}

export interface ImportedNetworks {
  readonly imported: readonly { readonly folder: string; readonly name: string }[];
  readonly refused: readonly RefusedNetwork[];
}

export interface RefusedNetwork {
  readonly folder: string;
  readonly code: LocusErrorCode;
  readonly message: string;
  /** The message without this folder and its values: equal for all folders that lack the same. */
  readonly reason: string;
}

const schema: Schema<ImportNetworksOptions> = {
  ...importSchema,
  onProgress: callback(),
  signal: abortSignal,
};

/** By one of these a folder is known as that of a network. */
const networkFiles = new Set(['network', 'parameters.json']);

/**
 * Stores the networks in the given folders, and in all folders below one that holds no network itself, as `importNetwork` does.
 *
 * @throws LocusError `INVALID_ARGUMENT`, `INTERRUPTED` after the folder that was being read, or `STORE_…` for the database; a folder that cannot be imported is among
 *   the `refused`
 */
export async function importNetworks(
  folders: string | readonly string[],
  given: ImportNetworksOptions = {},
): Promise<ImportedNetworks> {
  const { onProgress, signal, ...options } = readOptions('importNetworks', schema, given);
  const paths = typeof folders === 'string' ? [folders] : folders;
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string' && path !== '')) {
    throw invalidArgument('importNetworks', 'folders to be a path or a list of paths', folders);
  }
  const found = listNetworkFolders(paths);
  const imported: { folder: string; name: string }[] = [];
  const refused: RefusedNetwork[] = [];
  for (const [i, folder] of found.entries()) {
    // Lets a signal of the system through, which waits while a folder is read.
    await setImmediate();
    if (signal?.aborted) {
      const already = `${imported.length} networks are stored`;
      throw new LocusError('INTERRUPTED', `interrupted after ${i} of ${found.length} folders; ${already}`);
    }
    try {
      imported.push({ folder, name: importNetwork(folder, pickOptions(importSchema, options)) });
    } catch (error) {
      if (!(error instanceof LocusError) || error.code.startsWith('STORE_')) throw error;
      const { code, message } = error;
      refused.push({ folder, code, message, reason: findReason(folder, error) });
    }
    onProgress?.({ done: i + 1, total: found.length });
  }
  return { imported, refused };
}

/** The folders of networks among the given ones and below them; a given folder without any stands for itself. */
export function listNetworkFolders(folders: readonly string[]): string[] {
  const found = folders.flatMap((folder) => {
    const below = listBelow(folder);
    return below.length > 0 ? below : [folder];
  });
  return [...new Set(found)];
}

function listBelow(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some(({ name }) => networkFiles.has(name))) return [folder];
  // A link is not followed: it may lead back.
  const inner = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return inner.sort().flatMap((name) => listBelow(join(folder, name)));
}

function findReason(folder: string, { code, message }: LocusError): string {
  if (code === 'NAME_TAKEN') return 'the name is taken';
  const about = message.startsWith(join(folder))
    ? message.slice(join(folder).length)
    : message.slice(folder.length);
  return about.replace(/^[/\\: ]+/, '').replace(/(, got |; | \().*$/s, '');
}
