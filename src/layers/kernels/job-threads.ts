/** Threads that take the pieces of one job at a time together with the thread that calls. */
import type { Worker } from 'node:worker_threads';
import { jobSize } from './assembly/layout.js';
import { createWorker } from '../../node/thread.js';
import type { WasmMemory } from '../../core/wasm/wasm-memory.js';

interface Exports {
  readonly run: (job: number) => void;
  readonly runAlone: (job: number) => void;
}

export class JobThreads {
  /** Address of the job record, rewritten for every job. */
  readonly job: number;
  readonly #exports: Exports;
  readonly #workers: Worker[];

  constructor(
    module: WebAssembly.Module,
    memory: WasmMemory,
    readonly threads: number,
  ) {
    this.job = memory.allocate(jobSize);
    const instance = new WebAssembly.Instance(module, { env: { memory: memory.memory } });
    this.#exports = instance.exports as unknown as Exports;
    this.#workers = Array.from({ length: threads - 1 }, () => createWorker(module, memory.memory));
    for (const [index, worker] of this.#workers.entries()) {
      worker.postMessage({ call: 'serve', args: [this.job, index + 1] });
      // Threads that wait for jobs do not keep the process alive.
      worker.unref();
    }
  }

  /** Runs the job in the record; returns when all its pieces are done. */
  run(pieces: number): void {
    if (pieces > 1 && this.#workers.length > 0) this.#exports.run(this.job);
    else this.#exports.runAlone(this.job);
  }

  dispose(): void {
    for (const worker of this.#workers) void worker.terminate();
  }
}
