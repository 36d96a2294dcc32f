/** Threads that call the module's functions over one shared memory. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { invalidArgument, LocusError } from '../errors.js';

export class ThreadPool {
  readonly #workers: Worker[];
  #failure: LocusError | undefined;

  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, size: number) {
    this.#workers = Array.from({ length: size }, () => {
      const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: { module, memory } });
      // Waiting threads do not keep the process alive; a job does, through the promise of its answer.
      worker.unref();
      return worker;
    });
  }

  /**
   * Calls an exported function once per entry of `argumentLists`, one thread each, and waits for all.  Where one fails the
   * pool is gone: the others may have left the memory half written.
   */
  async call(name: string, argumentLists: readonly (readonly number[])[]): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (argumentLists.length > this.#workers.length) {
      throw invalidArgument('ThreadPool', `at most ${this.#workers.length} calls`, argumentLists.length);
    }
    try {
      await Promise.all(
        argumentLists.map(async (args, index) => {
          const worker = this.#workers[index];
          worker.ref();
          worker.postMessage({ call: name, args });
          await once(worker, 'message');
          worker.unref();
        }),
      );
    } catch (error) {
      const message = `WebAssembly: a thread failed in ${name} (${(error as Error).message})`;
      this.#failure = new LocusError('ENGINE_UNAVAILABLE', message, { cause: error });
      this.dispose();
      throw this.#failure;
    }
  }

  dispose(): void {
    for (const worker of this.#workers) void worker.terminate();
  }
}
