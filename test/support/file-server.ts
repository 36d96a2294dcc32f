/** A real HTTP server on 127.0.0.1 that serves bytes, and misbehaves as told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ServedRequest {
  readonly path: string;
  /** The `Range` header, if there was one. */
  readonly range: string | undefined;
}

export interface FileServer {
  /** Base address with a final slash. */
  readonly url: string;
  readonly requests: readonly ServedRequest[];
}

/** Answers a request for bytes that the server has; the default honours `Range`. */
export type Answer = (
  content: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  nth: number,
) => void;

/** Serves what `find` knows of (path without the leading slash), until the test ends. */
export async function serveFiles(
  find: (name: string) => Buffer | undefined,
  answer: Answer = answerRange,
): Promise<FileServer> {
  const requests: ServedRequest[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    requests.push({ path, range: request.headers.range });
    const content = find(path);
    if (content) answer(content, request, response, requests.length);
    else response.writeHead(404).end('<html>not here</html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}

/** As a good server: the rest from where the request says, or everything. */
export const answerRange: Answer = (content, request, response) => {
  const from = startOf(request.headers.range);
  if (from >= content.length && from > 0) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  writeRangeHead(response, from, content);
  response.end(content.subarray(from));
};

/** Everything, whatever the request says. */
export const answerWhole: Answer = (content, _request, response) => {
  response.writeHead(200, { 'content-length': content.length }).end(content);
};

/** Where a request wants its bytes to begin. */
export function startOf(range: string | undefined): number {
  return Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
}

/** The head of an answer to a request for the bytes from `from` on; it may promise more than there are. */
export function writeRangeHead(response: ServerResponse, from: number, content: Buffer, excess = 0): void {
  const headers: Record<string, string | number> = { 'content-length': content.length - from + excess };
  if (from > 0) headers['content-range'] = `bytes ${from}-${content.length - 1}/${content.length}`;
  response.writeHead(from > 0 ? 206 : 200, headers);
}

/**
 * Cuts connections, each when the client has all the bytes that were sent: a cut that raced with them might lose some on a
 * busy machine. `onProgress` goes into the options of the download.
 */
export function makeCutter() {
  let pending: { readonly end: number; readonly response: ServerResponse } | undefined;
  return {
    /** Promises the rest of the file and `excess` bytes more, and sends `bytes` of it before the cut. */
    answer:
      (bytes: number, { excess = 0 } = {}): Answer =>
      (content, request, response) => {
        const from = startOf(request.headers.range);
        const part = content.subarray(from, from + bytes);
        writeRangeHead(response, from, content, excess);
        pending = { end: from + part.length, response };
        response.write(part);
      },
    onProgress: ({ received }: { readonly received: number }): void => {
      if (pending === undefined || received < pending.end) return;
      pending.response.destroy();
      pending = undefined;
    },
  };
}

/** Refuses with a status. */
export function answerStatus(status: number): Answer {
  return (_content, _request, response) => {
    response.writeHead(status).end();
  };
}
