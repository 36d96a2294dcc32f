/** Initial weights, every one a function of (seed, item, element). */
import { itemField, RandomStream, seedField } from '../core/random/stream.js';
import type { Schema } from '../options.js';
import { countElements, makeZeros, type Tensor } from './tensor.js';

/** Where the initial weights of a layer come from; layers of one network have items of their own. */
export interface InitialOptions {
  /** Default: 0. */
  readonly seed?: number;
  /** Default: 0. */
  readonly item?: number;
}

export const initialFields: Schema<InitialOptions> = { seed: seedField, item: itemField };

/** Uniform in [low, high). `element` tells the tensors of one layer apart. */
export function uniformTensor(
  shape: readonly number[],
  low: number,
  high: number,
  { seed = 0, item = 0 }: InitialOptions,
  element = 0,
): Tensor {
  const stream = new RandomStream(seed, 'layerWeights', item, element);
  const tensor = makeZeros(shape);
  for (let i = 0; i < countElements(shape); i++) tensor.data[i] = low + (high - low) * stream.nextFloat();
  return tensor;
}
