/** How often every neuron of a layer spiked at every image, as readouts take it. */
import { invalidArgument } from '../../errors.js';

/**
 * Spike counts of a layer, neuron order (filter · nPositions + position).  Few neurons spike at an image, so only they are
 * kept: image i has the entries from `offsets[i]` up to `offsets[i + 1]`, neurons ascending, counts > 0.
 */
export interface SpikeCounts {
  readonly nImages: number;
  readonly nFilters: number;
  /** Positions of Y's grid, each seeing one receptive field; 1 where Y is fully connected. */
  readonly nPositions: number;
  /** nImages + 1. */
  readonly offsets: Uint32Array;
  readonly neurons: Uint32Array;
  readonly counts: Uint16Array;
}

export interface SpikeCountsShape {
  readonly nFilters: number;
  readonly nPositions: number;
}

/** Collects the counts of images one after another. */
export class SpikeCountsBuilder {
  readonly #shape: SpikeCountsShape;
  readonly #offsets: number[] = [0];
  #neurons = new Uint32Array(1024);
  #counts = new Uint16Array(1024);

  constructor(shape: SpikeCountsShape) {
    this.#shape = shape;
  }

  /**
   * Adds an image.
   * @param counts one per neuron
   * @param position where neuron y stands in `counts`; at y if left out
   */
  add(counts: Uint16Array, position?: Uint32Array): void {
    let end = this.#offsets[this.#offsets.length - 1];
    const nNeurons = this.#shape.nFilters * this.#shape.nPositions;
    if (counts.length !== nNeurons)
      throw invalidArgument('SpikeCountsBuilder', `${nNeurons} counts`, counts.length);
    for (let y = 0; y < nNeurons; y++) {
      const count = counts[position ? position[y] : y];
      if (count === 0) continue;
      if (end === this.#neurons.length) this.#grow();
      this.#neurons[end] = y;
      this.#counts[end++] = count;
    }
    this.#offsets.push(end);
  }

  build(): SpikeCounts {
    const offsets = Uint32Array.from(this.#offsets);
    const end = offsets[offsets.length - 1];
    return {
      ...this.#shape,
      nImages: offsets.length - 1,
      offsets,
      neurons: this.#neurons.slice(0, end),
      counts: this.#counts.slice(0, end),
    };
  }

  #grow(): void {
    const neurons = new Uint32Array(2 * this.#neurons.length);
    const counts = new Uint16Array(2 * this.#counts.length);
    neurons.set(this.#neurons);
    counts.set(this.#counts);
    this.#neurons = neurons;
    this.#counts = counts;
  }
}
