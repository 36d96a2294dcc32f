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

/** Flags with which Chromium offers WebGPU on its software rasteriser, where there is no GPU. */
export const webGpuFlags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'] as const;

/** A headless Chromium with these flags beside those that containers need. */
export function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    chromiumSandbox: false,
    args: ['--disable-dev-shm-usage', ...flags],
  });
}
