/** Fetches a data set into the data folder, so that the right files appear there whole or not at all. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { invalidArgument, LocusError, unknownName } from '../../errors.js';
import { cifarFileNames, cifarFolders, isWholeBatch } from '../cifar10.js';
import { locateFiles, resolveDataDir } from '../data-files.js';
import type { DatasetName } from '../dataset-source.js';
import { idxFolders } from '../idx-source.js';
import type { FetchProgress } from './fetch-file.js';
import { fetchVerified, type VerifiedFile } from './fetch-verified.js';
import { contentHash, installFile } from './install-file.js';
import { discardLeftovers } from './partial-file.js';
import {
  type DownloadableName,
  type RemoteFile,
  type RemoteSource,
  remoteSources,
} from './remote-sources.js';
import { unpackArchive } from './unpack-archive.js';

export interface DownloadProgress extends FetchProgress {
  /** Name of the file that is on its way. */
  readonly file: string;
}

export interface DownloadOptions {
  /** The files go into a folder of the data set's own in this one; see `resolveDataDir` for the default. */
  readonly dataDir?: string;
  /** Base addresses to use instead of the public ones, in the order to try them. */
  readonly mirrors?: readonly string[];
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
  /** Leave a mirror from which nothing arrives for so long [ms]; default 30,000. */
  readonly stallTimeout?: number;
}

export interface DownloadedFile {
  readonly path: string;
  /** `present`: it was there before. */
  readonly state: 'downloaded' | 'present';
  /** Where it came from. */
  readonly url?: string;
  /** Where other files went that stood in its place. */
  readonly kept: readonly string[];
}

export interface Download {
  readonly name: DownloadableName;
  readonly folder: string;
  readonly files: readonly DownloadedFile[];
}

/**
 * Fetches what is missing of a data set. Every file is checked by its sha-256 before it gets its name; what an
 * interrupted run left is gone on with. Errors: `NETWORK_UNREACHABLE` and `DATA_CORRUPT` (every address tried, with its
 * reason, and what to do by hand), `INTERRUPTED`, `STORE_UNAVAILABLE` (the folder cannot be written), `UNKNOWN_NAME`,
 * `INVALID_ARGUMENT`.
 */
export async function downloadDataset(
  name: DatasetName | (string & {}),
  options: DownloadOptions = {},
): Promise<Download> {
  if (name === 'mnist-10k') {
    throw invalidArgument('downloadDataset', 'a data set that is not embedded already', name);
  }
  const downloadable = Object.keys(remoteSources) as DownloadableName[];
  const known = downloadable.find((each) => each === name);
  if (!known) throw unknownName('downloadDataset', 'data set', name, downloadable);
  return downloadFrom(known, remoteSources[known], options);
}

/** `downloadDataset` from a source of one's own. */
export async function downloadFrom(
  name: DownloadableName,
  source: RemoteSource,
  options: DownloadOptions = {},
): Promise<Download> {
  const dataDir = resolveDataDir(options.dataDir);
  const mirrors = options.mirrors ?? source.mirrors;
  checkMirrors(mirrors);
  const fetchRemote: FetchRemote = (remote, folder) =>
    fetchVerified(remote, folder, {
      mirrors,
      signal: options.signal,
      stallTimeout: options.stallTimeout ?? 30_000,
      onProgress: (progress) => options.onProgress?.({ ...progress, file: remote.name }),
    });
  const folder = join(dataDir, name);
  try {
    return name === 'cifar10'
      ? await downloadCifar(source.files[0], dataDir, fetchRemote)
      : await downloadIdx(name, source.files, dataDir, fetchRemote);
  } catch (error) {
    if (!(error instanceof LocusError)) {
      throw new LocusError('STORE_UNAVAILABLE', `${folder}: cannot be written: ${(error as Error).message}`, {
        cause: error,
      });
    }
    if (error.code !== 'NETWORK_UNREACHABLE' && error.code !== 'DATA_CORRUPT') throw error;
    throw new LocusError(error.code, `${error.message}\n${explainByHand(name, source, folder)}`, {
      cause: error,
    });
  }
}

type FetchRemote = (remote: RemoteFile, folder: string) => Promise<VerifiedFile>;

async function downloadIdx(
  name: Exclude<DownloadableName, 'cifar10'>,
  remotes: readonly RemoteFile[],
  dataDir: string,
  fetchRemote: FetchRemote,
): Promise<Download> {
  const names = remotes.map(localName);
  for (const candidate of idxFolders(name, dataDir)) {
    const { paths, missing } = await locateFiles(names, [candidate]);
    if (missing.length > 0) continue;
    const hashes = await Promise.all(names.map((file) => contentHash(paths.get(file) as string)));
    if (remotes.every((remote, i) => remote.sha256 === hashes[i])) {
      return { name, folder: candidate, files: [...paths.values()].map(present) };
    }
  }
  const folder = join(dataDir, name);
  await mkdir(folder, { recursive: true });
  const files: DownloadedFile[] = [];
  for (const remote of remotes) {
    const file = localName(remote);
    const former = (await locateFiles([file], [folder])).paths.get(file);
    if (former !== undefined && (await contentHash(former)) === remote.sha256) {
      files.push(present(former));
      continue;
    }
    const { partial, url, gzipped } = await fetchRemote(remote, folder);
    files.push({ state: 'downloaded', url, ...(await installFile(partial.path, folder, file, gzipped)) });
    await discardLeftovers(folder, remote.name);
  }
  return { name, folder, files };
}

async function downloadCifar(
  remote: RemoteFile,
  dataDir: string,
  fetchRemote: FetchRemote,
): Promise<Download> {
  const name = 'cifar10';
  for (const candidate of cifarFolders(dataDir)) {
    const { paths, missing } = await locateFiles(cifarFileNames, [candidate]);
    if (missing.length > 0) continue;
    const whole = await Promise.all([...paths.values()].map(isWholeBatch));
    if (!whole.includes(false)) return { name, folder: candidate, files: [...paths.values()].map(present) };
  }
  const folder = join(dataDir, name);
  await mkdir(folder, { recursive: true });
  const { partial, url } = await fetchRemote(remote, folder);
  const unpacked = await mkdtemp(join(folder, '.unpacked-'));
  const files: DownloadedFile[] = [];
  try {
    await unpackArchive(partial.path, cifarFileNames, unpacked);
    for (const file of cifarFileNames) {
      files.push({
        state: 'downloaded',
        url,
        ...(await installFile(join(unpacked, file), folder, file, false)),
      });
    }
    await partial.discard();
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
  await discardLeftovers(folder, remote.name);
  return { name, folder, files };
}

function present(path: string): DownloadedFile {
  return { path, state: 'present', kept: [] };
}

/** Name of a file without the `.gz` under which mirrors offer it. */
function localName(remote: RemoteFile): string {
  return basename(remote.name, '.gz');
}

function checkMirrors(mirrors: readonly string[]): void {
  const wrong = mirrors.find(
    (mirror) => !URL.canParse(mirror) || !/^https?:$/.test(new URL(mirror).protocol),
  );
  if (wrong !== undefined || mirrors.length === 0) {
    throw invalidArgument(
      'downloadDataset',
      'mirrors as http or https addresses, at least one',
      wrong ?? mirrors,
    );
  }
}

function explainByHand(name: DownloadableName, source: RemoteSource, folder: string): string {
  const files = name === 'cifar10' ? cifarFileNames : source.files.map(localName);
  const rest = name === 'mnist' ? ' The embedded mnist-10k needs no download.' : '';
  return (
    `Without these addresses: get ${files.join(', ')} (gzipped or not) some other way and put them into ${folder}, ` +
    `or point --data-dir or LOCUS_DATA_DIR to a folder that has them.${rest}`
  );
}
