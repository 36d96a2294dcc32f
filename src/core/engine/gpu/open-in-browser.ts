/** Finds what the GPU engine runs on in a browser: the browser's own WebGPU. */
import { LocusError } from '../../../errors.js';
import { describeAdapter, type DeviceDescription, type GpuLibrary, type GpuRuntime } from './runtime.js';

/** What a browser offers, or why it offers nothing. */
export type BrowserDevice =
  | { readonly device: DeviceDescription; readonly missing: null }
  | { readonly device: null; readonly missing: string };

/** Looks for the browser's WebGPU; works on pages and in workers. */
export async function findBrowserDevice(): Promise<BrowserDevice> {
  const none = (missing: string) => ({ device: null, missing });
  if (!globalThis.isSecureContext)
    return none('browsers offer it only to pages from this machine or over https');
  // Browsers without WebGPU have no such property, whatever the types say.
  const gpu = navigator.gpu as Navigator['gpu'] | undefined;
  if (!gpu) return none('this browser does not have it');
  const adapter = await gpu.requestAdapter();
  if (!adapter) return none('this browser has it, but no device for it');
  return { device: describeAdapter(adapter), missing: null };
}

/**
 * gpu.js on the browser's WebGPU.
 *
 * @throws LocusError `ENGINE_UNAVAILABLE` where there is none, saying why
 */
export async function openInBrowser(): Promise<GpuRuntime> {
  const { device, missing } = await findBrowserDevice();
  if (!device) throw new LocusError('ENGINE_UNAVAILABLE', `engine gpu: no WebGPU: ${missing}`);
  const library = ((await import('gpu.js')) as unknown as { default: GpuLibrary }).default;
  return { backend: 'webgpu', library, device };
}
