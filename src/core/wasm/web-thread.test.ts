/** Where memory cannot be shared with workers, threads are refused with what would help; in isolated pages test/web runs them. */
import { expect, it } from 'vitest';
import { startWebThread } from './web-thread.js';

it('asks for an isolated page', () => {
  const module = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  expect(() => startWebThread(module, memory)).toThrow(
    expect.objectContaining({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining(
        'Cross-Origin-Embedder-Policy: require-corp); one thread needs neither',
      ),
    }),
  );
});
