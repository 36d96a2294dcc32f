/** Which engines this browser can run, and why not the others. */
import { findBrowserDevice } from '../src/browser.js';

export interface EngineChoice {
  readonly name: string;
  readonly title: string;
  /** What it runs on. */
  readonly device: string;
  /** Why it cannot run; null: it can. */
  readonly missing: string | null;
}

/** The engines of the page, the preferred one first. */
export async function listChoices(): Promise<readonly EngineChoice[]> {
  const { device, missing } = await findBrowserDevice();
  const kind = device?.isSoftware ? 'software, no GPU' : 'hardware';
  return [
    { name: 'gpu', title: 'WebGPU', device: device ? `${device.name}: ${kind}` : 'none', missing },
    { name: 'wasm', title: 'WASM', device: 'WebAssembly with SIMD', missing: null },
  ];
}
