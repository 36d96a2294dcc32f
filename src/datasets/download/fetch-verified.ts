/** Fetches a file from the first mirror that delivers the right one, checked before anybody sees it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { LocusError } from '../../errors.js';
import { describeBytes } from '../data-error.js';
import { isGzip } from '../data-files.js';
import { FetchFailure, type FetchOptions, type FetchProgress, fetchFile } from './fetch-file.js';
import { PartialFile } from './partial-file.js';
import type { RemoteFile } from './remote-sources.js';

/** How often a connection to one mirror may be cut while bytes still arrive. */
const maxCuts = 100;
/** What a gzipped file may be longer than its content. */
const gzipOverhead = 1 << 20;

export interface VerifiedOptions {
  readonly mirrors: readonly string[];
  readonly onProgress?: (progress: FetchProgress) => void;
  readonly signal?: AbortSignal;
  readonly stallTimeout: number;
}

/** A file that arrived whole and is the right one; `partial.path` is where it lies. */
export interface VerifiedFile {
  readonly partial: PartialFile;
  readonly url: string;
  /** The file is gzipped, whatever its name: some servers unpack what they send. */
  readonly gzipped: boolean;
}

/**
 * Errors: `NETWORK_UNREACHABLE` where no mirror delivered, `DATA_CORRUPT` where one delivered a wrong file and none the
 * right one, both with every address and its reason; `INTERRUPTED`. What has arrived stays in `folder` for another run.
 */
export async function fetchVerified(
  remote: RemoteFile,
  folder: string,
  options: VerifiedOptions,
): Promise<VerifiedFile> {
  const failures: string[] = [];
  let sawWrongFile = false;
  for (const mirror of options.mirrors) {
    const url = new URL(remote.name, mirror.endsWith('/') ? mirror : `${mirror}/`).href;
    const partial = await PartialFile.claim(folder, remote.name, url);
    let verified = false;
    try {
      const failure = await fetchFromMirror(remote, url, partial, options);
      verified = failure === undefined;
      if (failure === undefined) return { partial, url, gzipped: isGzip(await readHead(partial.path)) };
      sawWrongFile ||= failure.wrongFile;
      failures.push(`${url}: ${failure.reason}`);
    } finally {
      if (!verified) await partial.release();
    }
  }
  throw new LocusError(
    sawWrongFile ? 'DATA_CORRUPT' : 'NETWORK_UNREACHABLE',
    [`${remote.name}: no mirror delivered the right file`, ...failures].join('\n  '),
  );
}

interface MirrorFailure {
  readonly wrongFile: boolean;
  readonly reason: string;
}

async function fetchFromMirror(
  remote: RemoteFile,
  url: string,
  partial: PartialFile,
  options: VerifiedOptions,
): Promise<MirrorFailure | undefined> {
  const maxBytes = remote.bytes + (remote.checked === 'the file' ? 0 : gzipOverhead);
  const fetchOptions: FetchOptions = { ...options, maxBytes };
  for (let cuts = 0; ; ) {
    const before = await partial.size();
    try {
      await fetchFile(url, partial.path, fetchOptions);
    } catch (error) {
      if (!(error instanceof FetchFailure)) throw error;
      if ((await partial.size()) <= before || ++cuts > maxCuts)
        return { wrongFile: false, reason: error.message };
      continue;
    }
    const wrong = await findMismatch(remote, partial.path);
    if (wrong === undefined) return undefined;
    await partial.discard();
    // Pieces of different versions may have met: from the start, it may come out right.
    if (before === 0) return { wrongFile: true, reason: wrong };
  }
}

/** What is wrong with a file that arrived; nothing where it is the right one. */
async function findMismatch(remote: RemoteFile, path: string): Promise<string | undefined> {
  const head = await readHead(path);
  const sum = createHash('sha256');
  let bytes = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      sum.update(chunk);
      done(bytes > remote.bytes ? new Error(`more than ${remote.bytes} bytes`) : null);
    },
  });
  try {
    if (remote.checked === 'its uncompressed content' && isGzip(head)) {
      await pipeline(createReadStream(path), createGunzip(), sink);
    } else await pipeline(createReadStream(path), sink);
  } catch (error) {
    return `expected ${remote.bytes} bytes as ${remote.checked}, got ${(error as Error).message}`;
  }
  const digest = sum.digest('hex');
  if (digest === remote.sha256) return undefined;
  const expected = `expected sha-256 ${remote.sha256} of ${remote.checked}`;
  return `${expected}, got ${digest} (${bytes} bytes: ${describeBytes(head)})`;
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
