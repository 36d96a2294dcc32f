/** Threads in Node: `worker_threads`. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { StartThread } from '../core/wasm/thread.js';

export const startNodeThread: StartThread = (module, memory, models = null) => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: { module, memory, models },
  });
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
