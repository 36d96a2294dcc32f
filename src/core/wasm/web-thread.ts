/** Threads in a browser: web workers.  The page must be isolated (COOP and COEP headers), or it may not share memory with them. */
import { LocusError } from '../../errors.js';
import type { StartThread } from './thread.js';

export const startWebThread: StartThread = (module, memory, models = null) => {
  if (!globalThis.crossOriginIsolated) {
    throw new LocusError(
      'ENGINE_UNAVAILABLE',
      'WebAssembly: threads share memory only on pages that are isolated (headers Cross-Origin-Opener-Policy: same-origin and ' +
        'Cross-Origin-Embedder-Policy: require-corp); one thread needs neither',
    );
  }
  const worker = new Worker(new URL('./web-worker.js', import.meta.url), { type: 'module' });
  let settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
  worker.addEventListener('message', () => settle?.resolve());
  worker.addEventListener('error', ({ message }) => settle?.reject(new Error(message)));
  worker.postMessage({ module, memory, models });
  return {
    call: (name, args) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        worker.postMessage({ call: name, args });
      }),
    terminate: () => worker.terminate(),
  };
};
