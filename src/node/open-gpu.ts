/** Finds what the GPU engine runs on in Node: WebGPU by the package `webgpu`, or gpu.js's WebAssembly backend. */
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { LocusError } from '../errors.js';
import {
  type AdapterLike,
  describeAdapter,
  type GpuBackend,
  type GpuLibrary,
  type GpuRuntime,
  webasmDevice,
} from '../core/engine/gpu/runtime.js';
import { warnOnce } from '../warn.js';

/** Chromium's software rasteriser, where Debian's package puts it, and the Vulkan loader beside it. */
const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
const chromiumVulkan = '/usr/lib/chromium/libvulkan.so.1';

const opened = new Map<GpuBackend, Promise<GpuRuntime>>();

/**
 * gpu.js on a backend; one per process, opened at the first call.
 *
 * @throws LocusError `ENGINE_UNAVAILABLE` where there is no adapter, saying what would bring one
 */
export function openInNode(backend: GpuBackend): Promise<GpuRuntime> {
  const known = opened.get(backend);
  if (known) return known;
  const runtime = open(backend);
  opened.set(backend, runtime);
  runtime.catch(() => opened.delete(backend));
  return runtime;
}

async function open(backend: GpuBackend): Promise<GpuRuntime> {
  const device = backend === 'webasm' ? webasmDevice : describeAdapter(await findAdapter());
  if (backend === 'webgpu' && device.isSoftware) warnOfSoftware(device.name);
  const library = ((await import('gpu.js')) as unknown as { default: GpuLibrary }).default;
  return { backend, library, device };
}

function warnOfSoftware(name: string): void {
  warnOnce(
    `the engine "gpu" runs on ${name}, a software rasteriser: the processor does the work of a GPU, slowly`,
    { code: 'LOCUS_SOFTWARE_GPU' },
  );
}

interface NavigatorGpu {
  requestAdapter(): Promise<AdapterLike | null>;
}

async function findAdapter(): Promise<AdapterLike> {
  const gpu = await installWebGpu();
  const adapter = await gpu.requestAdapter();
  if (adapter) return adapter;
  throw new LocusError(
    'ENGINE_UNAVAILABLE',
    [
      'engine gpu: no WebGPU adapter. It needs a GPU with a Vulkan (Linux), Metal (macOS) or Direct3D 12 (Windows) driver;',
      'a software rasteriser does where one is installed: on Debian, `apt-get install chromium` brings SwiftShader, which is',
      'found by itself; elsewhere VK_DRIVER_FILES names its description. The engine "gpu-webasm" runs the same kernels',
      'on the processor, and "wasm" is faster than that.',
    ].join(' '),
  );
}

/** Puts WebGPU where gpu.js looks for it: into the global navigator. */
async function installWebGpu(): Promise<NavigatorGpu> {
  const present = (globalThis as { navigator?: { gpu?: NavigatorGpu } }).navigator?.gpu;
  if (present) return present;
  useSwiftShaderWithoutDriver();
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]) as unknown as NavigatorGpu;
  const navigator = (globalThis as { navigator?: object }).navigator ?? {};
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true, writable: true });
  return gpu;
}

/**
 * Where Linux has no Vulkan driver of its own and none is named, the software rasteriser of an installed Chromium serves; whoever
 * simulates is told that it is one (`DeviceDescription.isSoftware`).
 */
function useSwiftShaderWithoutDriver(): void {
  const { env, platform } = process;
  if (platform !== 'linux') return;
  // Vulkan's loader complains without a runtime folder.
  env.XDG_RUNTIME_DIR ??= '/tmp';
  const named = env.VK_DRIVER_FILES ?? env.VK_ICD_FILENAMES;
  if (named === undefined && !hasVulkanDriver() && existsSync(swiftShader)) env.VK_DRIVER_FILES = swiftShader;
  if ((env.VK_DRIVER_FILES ?? env.VK_ICD_FILENAMES) !== swiftShader || !existsSync(chromiumVulkan)) return;
  preload(chromiumVulkan);
}

function hasVulkanDriver(): boolean {
  const folders = ['/usr/share', '/etc', '/usr/local/share', '/usr/local/etc'].map(
    (root) => `${root}/vulkan/icd.d`,
  );
  return folders.some(
    (folder) => existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.json')),
  );
}

/** Loads a library and keeps it, so that it is found by its name where the system has none of that name. */
function preload(library: string): void {
  const keepLoaded = 0x1000;
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | keepLoaded);
  } catch {
    // It is no addon, and dlopen says so after loading it: all that was wanted.
  }
}
