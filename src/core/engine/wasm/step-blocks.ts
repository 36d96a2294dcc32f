/** Blocks of steps in memory: the spikes that they are given, and those that shards list. */
import type { SpikeTrain } from '../../encoding/spike-train.js';
import type { Program } from '../../network/program.js';
import type { StepBlock } from '../../network/simulation.js';
import type { WasmMemory } from '../../wasm/wasm-memory.js';
import * as layout from './assembly/layout.js';
import { arrange, memoryIndex, type Shard } from './shard.js';

export class StepBlocks {
  readonly #block: number;
  readonly #inputs: number;
  readonly #lists: number;
  /** Memory of the spikes that are given and listed, by layer, and of the signals. */
  readonly #arenas = new Map<string, { readonly address: number; readonly bytes: number }>();
  /** Engine index of the neurons of a layer by their index in memory. */
  readonly #engineIndices = new Map<number, Uint32Array>();

  constructor(
    private readonly memory: WasmMemory,
    private readonly program: Program,
  ) {
    const bytes = 4 * program.layers.length;
    this.#block = memory.allocate(layout.blockSize);
    this.#inputs = memory.allocate(bytes);
    this.#lists = memory.allocate(bytes);
  }

  /**
   * Writes a block and returns its address.
   *
   * @param signals [step, signal]
   */
  place({ inputs, steps, learn, spikesOf }: StepBlock, first: number, signals: Float32Array): number {
    const { layers } = this.program;
    const given = layers.map((_, layer) => this.#placeTrain(layer, inputs.get(layer)));
    const listed = layers.map(({ size }, layer) =>
      spikesOf.includes(layer) ? this.#reserve(`spikes of ${layer}`, 4 * (steps + 1 + steps * size)) : 0,
    );
    const read = this.#reserve('signals', signals.byteLength);
    this.memory.float32(read, signals.length).set(signals);
    this.memory.uint32(this.#inputs, layers.length).set(given);
    this.memory.uint32(this.#lists, layers.length).set(listed);
    const record = this.memory.record(this.#block, layout.blockSize);
    for (const [field, value] of [
      [layout.blockFirst, first],
      [layout.blockSteps, steps],
      [layout.blockLearn, learn ? 1 : 0],
      [layout.blockInputs, this.#inputs],
      [layout.blockSpikes, this.#lists],
      [layout.blockSignals, read],
    ] as const) {
      record.setUint32(field, value, true);
    }
    return this.#block;
  }

  /** The spikes of a layer that a shard has listed in the block of so many steps; engine order. */
  read(shard: Shard, layer: number, steps: number): SpikeTrain {
    const { size } = this.program.layers[layer];
    const address = this.memory.uint32(this.#lists, this.program.layers.length)[layer];
    const offsets = this.memory.uint32(address, steps + 1).slice();
    const listed = this.memory.uint32(address + 4 * (steps + 1), offsets[steps]);
    const first = (shard.position ?? 0) * arrange(this.program.layers[layer]).channels;
    const engineIndex = this.#engineIndex(layer);
    const neurons = listed.slice();
    for (let e = 0; e < neurons.length; e++) neurons[e] = engineIndex[first + neurons[e]];
    return { steps, size, offsets, neurons };
  }

  #placeTrain(layer: number, train: SpikeTrain | undefined): number {
    if (!train) return 0;
    const { offsets, neurons } = train;
    const address = this.#reserve(`inputs of ${layer}`, 4 * (offsets.length + neurons.length));
    const memory = this.memory.uint32(address, offsets.length + neurons.length);
    memory.set(offsets);
    memory.set(neurons, offsets.length);
    return address;
  }

  #reserve(name: string, bytes: number): number {
    const found = this.#arenas.get(name);
    if (found && found.bytes >= bytes) return found.address;
    // Twice as much as before at least, because memory is not given back.
    const wanted = Math.max(bytes, 2 * (found?.bytes ?? 0));
    const made = { address: this.memory.allocate(wanted), bytes: wanted };
    this.#arenas.set(name, made);
    return made.address;
  }

  #engineIndex(layer: number): Uint32Array {
    let found = this.#engineIndices.get(layer);
    if (!found) {
      const program = this.program.layers[layer];
      const { positions, channels } = arrange(program);
      found = new Uint32Array(positions * channels);
      for (let neuron = 0; neuron < program.size; neuron++) found[memoryIndex(program, neuron)] = neuron;
      this.#engineIndices.set(layer, found);
    }
    return found;
  }
}

/** The spikes of parts of a layer, in order of their neurons, as one train. */
export function joinSpikes(parts: readonly SpikeTrain[]): SpikeTrain {
  const [{ steps, size }] = parts;
  if (parts.length === 1) return parts[0];
  const neurons = new Uint32Array(parts.reduce((sum, part) => sum + part.neurons.length, 0));
  const offsets = new Uint32Array(steps + 1);
  let at = 0;
  for (let t = 0; t < steps; t++) {
    for (const part of parts) {
      const spikes = part.neurons.subarray(part.offsets[t], part.offsets[t + 1]);
      neurons.set(spikes, at);
      at += spikes.length;
    }
    offsets[t + 1] = at;
  }
  return { steps, size, offsets, neurons };
}
