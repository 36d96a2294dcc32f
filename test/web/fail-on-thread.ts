/** Loaded by a page: what a web worker says of a function that its module does not have. */
import { startWebThread } from '../../src/core/wasm/web-thread.js';

export interface FailOnThread {
  /** The message of the failure. */
  failOnThread(): Promise<string>;
}

async function failOnThread(): Promise<string> {
  // "\0asm", version 1: a module of nothing.
  const module = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const thread = startWebThread(module, new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
  try {
    await thread.call('noSuchFunction', []);
    return 'no failure';
  } catch (error) {
    return (error as Error).message;
  } finally {
    thread.terminate();
  }
}

Object.assign(globalThis, { failOnThread });
