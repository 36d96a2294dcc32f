/** The GPU engine, whatever opens its device: Node and browsers do it differently. */
import type { Engine } from '../../network/simulation.js';
import { GpuSimulation } from './gpu-simulation.js';
import type { GpuRuntime } from './runtime.js';

/**
 * @param name `gpu`, or `gpu-webasm` for the same kernels without a GPU
 * @param open loads gpu.js and finds the device, at the first simulation
 */
export function createGpuEngine(name: string, open: () => Promise<GpuRuntime>): Engine {
  return { name, prepare: (program, options = {}) => new GpuSimulation(name, program, open, options) };
}
