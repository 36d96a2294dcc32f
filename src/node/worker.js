/**
 * A thread that computes in WebAssembly: instantiates the module over the shared memory and calls what it is told.  Plain JavaScript,
 * because a worker is started from its file, built or not.
 */
import { parentPort, workerData } from 'node:worker_threads';

const { module, memory } = /** @type {{ module: WebAssembly.Module, memory: WebAssembly.Memory }} */ (
  workerData
);
const { exports } = new WebAssembly.Instance(module, { env: { memory } });

parentPort?.on('message', (/** @type {{ call: string, args: number[] }} */ { call, args }) => {
  /** @type {(...args: number[]) => void} */ (exports[call])(...args);
  parentPort?.postMessage('done');
});
