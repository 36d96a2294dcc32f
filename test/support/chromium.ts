/** Whether tests in a real browser can run here; where they cannot, they skip visibly. */
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../src/figures/display/find-chromium.js';

export const hasChromium = (() => {
  try {
    findChromium();
    return true;
  } catch {
    return false;
  }
})();

/** A headless Chromium with these flags beside those that containers need. */
export function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    chromiumSandbox: false,
    args: ['--disable-dev-shm-usage', ...flags],
  });
}
