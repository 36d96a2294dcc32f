/** What the GPU engine runs on: gpu.js with one of its two backends, and what is known of the device behind it. */
import type { GPU, Input } from 'gpu.js';

/** `webgpu`: WGSL on a device; `webasm`: the same kernels as WebAssembly on the processor. */
export type GpuBackend = 'webgpu' | 'webasm';

export const gpuBackends = ['webgpu', 'webasm'] as const satisfies readonly GpuBackend[];

/** The parts of gpu.js that are used. */
export interface GpuLibrary {
  readonly GPU: typeof GPU;
  readonly Input: typeof Input;
  readonly WebGPUContext: { acquire(): Promise<GpuContext> };
}

/** The device that all of gpu.js shares; a lost one is replaced by the next `acquire`. */
export interface GpuContext {
  readonly device: GpuDevice;
  readonly isLost: boolean;
}

/** The parts of WebGPU's `GPUDevice` by which it tells of its errors. */
export interface GpuErrorScopes {
  pushErrorScope(filter: 'out-of-memory' | 'validation' | 'internal'): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
}

/** The parts of WebGPU's `GPUDevice` that are used. */
export interface GpuDevice extends GpuErrorScopes {
  readonly limits: Readonly<Record<GpuLimit, number>>;
  readonly queue: {
    writeBuffer(buffer: GpuBuffer, offset: number, values: Float32Array): void;
    submit(commands: readonly unknown[]): void;
  };
  createBuffer(descriptor: { readonly size: number; readonly usage: number }): GpuBuffer;
  createCommandEncoder(): GpuCommandEncoder;
  destroy(): void;
}

export interface GpuBuffer {
  readonly size: number;
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface GpuCommandEncoder {
  copyBufferToBuffer(from: GpuBuffer, start: number, to: GpuBuffer, at: number, bytes: number): void;
  beginComputePass(): GpuComputePass;
  finish(): unknown;
}

export interface GpuComputePass {
  setPipeline(pipeline: unknown): void;
  setBindGroup(index: number, group: unknown): void;
  dispatchWorkgroups(x: number, y: number, z: number): void;
  end(): void;
}

/** WebGPU's numbers for what a buffer serves. */
export const bufferUsage = { mapRead: 1, copySource: 4, copyTarget: 8 } as const;

/** WebGPU's number for mapping a buffer to read it. */
export const mapToRead = 1;

export const gpuLimits = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeInvocationsPerWorkgroup',
] as const;

export type GpuLimit = (typeof gpuLimits)[number];

/** The device as people and programs are told of it. */
export interface DeviceDescription {
  readonly vendor: string;
  readonly architecture: string;
  readonly name: string;
  /** Whether a processor does the device's work: a software rasteriser such as SwiftShader, or WebAssembly. */
  readonly isSoftware: boolean;
  readonly limits: Readonly<Partial<Record<GpuLimit, number>>>;
}

export interface GpuRuntime {
  readonly backend: GpuBackend;
  readonly library: GpuLibrary;
  readonly device: DeviceDescription;
}

/** The adapter's own account of itself, as WebGPU gives it. */
export interface AdapterLike {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly limits: Readonly<Record<GpuLimit, number>>;
}

/** Names by which software rasterisers call themselves. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|warp|basic render|software/i;

export function describeAdapter({ info, limits }: AdapterLike): DeviceDescription {
  const { vendor, architecture, device, description } = info;
  const names = [vendor, architecture, device, description].join(' ');
  return {
    vendor,
    architecture,
    name: description || device || architecture || vendor || 'unnamed device',
    isSoftware: info.isFallbackAdapter === true || softwareNames.test(names),
    limits: Object.fromEntries(gpuLimits.map((name) => [name, limits[name]])),
  };
}

/** The backend `webasm` as a device. */
export const webasmDevice: DeviceDescription = {
  vendor: 'gpu.js',
  architecture: 'webasm',
  name: 'WebAssembly on the processor',
  isSoftware: true,
  limits: {},
};
