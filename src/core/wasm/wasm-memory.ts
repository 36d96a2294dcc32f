/** A shared WebAssembly memory with a bump allocator; views are made afresh, because growing detaches older ones. */
import { LocusError } from '../../errors.js';

const pageBytes = 0x1_0000;
const maximumPages = 0x1_0000;

export const mostMemoryBytes = maximumPages * pageBytes;

export class WasmMemory {
  readonly memory = reserveMemory();
  #next = 1024;

  /** Address of `bytes` zeroed bytes, aligned for vectors and cache lines. */
  allocate(bytes: number): number {
    const address = this.#next;
    this.#next = Math.ceil((address + bytes) / 64) * 64;
    const missing = Math.ceil(this.#next / pageBytes) - this.memory.buffer.byteLength / pageBytes;
    if (missing > 0) {
      try {
        this.memory.grow(missing);
      } catch (error) {
        throw noRoom(this.#next, error);
      }
    }
    return address;
  }

  /** Copies an array to fresh memory and returns its address. */
  place(values: Uint8Array | Uint32Array | Int32Array | Float32Array | Uint16Array): number {
    const address = this.allocate(values.byteLength);
    new Uint8Array(this.memory.buffer, address, values.byteLength).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    return address;
  }

  uint8(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  uint16(address: number, length: number): Uint16Array {
    return new Uint16Array(this.memory.buffer, address, length);
  }

  uint32(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, length);
  }

  int32(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length);
  }

  float32(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  /** Reads and writes the fields of a record. */
  record(address: number, bytes: number): DataView {
    return new DataView(this.memory.buffer, address, bytes);
  }
}

/** @throws LocusError `ENGINE_UNAVAILABLE` where so many bytes can be no part of a memory */
export function checkWasmRoom(bytes: number): void {
  if (bytes > mostMemoryBytes) throw noRoom(bytes);
}

function noRoom(bytes: number, cause?: unknown): LocusError {
  const gigabytes = (bytes / 2 ** 30).toFixed(1);
  return new LocusError(
    'ENGINE_UNAVAILABLE',
    `WebAssembly: ${gigabytes} GB are needed; its memory ends at 4 GB (or the system refused more)`,
    { cause },
  );
}

/** A memory reserves addresses for all that it may become, and a process has room for so many. */
function reserveMemory(): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: maximumPages, shared: true });
  } catch (cause) {
    throw new LocusError(
      'ENGINE_UNAVAILABLE',
      'WebAssembly: there is no room for the memory of one more network; dispose() of those that are done',
      { cause },
    );
  }
}
