/** Tells what others write into a network from what its owner does. */
import type { Network } from '../../core/network/network.js';

/** A state that somebody else has left. */
export interface ForeignWrite {
  /** Hash of the state that the owner left, null where that is not known. */
  readonly before: string | null;
  readonly state: string;
}

export class WriteWatch {
  readonly #network: Network;
  readonly #hash: (network: Network) => string;
  #isHandedOut = false;
  #isWorking = false;
  /** The network's revision when the owner last looked. */
  #revision: number;
  /** Hash of the state then; null: not computed, as nobody else could write. */
  #state: string | null = null;

  /** @param hash of the state of a network */
  constructor(network: Network, hash: (network: Network) => string) {
    this.#network = network;
    this.#hash = hash;
    this.#revision = network.revision;
  }

  /** The network, for others, who may write into it from now on. */
  handOut(): Network {
    if (!this.#isHandedOut) {
      this.#isHandedOut = true;
      if (this.#revision === this.#network.revision) this.#state = this.#hash(this.#network);
    }
    return this.#network;
  }

  /** What was written so far is the owner's. */
  settle(): void {
    this.#revision = this.#network.revision;
    this.#state = this.#isHandedOut ? this.#hash(this.#network) : null;
  }

  /** Work of the owner's that learns by one presentation; if it fails, what it left counts as foreign. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#isWorking = true;
    this.#state = null;
    const before = this.#network.revision;
    try {
      const result = await work();
      // A presentation counts twice: when it begins and when it ends.
      if (this.#network.revision === before + 2) this.settle();
      return result;
    } finally {
      this.#isWorking = false;
    }
  }

  /** What others have written since the owner last looked, or null. */
  look(): ForeignWrite | null {
    if (this.#isWorking || this.#revision === this.#network.revision) return null;
    return { before: this.#state, state: this.#hash(this.#network) };
  }
}
