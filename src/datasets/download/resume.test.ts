/** Downloads that are cut, interrupted or killed, and what the next attempt asks for. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { hasMnist, mnistFolder } from '../../../test/support/data-folders.js';
import { makeFolder } from '../../../test/support/make-folder.js';
import {
  type Answer,
  answerCut,
  answerRange,
  answerStatus,
  answerWhole,
  type FileServer,
  serveFiles,
} from '../../../test/support/file-server.js';
import {
  expectInstalled,
  findGzipped,
  hidden,
  smallMnist,
  visible,
} from '../../../test/support/small-mnist.js';
import { loadSplit } from '../dataset.js';
import { downloadDataset, downloadFrom } from './download-dataset.js';

/** The `Range` headers of all requests for a file. */
function rangesOf(server: FileServer, path: string): Array<string | undefined> {
  return server.requests.filter((request) => request.path === path).map(({ range }) => range);
}

describe('a connection that is cut', () => {
  it('is taken up again where it ended, within one run', async () => {
    const dataDir = makeFolder();
    const server = await serveFiles(findGzipped, (content, request, response, nth) =>
      (nth <= 3 ? answerCut(100_000) : answerRange)(content, request, response, nth),
    );
    await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    expect(rangesOf(server, smallMnist.files[0].name)).toEqual([
      undefined,
      'bytes=100000-',
      'bytes=200000-',
      'bytes=300000-',
    ]);
    await expectInstalled(dataDir);
  });

  it('is taken up by the next run, when the first gave up', async () => {
    const dataDir = makeFolder();
    const file = smallMnist.files[0].name;
    let down = true;
    const server = await serveFiles(findGzipped, (content, request, response, nth) => {
      const answer: Answer = down ? (nth === 1 ? answerCut(150_000) : answerStatus(503)) : answerRange;
      answer(content, request, response, nth);
    });
    const first = downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    await expect(first).rejects.toMatchObject({
      code: 'NETWORK_UNREACHABLE',
      message: expect.stringContaining(`${server.url}${file}: HTTP 503 Service Unavailable`),
    });
    expect(visible(join(dataDir, 'mnist'))).toEqual([]);
    expect(hidden(join(dataDir, 'mnist')).length).toBe(1);
    down = false;
    const before = server.requests.length;
    await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    expect(server.requests[before]).toEqual({ path: file, range: 'bytes=150000-' });
    await expectInstalled(dataDir);
  });

  it('is taken up by the next run after an interruption', async () => {
    const dataDir = makeFolder();
    const interrupt = new AbortController();
    const server = await serveFiles(findGzipped, (content, request, response, nth) => {
      if (nth > 1) return answerRange(content, request, response, nth);
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 50_000));
    });
    const download = downloadFrom('mnist', smallMnist, {
      dataDir,
      mirrors: [server.url],
      signal: interrupt.signal,
      onProgress: ({ received }) => received >= 50_000 && interrupt.abort(),
    });
    await expect(download).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    expect(server.requests[1].range).toBe('bytes=50000-');
    await expectInstalled(dataDir);
  });

  it.skipIf(!hasMnist)('is taken up after a run that was killed', async () => {
    const dataDir = makeFolder();
    let started = () => {};
    const sending = new Promise<void>((resolve) => (started = resolve));
    const server = await serveFiles(
      (name) => readFileSync(join(mnistFolder, name)),
      (content, request, response, nth) => {
        if (nth > 1) return answerRange(content, request, response, nth);
        response.writeHead(200, { 'content-length': content.length });
        response.write(content.subarray(0, 1_000_000), started);
      },
    );
    const program = `import { downloadDataset } from '${new URL('download-dataset.ts', import.meta.url).href}';
      await downloadDataset('mnist', ${JSON.stringify({ dataDir, mirrors: [server.url] })});`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
    const ended = new Promise((resolve) => child.on('exit', (_code, signal) => resolve(signal)));
    await sending;
    const partialSize = () =>
      hidden(join(dataDir, 'mnist')).map((name) => statSync(join(dataDir, 'mnist', name)).size);
    await vi.waitUntil(() => partialSize()[0] === 1_000_000, { timeout: 10_000 });
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    expect(visible(join(dataDir, 'mnist'))).toEqual([]);
    await downloadDataset('mnist', { dataDir, mirrors: [server.url] });
    expect(server.requests[1]).toEqual({ path: 'train-images-idx3-ubyte.gz', range: 'bytes=1000000-' });
    expect(hidden(join(dataDir, 'mnist'))).toEqual([]);
    expect((await loadSplit('mnist', 'test', { dataDir })).count).toBe(10_000);
  });

  it('is not taken up while another process is still at it', async () => {
    const dataDir = makeFolder();
    const folder = join(dataDir, 'mnist');
    mkdirSync(folder);
    const server = await serveFiles(findGzipped);
    const file = smallMnist.files[0].name;
    const address = createHash('sha256').update(`${server.url}${file}`).digest('hex').slice(0, 8);
    const held = join(folder, `.${file}.${address}.partial-${process.ppid}-1`);
    writeFileSync(held, (findGzipped(file) as Buffer).subarray(0, 70_000));
    await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    expect(server.requests[0]).toEqual({ path: file, range: undefined });
    expect(statSync(held).size).toBe(70_000);
  });

  it('to a server that ignores ranges begins anew', async () => {
    const dataDir = makeFolder();
    const server = await serveFiles(findGzipped, (content, request, response, nth) =>
      (nth === 1 ? answerCut(100_000) : answerWhole)(content, request, response, nth),
    );
    await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    expect(rangesOf(server, smallMnist.files[0].name)).toEqual([undefined, 'bytes=100000-']);
    await expectInstalled(dataDir);
  });

  it('to a server that answers another range begins anew', async () => {
    const dataDir = makeFolder();
    const server = await serveFiles(findGzipped, (content, request, response, nth) => {
      if (nth === 1) return answerCut(100_000)(content, request, response, nth);
      if (request.headers.range === undefined) return answerWhole(content, request, response, nth);
      const headers = { 'content-range': `bytes 0-9/${content.length}`, 'content-length': 10 };
      response.writeHead(206, headers).end(content.subarray(0, 10));
    });
    await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    expect(rangesOf(server, smallMnist.files[0].name)).toEqual([undefined, 'bytes=100000-', undefined]);
    await expectInstalled(dataDir);
  });

  it('to a file that has changed meanwhile begins anew', async () => {
    const dataDir = makeFolder();
    const server = await serveFiles(findGzipped, (content, request, response, nth) => {
      if (nth === 1) answerCut(100_000)(Buffer.alloc(content.length, 1), request, response, nth);
      else answerRange(content, request, response, nth);
    });
    await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    expect(server.requests.slice(0, 3).map(({ range }) => range)).toEqual([
      undefined,
      'bytes=100000-',
      undefined,
    ]);
    await expectInstalled(dataDir);
  });

  it('behind the last byte needs nothing more', async () => {
    const dataDir = makeFolder();
    const server = await serveFiles(findGzipped, (content, request, response, nth) => {
      if (nth > 1) return answerRange(content, request, response, nth);
      response.writeHead(200, { 'content-length': content.length + 1 });
      response.write(content, () => setTimeout(() => response.destroy(), 20));
    });
    await downloadFrom('mnist', smallMnist, { dataDir, mirrors: [server.url] });
    expect(server.requests[1].range).toBe(`bytes=${findGzipped(smallMnist.files[0].name)?.length}-`);
    await expectInstalled(dataDir);
  });
});
