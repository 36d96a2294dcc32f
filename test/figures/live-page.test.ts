/** The live page in a real Chromium, during real trainings: it moves, survives a reload, and says how it ended. */
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import '../../src/node/engines.js';
import { findChromium } from '../../src/figures/display/find-chromium.js';
import { LiveServer } from '../../src/watch/live/live-server.js';
import { LiveNotebook } from '../../src/watch/live/live-notebook.js';
import type { LiveDisplay } from '../../src/figures/index.js';
import { LC_SNN } from '../../src/kinds/snn/index.js';
import { runHere } from '../cli/run-cli.js';
import { makeFolder } from '../support/make-folder.js';
import { hasChromium } from '../support/chromium.js';

/** A busy machine draws slowly [ms]. */
const patience = 120_000;
const small = { dataset: 'mnist-10k', nFilters: 4, threads: 1, timeMax: 60, intensity: 400 } as const;

describe.skipIf(!hasChromium)('the live page in Chromium', { timeout: patience }, () => {
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium(), chromiumSandbox: false });
  }, patience);
  afterAll(async () => browser?.close());

  async function openPage(address: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    page.setDefaultTimeout(patience);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(address);
    return page;
  }

  const stateOf = (page: Page) => page.getAttribute('#live', 'data-state');
  const textOf = (page: Page) => page.textContent('.status .text');
  const drawnFrames = (page: Page, least: number) =>
    page.waitForFunction((n) => Number(document.getElementById('live')?.dataset.drawn ?? 0) >= n, least);
  const weightsIn = (page: Page) =>
    page.evaluate(() => {
      const { calcdata } = document.querySelector('[data-name="weights"]') as unknown as {
        calcdata: { z: number[][] }[][];
      };
      return calcdata[0][0].z.flatMap((row) => Array.from(row, (w) => (Number.isFinite(w) ? w : -1)));
    });

  // Comes first: frames that are made for the first time take long, and a training makes up for that before it shows the next one.
  it('is the output of a notebook cell in which every frame replaces the last', async () => {
    const shared: string[] = [];
    const own: string[] = [];
    const notebook = {
      display: { html: (text: string) => void shared.push(text) },
      newDisplay: () => ({ html: (text: string) => void own.splice(0, 1, text) }),
    };
    const display = new LiveNotebook(notebook);
    const net = new LC_SNN(small);
    await net.train({ nIter: 40, plot: display });
    await net.train({ nIter: 40, plot: new LiveNotebook(notebook) });
    expect(shared).toHaveLength(1);
    expect(own).toHaveLength(1);
    const page = await browser.newPage();
    page.setDefaultTimeout(patience);
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.setContent(`<!DOCTYPE html>${own[0]}${shared[0]}`);
    await page.waitForSelector('.locus-live[data-drawn="1"]');
    expect(await textOf(page)).toBe('training is done: 80 of 80 images');
    expect(await page.locator('.views .main-svg').count()).toBeGreaterThanOrEqual(6);
    expect(complaints).toEqual([]);
    await page.close();
    net.dispose();
  });

  it('draws new weights while the training runs, shows a newcomer the present state, and says when it is done', async () => {
    const server = await LiveServer.start();
    const page = await openPage(server.address);
    // However slowly this machine draws: a frame comes when the test asks for one, and none takes time from another.
    let isWanted = true;
    const display: LiveDisplay = {
      get isWatched() {
        return isWanted && server.isWatched;
      },
      show: (frame) => {
        isWanted = false;
        server.show(frame);
      },
      update: (status) => server.update(status),
      takeDrawingTime: () => 0,
      delivered: () => server.delivered(),
    };
    const net = new LC_SNN(small);
    const interruption = new AbortController();
    const training = net.train({ nIter: 5_000_000, plot: display, signal: interruption.signal });
    await drawnFrames(page, 1);
    const first = await weightsIn(page);
    expect(
      await page.$$eval('[data-name]', (all) => all.map((one) => (one as HTMLElement).dataset.name)),
    ).toEqual(['weights', 'input', 'bestSpikes', 'bestVoters', 'voltage', 'health']);
    isWanted = true;
    await drawnFrames(page, 2);
    expect(await stateOf(page)).toBe('running');
    expect(await textOf(page)).toMatch(/^training: \d+ of 5000000 images$/);
    const second = await weightsIn(page);
    expect(second).toHaveLength(first.length);
    expect(second).not.toEqual(first);
    const before = Number(/\d+/.exec((await textOf(page)) ?? '')?.[0]);

    await page.reload();
    await drawnFrames(page, 1);
    expect(await stateOf(page)).toBe('running');
    expect(Number(/\d+/.exec((await textOf(page)) ?? '')?.[0])).toBeGreaterThanOrEqual(before);

    interruption.abort();
    const { nIter, interrupted } = await training;
    expect(interrupted).toBe(true);
    await page.waitForSelector('#live[data-state=interrupted]');
    expect(await textOf(page)).toBe(`training was interrupted: ${nIter} of 5000000 images`);
    await server.delivered();
    const level = (w: number) => Math.round(254 * w) / 254;
    const shown = (await weightsIn(page)).filter((w) => w >= 0);
    const actual = Array.from(net.weightsXY.data, level);
    await expect
      .poll(async () => (await weightsIn(page)).filter((w) => w >= 0).reduce((sum, w) => sum + w, 0), {
        timeout: 60_000,
      })
      .toBeCloseTo(
        actual.reduce((sum, w) => sum + w, 0),
        3,
      );
    expect(shown).toHaveLength(actual.length);
    await server.close();
    await page.waitForSelector('#live[data-ended]');
    expect(await stateOf(page)).toBe('interrupted');
    expect(complaints).toEqual([]);
    await page.close();
    net.dispose();
  });

  /** Runs `locus train --live`, and opens the page whose address it tells. */
  async function trainLive(words: string) {
    const stderr = new PassThrough();
    const signals = new EventEmitter();
    let told = '';
    const address = new Promise<string>((resolve) => {
      stderr.on('data', (chunk: Buffer) => {
        told += chunk.toString();
        const [, found] = /Live at (\S+) \(this machine only\)/.exec(told) ?? [];
        if (found) resolve(found);
      });
    });
    const line = `train lc --dataset mnist-10k --n-filters 4 --live --quiet ${words} --db ${makeFolder()}/networks.db`;
    const running = runHere(line.split(' '), { stderr, signals });
    const page = await openPage(await address);
    return { running, page, signals, address: await address };
  }

  it('follows `locus train --live` to the scores, and the server stops by itself', async () => {
    const { running, page, address } = await trainLive('--n-iter 600 --calibrate 100 --test 100');
    await page.waitForSelector('#live[data-ended]');
    expect(await stateOf(page)).toBe('done');
    expect(await textOf(page)).toMatch(
      /^training is done; patch_voting \d+\.\d\d ± \d+\.\d\d % of 100 images; .*lc /,
    );
    await drawnFrames(page, 1);
    expect((await running).code).toBe(0);
    await expect(fetch(address)).rejects.toThrow('fetch failed');
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('says that the training was interrupted, and how to go on', async () => {
    const { running, page, signals } = await trainLive('--n-iter 50000 --engine reference --time-max 50');
    await page.waitForFunction(() => /training: [1-9]\d* of 50000/.test(document.body.textContent ?? ''));
    signals.emit('SIGINT');
    expect((await running).code).toBe(130);
    await page.waitForSelector('#live[data-ended]');
    expect(await stateOf(page)).toBe('interrupted');
    expect(await textOf(page)).toMatch(
      /^interrupted after \d+ images, .* To go on: locus train lc .* --resume$/,
    );
    expect(complaints).toEqual([]);
    await page.close();
  });
});
