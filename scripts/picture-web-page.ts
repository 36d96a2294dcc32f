/** A picture of the page in the browser while it reads a drawn digit: for the gallery. */
import { chromium } from 'playwright-core';
import { findChromium } from '../src/figures/display/find-chromium.js';
import { type DemoOptions, startDemo } from '../web/demo-server.js';

/** A 5 drawn by hand, in parts of the pad's side: strokes of points. */
const strokes = [
  [
    [0.66, 0.2],
    [0.4, 0.21],
    [0.38, 0.34],
    [0.36, 0.46],
    [0.5, 0.45],
    [0.62, 0.52],
    [0.66, 0.64],
    [0.6, 0.75],
    [0.47, 0.8],
    [0.33, 0.76],
  ],
];

/** PNG of the whole page. */
export async function pictureWebPage(options: DemoOptions): Promise<Buffer> {
  const server = await startDemo({ ...options, port: 0 });
  const browser = await chromium.launch({
    executablePath: findChromium(),
    chromiumSandbox: false,
    args: ['--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1240, height: 900 } });
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await page.waitForSelector('.opinion');
    await page.waitForSelector('#digits button');
    const pad = await page.locator('#pad').boundingBox();
    if (!pad) throw new Error('the page shows no pad');
    for (const stroke of strokes) {
      const at = ([x, y]: number[]) => [pad.x + x * pad.width, pad.y + y * pad.height] as const;
      await page.mouse.move(...at(stroke[0]));
      await page.mouse.down();
      for (const point of stroke.slice(1)) await page.mouse.move(...at(point), { steps: 4 });
      await page.mouse.up();
    }
    // Until the last answer has come and nothing changes any more.
    let before = '';
    for (let now = '?'; now !== before; ) {
      before = now;
      await page.waitForTimeout(1000);
      now = (await page.textContent('#status')) ?? '';
    }
    return await page.screenshot({ fullPage: true });
  } finally {
    await browser.close();
    await server.close();
  }
}
