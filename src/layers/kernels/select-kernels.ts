/** Which kernels compute: the SIMD ones for float32, the plain ones for float64. */
import { availableParallelism } from 'node:os';
import { threadCount } from '../../options.js';
import type { TensorData } from '../tensor.js';
import type { Kernels } from './kernels.js';
import { plainKernels } from './plain-kernels.js';
import { WasmKernels } from './wasm-kernels.js';

let threads = availableParallelism();
let wasm: WasmKernels | undefined;

/** Number of threads that the layers compute with from now on; results do not depend on it. */
export function setLayerThreads(n: number): void {
  threadCount('setLayerThreads', 'n', n);
  if (n === threads) return;
  threads = n;
  wasm?.dispose();
  wasm = undefined;
}

export function layerThreads(): number {
  return threads;
}

export function kernelsFor(data: TensorData): Kernels {
  if (data instanceof Float64Array) return plainKernels;
  wasm ??= new WasmKernels(threads);
  return wasm;
}
