/** Memory for one job at a time: laid out from the start for every job, and grown in steps, because memory is never given back. */
import type { WasmMemory } from '../../core/wasm/wasm-memory.js';

const alignment = 64;

export class ScratchArena {
  readonly #memory: WasmMemory;
  #start = 0;
  #size = 0;
  #used = 0;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
  }

  /** Begins a job that takes blocks of these sizes [bytes] in turn. */
  begin(sizes: readonly number[]): void {
    const needed = sizes.reduce((sum, size) => sum + align(size), 0);
    if (needed > this.#size) {
      this.#size = Math.ceil(needed * 1.5);
      this.#start = this.#memory.allocate(this.#size);
    }
    this.#used = 0;
  }

  /** Address of the next block. */
  take(bytes: number): number {
    const address = this.#start + this.#used;
    this.#used += align(bytes);
    return address;
  }

  /** Copies values into the next block; returns its address. */
  put(values: Float32Array | Int32Array): number {
    const address = this.take(values.byteLength);
    const view =
      values instanceof Float32Array
        ? this.#memory.float32(address, values.length)
        : this.#memory.int32(address, values.length);
    view.set(values);
    return address;
  }

  /** Copies the elements at an address into `out`. */
  get(address: number, out: Float32Array | Int32Array): void {
    const view =
      out instanceof Float32Array
        ? this.#memory.float32(address, out.length)
        : this.#memory.int32(address, out.length);
    out.set(view);
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
