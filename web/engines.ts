/** Which engines this browser can run, and why not the others. */

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
  return [
    await findWebGpu(),
    { name: 'wasm', title: 'WASM', device: 'WebAssembly with SIMD', missing: null },
  ];
}

async function findWebGpu(): Promise<EngineChoice> {
  const choice = { name: 'gpu', title: 'WebGPU' };
  const missing = (reason: string) => ({ ...choice, device: 'none', missing: reason });
  if (!window.isSecureContext) {
    return missing('WebGPU needs a page from this machine or over https');
  }
  // Browsers without WebGPU have no such property, whatever the types say.
  const gpu = navigator.gpu as GPU | undefined;
  if (!gpu) return missing('this browser has no WebGPU');
  const adapter = await gpu.requestAdapter();
  if (!adapter) return missing('this browser has WebGPU, but offers no device for it');
  const { description, device, architecture, vendor } = adapter.info;
  return { ...choice, device: description || device || `${vendor} ${architecture}`.trim(), missing: null };
}
