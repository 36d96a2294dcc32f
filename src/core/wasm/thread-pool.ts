/** Threads that call the module's functions over one shared memory. */
import { invalidArgument, LocusError } from '../../errors.js';
import type { Thread } from './thread.js';

export class ThreadPool {
  readonly #threads: readonly Thread[];
  #failure: LocusError | undefined;

  constructor(startThread: () => Thread, size: number) {
    this.#threads = Array.from({ length: size }, startThread);
  }

  /**
   * Calls an exported function once per entry of `argumentLists`, one thread each, and waits for all.  Where one fails the
   * pool is gone: the others may have left the memory half written.
   */
  async call(name: string, argumentLists: readonly (readonly number[])[]): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (argumentLists.length > this.#threads.length) {
      throw invalidArgument('ThreadPool', `at most ${this.#threads.length} calls`, argumentLists.length);
    }
    try {
      await Promise.all(argumentLists.map((args, index) => this.#threads[index].call(name, args)));
    } catch (error) {
      const message = `WebAssembly: a thread failed in ${name} (${(error as Error).message})`;
      this.#failure = new LocusError('ENGINE_UNAVAILABLE', message, { cause: error });
      this.dispose();
      throw this.#failure;
    }
  }

  dispose(): void {
    for (const thread of this.#threads) thread.terminate();
  }
}
