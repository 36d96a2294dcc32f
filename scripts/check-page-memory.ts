/**
 * Checks that a page that stays open keeps no memory of networks it has finished with: in a real Chromium, a page builds, trains and
 * disposes 300 networks of the browser build one after another, on threads. Compares the resident memory of the page's processes
 * after the first 100 with that at the end.
 * `npx tsx scripts/check-page-memory.ts [--networks 300] [--threads 2]`; needs a build and a Chromium. Exits with 1 where the memory
 * grew by more than 50 MB.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { findChromium } from '../src/figures/display/find-chromium.js';

const { values } = parseArgs({
  options: { networks: { type: 'string', default: '300' }, threads: { type: 'string', default: '2' } },
});
const [count, threads] = [values.networks, values.threads].map(Number);
const warmUp = 100;
const allowed = 50;
if (!Number.isInteger(count) || count <= warmUp)
  throw new Error(`--networks: expected a whole number above ${warmUp}`);

const page = `
import { AdaptiveLIF, Connection, Input, LateralCompetition, LocalConnection, Network, poisson, PostPre } from './browser.js';

const image = (item) => poisson(new Uint8Array(400).fill(120), { time: 20, item });

globalThis.useNetworks = async (count, threads, seed) => {
  for (let i = 0; i < count; i++) {
    const network = new Network({ seed: seed + i, threads })
      .addLayer('X', new Input({ shape: [20, 20] }))
      .addLayer('Y', new AdaptiveLIF({ shape: [25, 3, 3] }))
      .addConnection('X', 'Y', new LocalConnection({ kernelSize: 12, stride: 4, rule: new PostPre({ nu: [1e-4, 1e-2] }), norm: 57.6 }))
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -100 }));
    await network.simulation.present({ layer: 0, count: 2, steps: 20, spikes: image }, { learn: true, count: 1 });
    network.dispose();
  }
};
`;

const { outputFiles } = await build({
  stdin: { contents: page, resolveDir: new URL('../dist', import.meta.url).pathname },
  bundle: true,
  platform: 'browser',
  // Loaded by the GPU engine only.
  external: ['gpu.js'],
  format: 'esm',
  write: false,
});
/** Content type and content by path; threads begin with the second script. */
const files = new Map<string, readonly [type: string, content: string | Uint8Array]>([
  ['/', ['text/html', '<!doctype html><script type="module" src="/page.js"></script>']],
  ['/page.js', ['text/javascript', outputFiles[0].contents]],
  ['/web-worker.js', ['text/javascript', readFileSync(new URL('../dist/web-worker.js', import.meta.url))]],
]);
const server = createServer((request, response) => {
  const [type, content] = files.get(request.url ?? '') ?? [];
  // Only an isolated page may share memory with threads.
  const isolation = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };
  response.writeHead(type ? 200 : 404, { 'content-type': type ?? 'text/plain', ...isolation }).end(content);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: findChromium(),
  chromiumSandbox: false,
  args: ['--disable-dev-shm-usage'],
});
try {
  const tab = await browser.newPage();
  const { port } = server.address() as AddressInfo;
  await tab.goto(`http://127.0.0.1:${port}/`);
  await tab.waitForFunction(() => 'useNetworks' in globalThis);
  const cdp = await tab.context().newCDPSession(tab);
  const processes = await browser.newBrowserCDPSession();

  const megabytes = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    const { processInfo } = await processes.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    return renderers.reduce((sum, { id }) => sum + residentMegabytes(id), 0);
  };
  const use = (networks: number, seed: number) =>
    tab.evaluate(`useNetworks(${networks}, ${threads}, ${seed})`);

  await use(warmUp, 0);
  const before = await megabytes();
  await use(count - warmUp, warmUp);
  const after = await megabytes();
  console.log(
    `${count} networks in Chromium, ${threads} threads: ${before.toFixed(0)} MB after ${warmUp}, ${after.toFixed(0)} MB at the end (at most ${allowed} MB more)`,
  );
  if (after - before > allowed) process.exitCode = 1;
} finally {
  await browser.close();
  server.close();
}

function residentMegabytes(processId: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${processId}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
