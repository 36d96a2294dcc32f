/**
 * What watching costs: the same training plain, and with its page open in a headless Chromium, in turns; medians, and the
 * median of what the watched one of two neighbours took more.
 * `npx tsx bench/live-training.ts [images] [filters] [repetitions]`.  Seconds are those of the training call; processor
 * seconds those of this process alone, which a busy machine disturbs less.
 */
import '../src/node/engines.js';
import { setTimeout } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { findChromium } from '../src/figures/display/find-chromium.js';
import { LiveServer } from '../src/watch/live/live-server.js';
import { LC_SNN } from '../src/kinds/snn/index.js';

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

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

const server = await LiveServer.start();
const browser = await chromium.launch({ executablePath: findChromium(), chromiumSandbox: false });
const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
await page.goto(server.address);
await page.waitForSelector('[data-connected]');
const drawnFrames = async () => Number((await page.getAttribute('#live', 'data-drawn')) ?? 0);

/** Waits until the page has drawn the last view: the next training must not pay for it. */
async function trainWatched(): Promise<Measured> {
  const before = await drawnFrames();
  const measured = await trainOnce(server);
  while ((await drawnFrames()) === before) await setTimeout(100);
  await setTimeout(500);
  return measured;
}

// Code is compiled, and the page drawn once, before anything is measured.
await trainWatched();
const plain: Measured[] = [];
const live: Measured[] = [];
const drawnBefore = await drawnFrames();
for (let repetition = 0; repetition < repetitions; repetition++) {
  // The other one first each time, so that neither gains where the machine grows slower or faster.
  if (repetition % 2 === 1) live.push(await trainWatched());
  plain.push(await trainOnce(false));
  if (repetition % 2 === 0) live.push(await trainWatched());
}
function summarize(key: keyof Measured) {
  const slower = median(live.map((one, i) => one[key] / plain[i][key])) - 1;
  const seconds = (measured: readonly Measured[]) => median(measured.map((one) => one[key])).toFixed(2);
  return { plain: seconds(plain), live: seconds(live), slower: `${(100 * slower).toFixed(1)} %` };
}
console.table({ seconds: summarize('seconds'), 'processor seconds': summarize('processorSeconds') });
console.log(`${((await drawnFrames()) - drawnBefore) / repetitions} frames per training of ${images} images`);
await browser.close();
await server.close();
