/** Lowers the learning rate when a loss has stopped falling. */
import { count, number, readOptions, type Schema } from '../options.js';
import type { Optimizer } from './optimizers.js';

export interface PlateauOptions {
  /** The rate is multiplied by it. Default: 0.1. */
  readonly factor?: number;
  /** Steps without improvement that are borne. Default: 10. */
  readonly patience?: number;
  /** Relative improvement that counts. Default: 1e-4. */
  readonly threshold?: number;
  /** A smaller change of the rate is not made. Default: 1e-8. */
  readonly eps?: number;
}

const schema: Schema<PlateauOptions> = {
  factor: number({ above: 0, below: 1 }),
  patience: count({ least: 0 }),
  threshold: number({ least: 0, below: 1 }),
  eps: number({ least: 0 }),
};

/** For checkpoints. */
export interface PlateauState {
  readonly best: number | null;
  readonly badSteps: number;
}

export class ReduceLROnPlateau {
  readonly #optimizer: Optimizer;
  readonly #options: Required<PlateauOptions>;
  #best = Infinity;
  #badSteps = 0;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(optimizer: Optimizer, options: PlateauOptions = {}) {
    const given = readOptions('ReduceLROnPlateau', schema, options);
    this.#optimizer = optimizer;
    this.#options = { factor: 0.1, patience: 10, threshold: 1e-4, eps: 1e-8, ...given };
  }

  step(loss: number): void {
    const { factor, patience, threshold, eps } = this.#options;
    if (loss < this.#best * (1 - threshold)) {
      this.#best = loss;
      this.#badSteps = 0;
    } else this.#badSteps += 1;
    if (this.#badSteps <= patience) return;
    this.#badSteps = 0;
    const rate = this.#optimizer.rate * factor;
    if (this.#optimizer.rate - rate > eps) this.#optimizer.rate = rate;
  }

  save(): PlateauState {
    return { best: Number.isFinite(this.#best) ? this.#best : null, badSteps: this.#badSteps };
  }

  restore({ best, badSteps }: PlateauState): void {
    this.#best = best ?? Infinity;
    this.#badSteps = badSteps;
  }
}
