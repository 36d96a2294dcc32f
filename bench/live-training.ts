/**
 * What watching costs: the same training plain, and with its page open in a headless Chromium, in turns; medians.
 * `npx tsx bench/live-training.ts [images] [filters] [repetitions]`.  Seconds are those of the training call; processor
 * seconds those of this process alone, which a busy machine disturbs less.
 */
import '../src/engine/index.js';
import { chromium } from 'playwright-core';
import { findChromium } from '../src/figures/display/find-chromium.js';
import { LiveServer } from '../src/figures/live/live-server.js';
import { LC_SNN } from '../src/models/index.js';

const [images = 20_000, filters = 100, repetitions = 3] = process.argv.slice(2).map(Number);

interface Measured {
  readonly seconds: number;
  readonly processorSeconds: number;
}

async function trainOnce(plot: LiveServer | false): Promise<Measured> {
  const network = new LC_SNN({ dataset: 'mnist-10k', nFilters: filters, meanWeight: 0.32, cW: -50 });
  await network.loadData();
  const before = process.cpuUsage();
  const { seconds } = await network.train({ nIter: images, plot });
  const { user, system } = process.cpuUsage(before);
  network.dispose();
  return { seconds, processorSeconds: (user + system) / 1e6 };
}

function median(measured: readonly Measured[], key: keyof Measured): number {
  const sorted = measured.map((one) => one[key]).toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

const server = await LiveServer.start();
const browser = await chromium.launch({ executablePath: findChromium(), chromiumSandbox: false });
const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
await page.goto(server.address);
await page.waitForSelector('[data-connected]');
const drawnFrames = async () => Number((await page.getAttribute('#live', 'data-drawn')) ?? 0);

// Code is compiled, and the page drawn once, before anything is measured.
await trainOnce(server);
const plain: Measured[] = [];
const live: Measured[] = [];
const drawnBefore = await drawnFrames();
for (let repetition = 0; repetition < repetitions; repetition++) {
  plain.push(await trainOnce(false));
  live.push(await trainOnce(server));
}
const slower = (key: keyof Measured) =>
  `${((median(live, key) / median(plain, key) - 1) * 100).toFixed(1)} %`;
console.table({
  plain: { seconds: median(plain, 'seconds'), 'processor seconds': median(plain, 'processorSeconds') },
  live: { seconds: median(live, 'seconds'), 'processor seconds': median(live, 'processorSeconds') },
  slower: { seconds: slower('seconds'), 'processor seconds': slower('processorSeconds') },
});
console.log(`${((await drawnFrames()) - drawnBefore) / repetitions} frames per training of ${images} images`);
await browser.close();
await server.close();
