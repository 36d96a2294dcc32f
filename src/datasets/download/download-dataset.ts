/** Fetches a data set into the data folder, so that the right files appear there whole or not at all. */
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { invalidArgument, LocusError, unknownName } from '../../errors.js';
import { prepareFolder } from '../../node/make-folder.js';
import {
  abortSignal,
  callback,
  filledText,
  list,
  number,
  readOptions,
  type Schema,
  text,
} from '../../options.js';
import { locateFiles, resolveDataDir } from '../data-files.js';
import type { DataFiles } from '../dataset-source.js';
import { type DatasetName, findDataset, listDatasets, listDownloadable } from '../registry.js';
import type { FetchProgress } from './fetch-file.js';
import { fetchVerified, type VerifiedFile } from './fetch-verified.js';
import { contentHash, installFile } from './install-file.js';
import { discardLeftovers } from './partial-file.js';
import type { RemoteFile, RemoteSource } from './remote-sources.js';
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

const schema: Schema<DownloadOptions> = {
  dataDir: filledText,
  mirrors: list(text, { least: 1 }),
  onProgress: callback(),
  signal: abortSignal,
  stallTimeout: number({ above: 0, most: 2 ** 31 - 1, unit: 'ms' }),
};

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
  readonly name: string;
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
  const downloadable = listDownloadable();
  const source = downloadable.find((each) => each.name === name);
  if (source?.files) return downloadFrom(source.name, source.files.remote, options);
  if (listDatasets().some((each) => each.name === name)) {
    throw invalidArgument('downloadDataset', 'a data set that is not embedded already', name);
  }
  const known = downloadable.map((each) => each.name);
  throw unknownName('downloadDataset', 'data set', name, known);
}

/** `downloadDataset` from somewhere else. */
export async function downloadFrom(
  name: string,
  remote: RemoteSource,
  given: DownloadOptions = {},
): Promise<Download> {
  const options = readOptions('downloadDataset', schema, given);
  const { files } = findDataset('downloadFrom', name);
  if (!files) throw invalidArgument('downloadFrom', 'a data set that is not embedded', name);
  const dataDir = resolveDataDir(options.dataDir);
  const mirrors = options.mirrors ?? remote.mirrors;
  checkMirrors(mirrors);
  const fetchRemote: FetchRemote = (file, folder) =>
    fetchVerified(file, folder, {
      mirrors,
      signal: options.signal,
      stallTimeout: options.stallTimeout ?? 30_000,
      onProgress: (progress) => options.onProgress?.({ ...progress, file: file.name }),
    });
  const folder = join(dataDir, name);
  const wanted = { name, folder, folders: files.folders(dataDir) };
  try {
    return files.isWhole
      ? await downloadArchive(wanted, files.names, files.isWhole, remote.files[0], fetchRemote)
      : await downloadFiles(wanted, remote.files, fetchRemote);
  } catch (error) {
    if (!(error instanceof LocusError)) {
      throw new LocusError('STORE_UNAVAILABLE', `${folder}: cannot be written: ${(error as Error).message}`, {
        cause: error,
      });
    }
    if (error.code !== 'NETWORK_UNREACHABLE' && error.code !== 'DATA_CORRUPT') throw error;
    throw new LocusError(error.code, `${error.message}\n${explainByHand(files, folder)}`, { cause: error });
  }
}

/** The data set that a download is of, the folder that it goes into, and all in which it may lie. */
interface Wanted {
  readonly name: string;
  readonly folder: string;
  readonly folders: readonly string[];
}

type FetchRemote = (remote: RemoteFile, folder: string) => Promise<VerifiedFile>;

async function downloadFiles(
  { name, folder, folders }: Wanted,
  remotes: readonly RemoteFile[],
  fetchRemote: FetchRemote,
): Promise<Download> {
  const names = remotes.map(localName);
  for (const candidate of folders) {
    const { paths, missing } = await locateFiles(names, [candidate]);
    if (missing.length > 0) continue;
    const hashes = await Promise.all(names.map((file) => contentHash(paths.get(file) as string)));
    if (remotes.every((remote, i) => remote.sha256 === hashes[i])) {
      return { name, folder: candidate, files: [...paths.values()].map(present) };
    }
  }
  prepareFolder('downloadDataset: dataDir', folder);
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

async function downloadArchive(
  { name, folder, folders }: Wanted,
  names: readonly string[],
  isWhole: (path: string) => Promise<boolean>,
  remote: RemoteFile,
  fetchRemote: FetchRemote,
): Promise<Download> {
  for (const candidate of folders) {
    const { paths, missing } = await locateFiles(names, [candidate]);
    if (missing.length > 0) continue;
    const whole = await Promise.all([...paths.values()].map(isWhole));
    if (!whole.includes(false)) return { name, folder: candidate, files: [...paths.values()].map(present) };
  }
  prepareFolder('downloadDataset: dataDir', folder);
  const { partial, url } = await fetchRemote(remote, folder);
  const unpacked = await mkdtemp(join(folder, '.unpacked-'));
  const files: DownloadedFile[] = [];
  try {
    await unpackArchive(partial.path, names, unpacked);
    for (const file of names) {
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

function explainByHand({ names, remark }: DataFiles, folder: string): string {
  return (
    `Without these addresses: get ${names.join(', ')} (gzipped or not) some other way and put them into ${folder}, ` +
    `or point --data-dir or LOCUS_DATA_DIR to a folder that has them.${remark === undefined ? '' : ` ${remark}`}`
  );
}
