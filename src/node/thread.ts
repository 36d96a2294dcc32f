/** Threads in Node: `worker_threads`. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { StartThread } from '../core/wasm/thread.js';

/** @param models modules emitted for models, or null */
export function createWorker(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  models: WebAssembly.Module | null = null,
): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), {
    workerData: { module, memory, models },
    // Not the options of this process: `--input-type` is no option of a file.
    execArgv: [],
  });
}

export const startNodeThread: StartThread = (module, memory, models = null) => {
  const worker = createWorker(module, memory, models);
  // Waiting threads do not keep the process alive; a job does, through the promise of its answer.
  worker.unref();
  return {
    async call(name, args) {
      worker.ref();
      worker.postMessage({ call: name, args });
      await once(worker, 'message');
      worker.unref();
    },
    terminate: () => void worker.terminate(),
  };
};
