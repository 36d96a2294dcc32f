/** What a layer was in its last steps: what delayed synapses, and the rules by which they learn, see of their source. */
import type { LayerState } from './layer-state.js';

export class Past {
  /** By step, modulo their number; the last one holds the present step. */
  readonly #states: LayerState[];
  #now = 0;

  /** @param longest how many steps back it is asked for */
  constructor(
    private readonly present: LayerState,
    longest: number,
  ) {
    this.#states = Array.from({ length: longest + 1 }, () => structuredClone(present));
  }

  /** Keeps the step that was made. */
  record(): void {
    this.#now = (this.#now + 1) % this.#states.length;
    copyState(this.present, this.#states[this.#now]);
  }

  /** Before an image: what was before its first step is the state at the reset. */
  reset(): void {
    for (const state of this.#states) copyState(this.present, state);
  }

  /** The layer so many steps ago. */
  at(lag: number): LayerState {
    if (lag === 0) return this.present;
    return this.#states[(this.#now - lag + this.#states.length) % this.#states.length];
  }
}

function copyState(from: LayerState, onto: LayerState): void {
  for (const [name, values] of Object.entries(from.variables)) onto.variables[name].set(values);
  onto.spikes.set(from.spikes);
  onto.spiked.set(from.spiked);
  onto.tracePre.set(from.tracePre);
}
