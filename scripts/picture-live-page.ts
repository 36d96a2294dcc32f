/** Takes a picture of the live page as it is after a short training, in a headless Chromium. */
import { chromium } from 'playwright-core';
import { findChromium } from '../src/figures/display/find-chromium.js';
import { LiveServer } from '../src/watch/live/live-server.js';
import { LC_SNN } from '../src/kinds/snn/index.js';

/** A busy machine draws slowly [ms]. */
const patience = 240_000;

/** @returns a PNG */
export async function pictureLivePage(): Promise<Uint8Array> {
  const server = await LiveServer.start();
  const browser = await chromium.launch({
    executablePath: findChromium(),
    chromiumSandbox: false,
    timeout: patience,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 2600 } });
    page.setDefaultTimeout(patience);
    await page.goto(server.address);
    const network = new LC_SNN({ dataset: 'mnist-10k', nFilters: 25, meanWeight: 0.46, cW: -127 });
    await network.train({ nIter: 1000, plot: server });
    network.dispose();
    await page.waitForSelector('[data-name="health"][data-drawn]');
    await page.waitForFunction(() =>
      document.querySelector('#live h1 ~ .status .text')?.textContent?.startsWith('training is done'),
    );
    return await page.locator('#live').screenshot();
  } finally {
    await browser.close();
    await server.close();
  }
}
