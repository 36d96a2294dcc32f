/** Threads over one memory: every call is made once, failures are told, and a failed pool stays failed. */
import { describe, expect, it } from 'vitest';
import { moduleBase64 } from '../engine/wasm/simulator.generated.js';
import { emitModule } from '../engine/wasm/emit-module.js';
import * as layout from '../engine/wasm/assembly/layout.js';
import { compileModule } from './compile-module.js';
import { startNodeThread } from '../../node/thread.js';
import { ThreadPool } from './thread-pool.js';
import { WasmMemory } from './wasm-memory.js';

function makePool(size: number): { pool: ThreadPool; memory: WasmMemory } {
  const memory = new WasmMemory();
  const module = compileModule(moduleBase64);
  const emitted = emitModule([], [], []);
  return { pool: new ThreadPool(() => startNodeThread(module, memory.memory, emitted), size), memory };
}

describe('ThreadPool', () => {
  it('lets threads share the work of one job: each image is encoded once', async () => {
    const { pool, memory } = makePool(3);
    const nImages = 50;
    const events = memory.allocate(4 * nImages);
    const job = memory.allocate(layout.jobSize);
    const record = memory.record(job, layout.jobSize);
    // Black images: no spikes, so an image takes its steps + 1 offsets.
    const steps = 9;
    const arena = memory.allocate(4 * nImages * (steps + 1));
    for (const [field, value] of [
      [layout.jobImageCount, nImages],
      [layout.jobSteps, steps],
      [layout.jobPixels, 4],
      [layout.jobImages, memory.allocate(4 * nImages)],
      [layout.jobItems, memory.allocate(4 * nImages)],
      [layout.jobEvents, events],
      [layout.jobArenaNext, arena],
      [layout.jobArenaEnd, arena + 4 * nImages * (steps + 1)],
    ] as const) {
      record.setUint32(field, value, true);
    }
    await pool.call(
      'encodeImages',
      Array.from({ length: 3 }, () => [job, memory.allocate(1024)]),
    );
    expect(memory.record(job, layout.jobSize).getUint32(layout.jobOverflow, true)).toBe(0);
    const addresses = [...memory.uint32(events, nImages)].sort((a, b) => a - b);
    expect(addresses).toEqual(Array.from({ length: nImages }, (_, i) => arena + 4 * i * (steps + 1)));
    pool.dispose();
  });

  it('tells which call failed, and fails at once from then on', async () => {
    const { pool } = makePool(2);
    const failed = expect.objectContaining({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('WebAssembly: a thread failed in noSuchFunction'),
    });
    await expect(pool.call('noSuchFunction', [[1], [2]])).rejects.toThrow(failed);
    await expect(pool.call('encodeImages', [[0, 0]])).rejects.toThrow(failed);
  });

  it('refuses more calls than it has threads', async () => {
    const { pool } = makePool(1);
    await expect(pool.call('encodeImages', [[], []])).rejects.toThrow(
      'ThreadPool: expected at most 1 calls, got 2',
    );
    pool.dispose();
  });
});
