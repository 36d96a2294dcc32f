/** Threads that call the module's functions over one shared memory. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export class ThreadPool {
  readonly #workers: Worker[];

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, size: number) {
    this.#workers = Array.from({ length: size }, () => {
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { module, memory } });
      // Waiting threads do not keep the process alive; a job does, through the promise of its answer.
      worker.unref();
      return worker;
    });
  }

  /** Calls an exported function once per entry of `argumentLists`, one thread each, and waits for all. */
  async call(name: string, argumentLists: readonly (readonly number[])[]): Promise<void> {
    await Promise.all(
      argumentLists.map(async (args, index) => {
        const worker = this.#workers[index];
        worker.ref();
        worker.postMessage({ call: name, args });
        await once(worker, 'message');
        worker.unref();
      }),
    );
  }

  dispose(): void {
    for (const worker of this.#workers) void worker.terminate();
  }
}
