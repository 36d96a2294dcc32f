/** One attempt to fetch a file over HTTP, going on behind what has arrived before. */
import { type FileHandle, open } from 'node:fs/promises';
import { LocusError } from '../../errors.js';

/** How far a file is. */
export interface FetchProgress {
  readonly url: string;
  /** Bytes that have arrived, those of earlier attempts included. */
  readonly received: number;
  /** Bytes of the whole file, where the server says so. */
  readonly total: number | undefined;
}

export interface FetchOptions {
  readonly onProgress?: (progress: FetchProgress) => void;
  readonly signal?: AbortSignal;
  /** Give up when nothing arrives for so long [ms]. */
  readonly stallTimeout: number;
  /** No right file is longer: stop behind this. */
  readonly maxBytes: number;
}

/** The mirror did not deliver: another attempt or another mirror may. The message is the reason alone. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure';
}

/**
 * Fetches `url` into the file at `path`. Where that holds bytes already, only the rest is asked for; a server that sends
 * everything all the same is taken at its word, and the file begins anew. Resolves when the server has sent all it
 * wanted to, which need not be right: check it. Errors: `FetchFailure`; `INTERRUPTED`; those of the disk, as they come.
 */
export async function fetchFile(url: string, path: string, options: FetchOptions): Promise<void> {
  const file = await open(path, 'a+');
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), options.stallTimeout);
  const signal = AbortSignal.any([stall.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    let { size } = await file.stat();
    let response = await request(url, size, signal);
    if (response.status === 206 && !continuesAt(response, size)) {
      await response.body?.cancel();
      response = await request(url, 0, signal);
    }
    if (response.status === 416 && size > 0) {
      // Nothing lies behind what is here: it may be whole.
      await response.body?.cancel();
      return;
    }
    if (response.status !== 200 && response.status !== 206) {
      await response.body?.cancel();
      throw new FetchFailure(`HTTP ${response.status} ${response.statusText}`.trim());
    }
    if (response.status === 200 && size > 0) {
      await file.truncate(0);
      size = 0;
    }
    await receive(response, file, size, { ...options, url, onChunk: () => timer.refresh() });
    await file.sync();
  } catch (error) {
    if (options.signal?.aborted) {
      throw new LocusError('INTERRUPTED', `${url}: interrupted; the next run goes on with what has arrived`, {
        cause: error,
      });
    }
    if (stall.signal.aborted) throw new FetchFailure(`nothing arrived for ${options.stallTimeout / 1000} s`);
    throw error;
  } finally {
    clearTimeout(timer);
    await file.close();
  }
}

async function request(url: string, from: number, signal: AbortSignal): Promise<Response> {
  const headers = new Headers({ 'accept-encoding': 'identity' });
  if (from > 0) headers.set('range', `bytes=${from}-`);
  return fetch(url, { headers, signal }).catch((error: unknown) => {
    throw new FetchFailure(explainFetchError(error), { cause: error });
  });
}

/** Whether a partial answer is the rest of the very bytes that are here. */
function continuesAt(response: Response, size: number): boolean {
  const range = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  return Number(range?.[1]) === size && size > 0 && !response.headers.has('content-encoding');
}

async function receive(
  response: Response,
  file: FileHandle,
  size: number,
  { url, onProgress, onChunk, maxBytes }: FetchOptions & { url: string; onChunk: () => void },
): Promise<void> {
  const length = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
  const total = length === null ? undefined : size + Number(length);
  let received = size;
  const reader = response.body?.getReader();
  for (;;) {
    const chunk = await reader?.read().catch((error: unknown) => {
      throw new FetchFailure(`the connection was cut after ${received} bytes (${explainFetchError(error)})`, {
        cause: error,
      });
    });
    if (!chunk || chunk.done) return;
    onChunk();
    await file.appendFile(chunk.value);
    received += chunk.value.length;
    onProgress?.({ url, received, total });
    if (received > maxBytes) {
      await reader?.cancel();
      return;
    }
  }
}

/** `fetch failed` says nothing; its causes do. */
function explainFetchError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return explainFetchError(error.errors[0]);
  if (error.cause instanceof Error) return explainFetchError(error.cause);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
