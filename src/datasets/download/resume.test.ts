/** Downloads that are cut, interrupted or killed, and what the next attempt asks for. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { makeFolder } from '../../../test/support/make-folder.js';
import {
  type Answer,
  answerRange,
  answerStatus,
  answerWhole,
  type FileServer,
  makeCutter,
  serveFiles,
  startOf,
  writeRangeHead,
} from '../../../test/support/file-server.js';
import {
  expectInstalled,
  findGzipped,
  hidden,
  smallMnist,
  visible,
} from '../../../test/support/small-mnist.js';
import { downloadFrom } from './download-dataset.js';

/** The `Range` headers of all requests for a file. */
function rangesOf(server: FileServer, path: string): Array<string | undefined> {
  return server.requests.filter((request) => request.path === path).map(({ range }) => range);
}

describe('a connection that is cut', () => {
  it('is taken up again where it ended, within one run', async () => {
    const dataDir = makeFolder();
    const cutter = makeCutter();
    const server = await serveFiles(findGzipped, (content, request, response, nth) =>
      (nth <= 3 ? cutter.answer(100_000) : answerRange)(content, request, response, nth),
    );
    await downloadFrom('mnist', smallMnist, {
      dataDir,
      mirrors: [server.url],
      onProgress: cutter.onProgress,
    });
    expect(rangesOf(server, smallMnist.files[0].name)).toEqual([
      undefined,
      'bytes=100000-',
      'bytes=200000-',
      'bytes=300000-',
    ]);
    await expectInstalled(dataDir);
  });

  it('is taken up exactly behind the bytes that arrived, however many were lost on the way', async () => {
    const dataDir = makeFolder();
    const file = smallMnist.files[0].name;
    let arrived = 0;
    let onArrival = () => {};
    const attempts: { from: number; arrivedBefore: number; sent: number }[] = [];
    const server = await serveFiles(findGzipped, (content, request, response, nth) => {
      if (request.url !== `/${file}` || nth > 6) return answerRange(content, request, response, nth);
      const from = startOf(request.headers.range);
      writeRangeHead(response, from, content);
      // Some bytes arrive; of those behind them, nobody knows how many do.
      response.write(content.subarray(from, from + 10_000));
      onArrival = () => {
        onArrival = () => {};
        response.write(content.subarray(from + 10_000, from + 60_000), () => response.destroy());
      };
      attempts.push({ from, arrivedBefore: arrived, sent: from + 60_000 });
    });
    await downloadFrom('mnist', smallMnist, {
      dataDir,
      mirrors: [server.url],
      onProgress: (progress) => {
        if (progress.file !== file) return;
        arrived = progress.received;
        onArrival();
      },
    });
    expect(attempts).toHaveLength(6);
    for (const [i, { from, arrivedBefore }] of attempts.entries()) {
      expect(from).toBe(arrivedBefore);
      const before = attempts[i - 1] ?? { from: -1, sent: 0 };
      expect(from).toBeGreaterThan(before.from);
      expect(from).toBeLessThanOrEqual(before.sent);
    }
    await expectInstalled(dataDir);
  });

  it('is taken up by the next run, when the first gave up', async () => {
    const dataDir = makeFolder();
    const cutter = makeCutter();
    const file = smallMnist.files[0].name;
    let down = true;
    const server = await serveFiles(findGzipped, (content, request, response, nth) => {
      const answer: Answer = down ? (nth === 1 ? cutter.answer(150_000) : answerStatus(503)) : answerRange;
      answer(content, request, response, nth);
    });
    const first = downloadFrom('mnist', smallMnist, {
      dataDir,
      mirrors: [server.url],
      onProgress: cutter.onProgress,
    });
    await expect(first).rejects.toMatchObject({
      code: 'NETWORK_UNREACHABLE',
      message: expect.stringContaining(`${server.url}${file}: HTTP 503 Service Unavailable`),
    });
    expect(visible(join(dataDir, 'mnist'))).toEqual([]);
    expect(hidden(join(dataDir, 'mnist')).length).toBe(1);
    down = false;
    const before = server.requests.length;
    await downloadFrom('mnist', smallMnist, {
      dataDir,
      mirrors: [server.url],
      onProgress: cutter.onProgress,
    });
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

  it('is taken up after a run that was killed', async () => {
    const dataDir = makeFolder();
    let started = () => {};
    const sending = new Promise<void>((resolve) => (started = resolve));
    const server = await serveFiles(findGzipped, (content, request, response, nth) => {
      if (nth > 1) return answerRange(content, request, response, nth);
      writeRangeHead(response, 0, content);
      response.write(content.subarray(0, 200_000), started);
    });
    const options = { dataDir, mirrors: [server.url] };
    const program = `import { downloadFrom } from '${new URL('download-dataset.ts', import.meta.url).href}';
      await downloadFrom('mnist', ${JSON.stringify(smallMnist)}, ${JSON.stringify(options)});`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
    const ended = new Promise((resolve) => child.on('exit', (_code, signal) => resolve(signal)));
    await sending;
    const partialSize = () =>
      hidden(join(dataDir, 'mnist')).map((name) => statSync(join(dataDir, 'mnist', name)).size);
    await vi.waitUntil(() => partialSize()[0] === 200_000, { timeout: 30_000 });
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    expect(visible(join(dataDir, 'mnist'))).toEqual([]);
    await downloadFrom('mnist', smallMnist, options);
    expect(server.requests[1]).toEqual({ path: smallMnist.files[0].name, range: 'bytes=200000-' });
    await expectInstalled(dataDir);
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
    const cutter = makeCutter();
    const server = await serveFiles(findGzipped, (content, request, response, nth) =>
      (nth === 1 ? cutter.answer(100_000) : answerWhole)(content, request, response, nth),
    );
    await downloadFrom('mnist', smallMnist, {
      dataDir,
      mirrors: [server.url],
      onProgress: cutter.onProgress,
    });
    expect(rangesOf(server, smallMnist.files[0].name)).toEqual([undefined, 'bytes=100000-']);
    await expectInstalled(dataDir);
  });

  it('to a server that answers another range begins anew', async () => {
    const dataDir = makeFolder();
    const cutter = makeCutter();
    const server = await serveFiles(findGzipped, (content, request, response, nth) => {
      if (nth === 1) return cutter.answer(100_000)(content, request, response, nth);
      if (request.headers.range === undefined) return answerWhole(content, request, response, nth);
      const headers = { 'content-range': `bytes 0-9/${content.length}`, 'content-length': 10 };
      response.writeHead(206, headers).end(content.subarray(0, 10));
    });
    await downloadFrom('mnist', smallMnist, {
      dataDir,
      mirrors: [server.url],
      onProgress: cutter.onProgress,
    });
    expect(rangesOf(server, smallMnist.files[0].name)).toEqual([undefined, 'bytes=100000-', undefined]);
    await expectInstalled(dataDir);
  });

  it('to a file that has changed meanwhile begins anew', async () => {
    const dataDir = makeFolder();
    const cutter = makeCutter();
    const server = await serveFiles(findGzipped, (content, request, response, nth) => {
      if (nth === 1) cutter.answer(100_000)(Buffer.alloc(content.length, 1), request, response, nth);
      else answerRange(content, request, response, nth);
    });
    await downloadFrom('mnist', smallMnist, {
      dataDir,
      mirrors: [server.url],
      onProgress: cutter.onProgress,
    });
    expect(server.requests.slice(0, 3).map(({ range }) => range)).toEqual([
      undefined,
      'bytes=100000-',
      undefined,
    ]);
    await expectInstalled(dataDir);
  });

  it('behind the last byte needs nothing more', async () => {
    const dataDir = makeFolder();
    const cutter = makeCutter();
    const server = await serveFiles(findGzipped, (content, request, response, nth) => {
      const answer = nth === 1 ? cutter.answer(content.length, { excess: 1 }) : answerRange;
      answer(content, request, response, nth);
    });
    await downloadFrom('mnist', smallMnist, {
      dataDir,
      mirrors: [server.url],
      onProgress: cutter.onProgress,
    });
    expect(server.requests[1].range).toBe(`bytes=${findGzipped(smallMnist.files[0].name)?.length}-`);
    await expectInstalled(dataDir);
  });
});
