/** How large the activations of a ReLU network are on given data. */
import type { ImageSet } from '../../datasets/image-set.js';
import { invalidArgument } from '../../errors.js';
import { custom, type Field } from '../../options.js';
import type { Sequential } from '../../layers/sequential.js';
import { makeTensor, type Tensor } from '../../layers/tensor.js';
import type { MapShape } from '../relu/architecture.js';
import { imageTensor } from '../relu/image-tensor.js';
import type { ReluLayer } from '../relu/relu-layers.js';

/** Images, or brightness [image, …]. */
export type TrainData = ImageSet | Tensor;

export const trainDataField: Field<TrainData> = custom('to be a set of images or a tensor', (value) => {
  const { shape, data, images } = (value ?? {}) as Partial<Tensor & ImageSet>;
  return images instanceof Uint8Array || (Array.isArray(shape) && ArrayBuffer.isView(data));
});

/** Images that are propagated together. */
const batchSize = 200;

/**
 * Activations of the layers by image, a batch at a time: `onBatch` sees the results [image, …] of each.
 * Dropout drops nothing.
 */
export function propagateData(
  ann: Sequential,
  layers: readonly ReluLayer[],
  data: TrainData,
  inputShape: MapShape,
  onBatch: (activations: readonly Tensor[]) => void,
): void {
  const wasTraining = ann.training;
  ann.setTraining(false);
  const count = countImages(data, inputShape);
  for (let from = 0; from < count; from += batchSize) {
    let x = readBatch(data, from, Math.min(count, from + batchSize), inputShape);
    const results = ann.layers.map((layer) => (x = layer.forward(x)));
    onBatch(layers.map(({ index }) => results[index]));
  }
  ann.setTraining(wasTraining);
}

function countImages(data: TrainData, inputShape: MapShape): number {
  const count = 'data' in data ? data.data.length / product(inputShape) : data.count;
  if (!Number.isInteger(count)) {
    const shape = 'data' in data ? data.shape : [];
    throw invalidArgument('train data', `a tensor [image, ${inputShape.join(', ')}]`, shape);
  }
  if (count === 0) throw invalidArgument('train data', 'at least one image', count);
  return count;
}

function readBatch(data: TrainData, from: number, to: number, inputShape: MapShape): Tensor {
  if (!('data' in data)) {
    return imageTensor(
      data,
      Uint32Array.from({ length: to - from }, (_, i) => from + i),
      inputShape,
    );
  }
  const size = product(inputShape);
  return makeTensor([to - from, ...inputShape], data.data.subarray(from * size, to * size));
}

function product([channels, height, width]: MapShape): number {
  return channels * height * width;
}

/** Buckets of positive float32 numbers by their upper 22 bits: each is narrower than 1 / 8192 of its values. */
const droppedBits = 10;

/** The largest of many values, or the value that `percentile` % of the positive ones do not exceed. */
export class ActivationScale {
  largest = 0;
  readonly #percentile: number;
  readonly #buckets: Uint32Array | null;
  readonly #float = new Float32Array(1);
  readonly #bits = new Uint32Array(this.#float.buffer);
  #positive = 0;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(percentile: number) {
    if (!(percentile > 0 && percentile <= 100))
      throw invalidArgument('convert', 'percentile in (0, 100]', percentile);
    this.#percentile = percentile;
    this.#buckets = percentile < 100 ? new Uint32Array(2 ** (31 - droppedBits)) : null;
  }

  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value <= 0) continue;
      if (value > this.largest) this.largest = value;
      if (!this.#buckets) continue;
      this.#float[0] = value;
      this.#buckets[this.#bits[0] >>> droppedBits]++;
      this.#positive++;
    }
  }

  /** Exact for 100 %; else the upper end of a narrow bucket, and never above the largest. 0 where nothing was positive. */
  get value(): number {
    if (!this.#buckets) return this.largest;
    const wanted = (this.#percentile / 100) * this.#positive;
    let seen = 0;
    for (let bucket = 0; bucket < this.#buckets.length; bucket++) {
      seen += this.#buckets[bucket];
      if (seen < wanted || seen === 0) continue;
      this.#bits[0] = ((bucket + 1) << droppedBits) - 1;
      return Math.min(this.largest, this.#float[0]);
    }
    return 0;
  }
}
