/** Spikes of layers that bring their own: what they are in the steps since the state was reset. */
import { type SpikeTrain, spikesAt } from '../encoding/spike-train.js';
import type { Program } from './program.js';

const none = new Uint32Array();

export class SourceSpikes {
  /** In engine order, by layer. */
  readonly #trains: ReadonlyMap<number, SpikeTrain>;
  /** Steps since the state was reset. */
  #step = 0;

  constructor({ layers }: Program) {
    this.#trains = new Map(
      layers.flatMap(({ spikes }, layer): [number, SpikeTrain][] => (spikes ? [[layer, spikes]] : [])),
    );
  }

  reset(): void {
    this.#step = 0;
  }

  /** The inputs of the next step, with the spikes of sources. */
  next(inputs: ReadonlyMap<number, Uint32Array>): ReadonlyMap<number, Uint32Array> {
    const step = this.#step++;
    if (this.#trains.size === 0) return inputs;
    const all = new Map(inputs);
    for (const [layer, train] of this.#trains)
      all.set(layer, step < train.steps ? spikesAt(train, step) : none);
    return all;
  }

  /** The inputs of the next steps, with the spikes of sources. */
  nextSteps(inputs: ReadonlyMap<number, SpikeTrain>, steps: number): ReadonlyMap<number, SpikeTrain> {
    const first = this.#step;
    this.#step += steps;
    if (this.#trains.size === 0) return inputs;
    const all = new Map(inputs);
    for (const [layer, train] of this.#trains) all.set(layer, cutTrain(train, first, steps));
    return all;
  }
}

/** So many steps of a train from step `first` on; silent after its end. */
function cutTrain({ size, steps, offsets, neurons }: SpikeTrain, first: number, count: number): SpikeTrain {
  const begin = offsets[Math.min(first, steps)];
  const end = offsets[Math.min(first + count, steps)];
  return {
    steps: count,
    size,
    offsets: Uint32Array.from({ length: count + 1 }, (_, t) => offsets[Math.min(first + t, steps)] - begin),
    neurons: neurons.subarray(begin, end),
  };
}
