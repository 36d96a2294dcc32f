/** What a thread is: something that calls the functions of a module over one shared memory.  Every platform starts its own kind. */
export interface Thread {
  /** Calls an exported function and waits until it has returned; rejects where it failed. */
  call(name: string, args: readonly number[]): Promise<void>;
  /** Ends the thread, whatever it is doing. */
  terminate(): void;
}

export type StartThread = (module: WebAssembly.Module, memory: WebAssembly.Memory) => Thread;
