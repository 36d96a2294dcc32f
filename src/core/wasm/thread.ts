/** What a thread is: something that calls the functions of a module over one shared memory.  Every platform starts its own kind. */
export interface Thread {
  /** Calls an exported function and waits until it has returned; rejects where it failed. */
  call(name: string, args: readonly number[]): Promise<void>;
  /** Ends the thread, whatever it is doing. */
  terminate(): void;
}

/**
 * Starts a thread that instantiates a module over a memory.
 *
 * @param models a module whose exports the first one imports; null: none
 */
export type StartThread = (
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  models?: WebAssembly.Module | null,
) => Thread;
