/** Whether the GPU engine can run here; where it cannot, its tests skip visibly, unless `LOCUS_REQUIRE_GPU=1` demands it. */
import { openInNode } from '../../src/node/open-gpu.js';

const device = await openInNode('webgpu').then(
  (runtime) => runtime.device,
  (error: unknown) => error as Error,
);

if (device instanceof Error && process.env.LOCUS_REQUIRE_GPU === '1') throw device;

export const hasWebGpu = !(device instanceof Error);

/** Why tests on WebGPU are skipped, for their names. */
export const gpuRemark =
  device instanceof Error ? ' (skipped: no WebGPU adapter here)' : ` on ${device.name}`;

/** Engines of the GPU kernels with the reason where one cannot run. */
export const gpuEngines = [
  { engine: 'gpu', remark: gpuRemark, isThere: hasWebGpu },
  { engine: 'gpu-webasm', remark: '', isThere: true },
] as const;
