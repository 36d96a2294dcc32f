/** Sets elements to zero at random in training, and scales the others up so that the mean stays. */
import { number, readOptions } from '../options.js';
import { RandomStream } from '../core/random/stream.js';
import { initialFields, type InitialOptions } from './initialize.js';
import { Layer, remembered } from './layer.js';
import { checkShape, makeData, makeZeros, type Tensor, type TensorData } from './tensor.js';

/** Probability that an element is dropped. */
export const dropoutShare = number({ least: 0, below: 1 });

export class Dropout extends Layer {
  readonly #seed: number;
  readonly #item: number;
  /** Number of training passes so far: every one drops other elements. Set it to go on with a training. */
  passes = 0;
  #scale: TensorData | null | undefined;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(
    /** Probability that an element is dropped. */
    readonly p = 0.5,
    options: InitialOptions = {},
  ) {
    super();
    const { seed = 0, item = 0 } = readOptions('Dropout', initialFields, options);
    dropoutShare('Dropout', 'p', p);
    this.#seed = seed;
    this.#item = item;
  }

  override forward(x: Tensor): Tensor {
    if (!this.training) {
      this.#scale = null;
      return x;
    }
    const stream = new RandomStream(this.#seed, 'dropout', this.passes, this.#item);
    this.passes += 1;
    const scale = makeData(x.data.length, x.data);
    for (let i = 0; i < scale.length; i++) scale[i] = stream.nextFloat() < this.p ? 0 : 1 / (1 - this.p);
    this.#scale = scale;
    return multiply(x, scale);
  }

  override backward(gradient: Tensor): Tensor {
    const scale = remembered('Dropout', this.#scale);
    if (!scale) return gradient;
    checkShape('Dropout', { shape: [gradient.data.length], data: gradient.data }, [scale.length]);
    return multiply(gradient, scale);
  }

  override toString(): string {
    return `Dropout(p=${this.p}, inplace=False)`;
  }
}

function multiply(x: Tensor, scale: TensorData): Tensor {
  const out = makeZeros(x.shape, x.data);
  for (let i = 0; i < scale.length; i++) out.data[i] = x.data[i] * scale[i];
  return out;
}
