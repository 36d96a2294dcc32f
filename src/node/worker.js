/**
 * A thread that computes in WebAssembly: instantiates the module over the shared memory and calls what it is told.  Plain JavaScript,
 * because a worker is started from its file, built or not.
 */
import { parentPort, workerData } from 'node:worker_threads';

/** @type {{ module: WebAssembly.Module, memory: WebAssembly.Memory, models: WebAssembly.Module | null }} */
const { module, memory, models } = workerData;
const emitted = models ? new WebAssembly.Instance(models, { env: { memory } }).exports : {};
const { exports } = new WebAssembly.Instance(module, { env: { memory, ...emitted } });

parentPort?.on('message', (/** @type {{ call: string, args: number[] }} */ { call, args }) => {
  /** @type {(...args: number[]) => void} */ (exports[call])(...args);
  parentPort?.postMessage('done');
});
