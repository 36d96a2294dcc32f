/** The kernels of a network, with what is emitted for it, on this thread and on others. */
import { compileModule } from '../../wasm/compile-module.js';
import type { StartThread } from '../../wasm/thread.js';
import { ThreadPool } from '../../wasm/thread-pool.js';
import type { WasmMemory } from '../../wasm/wasm-memory.js';
import { moduleBase64 } from './simulator.generated.js';

export interface Kernels {
  beginImage(purpose: number, item: number): void;
  encodeImages(job: number, scratch: number): void;
  presentImages(job: number, scratch: number, quantum: number): void;
  resetShard(shard: number, scratch: number): void;
  giveInput(
    shard: number,
    scratch: number,
    layer: number,
    t: number,
    neurons: number,
    count: number,
    track: boolean,
  ): void;
  stepShard(shard: number, scratch: number, t: number, learn: boolean, track: boolean, counts: number): void;
  makeSteps(block: number, shard: number, scratch: number): void;
  normalizeShard(shard: number, scratch: number): void;
  normalizeConnection(connection: number, target: number, scratch: number): void;
  catchUp(connection: number, scratch: number): void;
  findOutOfBounds(connection: number): void;
}

let compiled: WebAssembly.Module | undefined;

function getModule(): WebAssembly.Module {
  compiled ??= compileModule(moduleBase64);
  return compiled;
}

export class KernelThreads {
  readonly kernels: Kernels;
  #pool: ThreadPool | undefined;

  /** @param emitted steps of defined layers and kernels of compiled rules */
  constructor(
    private readonly memory: WasmMemory,
    private readonly emitted: WebAssembly.Module,
    private readonly startThread: StartThread,
    private readonly threads: number,
  ) {
    const env = { memory: memory.memory };
    const { exports } = new WebAssembly.Instance(emitted, { env });
    this.kernels = new WebAssembly.Instance(getModule(), { env: { ...env, ...exports } })
      .exports as unknown as Kernels;
  }

  /** Calls a kernel once per argument list: here if it is one, else on as many threads. */
  async run(name: 'encodeImages' | 'presentImages', argumentLists: number[][]): Promise<void> {
    if (argumentLists.length === 1) {
      const [job, scratch, quantum = 0] = argumentLists[0];
      this.kernels[name](job, scratch, quantum);
      return;
    }
    this.#pool ??= new ThreadPool(
      () => this.startThread(getModule(), this.memory.memory, this.emitted),
      this.threads,
    );
    await this.#pool.call(name, argumentLists);
  }

  dispose(): void {
    this.#pool?.dispose();
    this.#pool = undefined;
  }
}
