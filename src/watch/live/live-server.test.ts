import { get } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { Figure } from '../../figures/figure.js';
import { LiveServer } from './live-server.js';

let server: LiveServer | undefined;
afterEach(async () => server?.close());

const frame = (done: number) => ({
  title: 'LC_SNN </script>',
  status: { state: 'running' as const, text: 'training', done, total: 100 },
  figures: {
    weights: new Figure(
      [{ type: 'heatmap', zmin: 0, zmax: 1, z: [Float32Array.of(0, 0.5, 1, Number.NaN, 2)] as never }],
      {},
    ),
  },
});

/** What the server sends, event by event. */
async function* readEvents(address: string): AsyncGenerator<{ event: string; data: string }> {
  const { body } = await fetch(`${address}events`);
  let text = '';
  for await (const chunk of (body as ReadableStream<Uint8Array>).pipeThrough(
    new TextDecoderStream() as never,
  )) {
    text += String(chunk);
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [event, data] = text.slice(0, end).split('\ndata: ');
      text = text.slice(end + 2);
      yield { event: event.replace('event: ', ''), data };
    }
  }
}

it('serves one page, on this machine only', async () => {
  server = await LiveServer.start();
  expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const page = await fetch(server.address);
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('waiting for the first images');
  expect((await fetch(`${server.address}etc/passwd`)).status).toBe(404);
  expect((await fetch(`${server.address}drawn`)).status).toBe(404);
  const { port } = new URL(server.address);
  const status = await new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', headers: { host: 'example.org' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
  expect(status).toBe(403);
});

it('says so where the port is taken, or is none', async () => {
  server = await LiveServer.start();
  const port = Number(new URL(server.address).port);
  await expect(LiveServer.start({ port })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: `live page: expected a port that is free, got "${port} (EADDRINUSE)"`,
  });
  await expect(LiveServer.start({ port: 70_000 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

it('sends the present state to newcomers at once, and frames as they come', async () => {
  server = await LiveServer.start();
  server.show(frame(30));
  expect([server.isWatched, server.wasOpened]).toEqual([false, false]);
  const events = readEvents(server.address);
  const next = async () => (await events.next()).value as { event: string; data: string };
  const viewer = await next();
  expect(viewer.event).toBe('viewer');
  const first = await next();
  expect(first.event).toBe('frame');
  expect(first.data).not.toContain('</script');
  const { figures, title, status, number } = JSON.parse(first.data) as {
    figures: { weights: { data: { z: { bdata: string }; meta: { levels: number } }[] } };
    title: string;
    status: unknown;
    number: number;
  };
  expect({ title, status, number }).toEqual({
    title: 'LC_SNN </script>',
    status: frame(30).status,
    number: 1,
  });
  const [{ z, meta }] = figures.weights.data;
  expect([...Buffer.from(z.bdata, 'base64')]).toEqual([0, 127, 254, 255, 254]);
  expect(meta.levels).toBe(254);
  expect((await next()).event).toBe('status');

  // Another frame waits until this one is drawn.
  expect([server.isWatched, server.wasOpened]).toEqual([false, true]);
  const drawn = (query: string) => fetch(`${server?.address}drawn?${query}`, { method: 'POST' });
  await drawn('viewer=77&frame=1&milliseconds=500');
  expect(server.isWatched).toBe(false);
  await drawn(`viewer=${viewer.data}&frame=1&milliseconds=500`);
  expect(server.isWatched).toBe(true);
  expect(server.takeDrawingTime()).toBe(500);
  expect(server.takeDrawingTime()).toBe(0);
  server.show(frame(60));
  expect((JSON.parse((await next()).data) as { number: number }).number).toBe(2);
  expect((await next()).event).toBe('status');
  await drawn(`viewer=${viewer.data}&frame=2&milliseconds=500`);
  expect(server.takeDrawingTime()).toBe(500);
  server.update({ state: 'done', text: 'training is done' });
  expect(JSON.parse((await next()).data)).toEqual({ state: 'done', text: 'training is done' });
  await server.delivered();
  await events.return(undefined);
});

it('stays until every page has hung up, also one that came late', async () => {
  server = await LiveServer.start();
  const { address } = server;
  server.show({ ...frame(100), status: { state: 'done', text: 'training is done' } });
  const untilEnd = async (events: ReturnType<typeof readEvents>) => {
    for (let seen = ''; seen !== 'end'; ) seen = ((await events.next()).value as { event: string }).event;
  };
  const early = readEvents(address);
  await early.next();
  let isClosed = false;
  const closing = server.close().then(() => (isClosed = true));
  await untilEnd(early);
  const late = readEvents(address);
  await untilEnd(late);
  await early.return(undefined);
  expect((await fetch(`${address}drawn?viewer=1&frame=1`, { method: 'POST' })).status).toBe(204);
  expect(isClosed).toBe(false);
  await late.return(undefined);
  await closing;
  await expect(fetch(address)).rejects.toThrow('fetch failed');
  server = undefined;
});

it('does not wait for ever for one that does not hang up', async () => {
  server = await LiveServer.start({ patience: 100 });
  const events = readEvents(server.address);
  await events.next();
  const closed = server.close();
  expect((await events.next()).value).toEqual({ event: 'end', data: '' });
  expect((await events.next()).done).toBe(true);
  await closed;
  server = undefined;
});
