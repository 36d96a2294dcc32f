/** Normalises every channel over images and positions, then scales and shifts it. */
import { invalidArgument } from '../errors.js';
import { flag, number, readOptions, type Schema } from '../options.js';
import { checkCount } from './conv2d.js';
import { Layer, Parameter, remembered } from './layer.js';
import { checkShape, makeTensor, makeZeros, mapShape, type Tensor } from './tensor.js';

export interface BatchNorm2dOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
  /** Weight of the newest batch in the running statistics. Default: 0.1. */
  readonly momentum?: number;
  /** Scale and shift are trained. Default: true. */
  readonly affine?: boolean;
  /** Keeps running statistics and uses them in evaluation. Without them the statistics of the batch are used always. Default: true. */
  readonly trackRunningStats?: boolean;
}

const schema: Schema<BatchNorm2dOptions> = {
  eps: number({ above: 0 }),
  momentum: number({ least: 0, most: 1 }),
  affine: flag,
  trackRunningStats: flag,
};

interface Memory {
  /** Before scale and shift. */
  readonly normalized: Tensor;
  /** 1 / standard deviation [channel]. */
  readonly inverse: Float64Array;
  readonly fromBatch: boolean;
}

export class BatchNorm2d extends Layer {
  /** Scale [channel]; null unless affine. */
  readonly weight: Parameter | null;
  /** Shift [channel]; null unless affine. */
  readonly bias: Parameter | null;
  /** Mean and unbiased variance [channel]; null unless tracked. */
  readonly runningMean: Tensor | null;
  readonly runningVariance: Tensor | null;
  readonly #eps: number;
  readonly #momentum: number;
  #memory: Memory | undefined;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(
    readonly channels: number,
    given: BatchNorm2dOptions = {},
  ) {
    super();
    checkCount('BatchNorm2d', 'channels', channels);
    const options = readOptions('BatchNorm2d', schema, given);
    this.#eps = options.eps ?? 1e-5;
    this.#momentum = options.momentum ?? 0.1;
    const filled = (value: number) => makeTensor([channels], new Float32Array(channels).fill(value));
    const affine = options.affine ?? true;
    this.weight = affine ? new Parameter('weight', filled(1)) : null;
    this.bias = affine ? new Parameter('bias', filled(0)) : null;
    const tracks = options.trackRunningStats ?? true;
    this.runningMean = tracks ? filled(0) : null;
    this.runningVariance = tracks ? filled(1) : null;
  }

  override parameters(): Parameter[] {
    return this.weight && this.bias ? [this.weight, this.bias] : [];
  }

  override forward(x: Tensor): Tensor {
    const [batch, channels, height, width] = mapShape('BatchNorm2d', x);
    if (channels !== this.channels)
      throw invalidArgument('BatchNorm2d', `${this.channels} channels`, channels);
    const positions = height * width;
    const fromBatch = this.training || !this.runningMean;
    if (fromBatch && batch * positions < 2) {
      throw invalidArgument('BatchNorm2d', 'more than one value per channel', batch * positions);
    }
    const { mean, variance } = fromBatch ? this.#batchStatistics(x, positions) : this.#runningStatistics();
    if (this.training) this.#follow(mean, variance, batch * positions);
    const inverse = variance.map((value) => 1 / Math.sqrt(value + this.#eps));
    const normalized = makeZeros(x.shape, x.data);
    const out = makeZeros(x.shape, x.data);
    for (let plane = 0; plane < batch * channels; plane++) {
      const channel = plane % channels;
      const scale = this.weight?.value.data[channel] ?? 1;
      const shift = this.bias?.value.data[channel] ?? 0;
      const m = mean[channel];
      const factor = inverse[channel];
      for (let at = plane * positions; at < (plane + 1) * positions; at++) {
        const value = (x.data[at] - m) * factor;
        normalized.data[at] = value;
        out.data[at] = value * scale + shift;
      }
    }
    this.#memory = { normalized, inverse, fromBatch };
    return out;
  }

  override backward(gradient: Tensor): Tensor {
    const { normalized, inverse, fromBatch } = remembered('BatchNorm2d', this.#memory);
    checkShape('BatchNorm2d', gradient, normalized.shape);
    const [batch, channels, height, width] = mapShape('BatchNorm2d', normalized);
    const positions = height * width;
    const sums = new Float64Array(channels);
    const products = new Float64Array(channels);
    for (let plane = 0; plane < batch * channels; plane++) {
      let sum = 0;
      let product = 0;
      for (let at = plane * positions; at < (plane + 1) * positions; at++) {
        sum += gradient.data[at];
        product += gradient.data[at] * normalized.data[at];
      }
      sums[plane % channels] += sum;
      products[plane % channels] += product;
    }
    const out = makeZeros(normalized.shape, gradient.data);
    const count = batch * positions;
    for (let plane = 0; plane < batch * channels; plane++) {
      const channel = plane % channels;
      const factor = inverse[channel] * (this.weight?.value.data[channel] ?? 1);
      const meanGradient = fromBatch ? sums[channel] / count : 0;
      const meanProduct = fromBatch ? products[channel] / count : 0;
      for (let at = plane * positions; at < (plane + 1) * positions; at++) {
        out.data[at] = (gradient.data[at] - meanGradient - normalized.data[at] * meanProduct) * factor;
      }
    }
    for (let channel = 0; channel < channels; channel++) {
      if (this.weight) this.weight.gradient.data[channel] += products[channel];
      if (this.bias) this.bias.gradient.data[channel] += sums[channel];
    }
    return out;
  }

  #batchStatistics(x: Tensor, positions: number): { mean: Float64Array; variance: Float64Array } {
    const { channels } = this;
    const planes = x.data.length / positions;
    const count = x.data.length / channels;
    const mean = new Float64Array(channels);
    const variance = new Float64Array(channels);
    for (let plane = 0; plane < planes; plane++) {
      let sum = 0;
      for (let at = plane * positions; at < (plane + 1) * positions; at++) sum += x.data[at];
      mean[plane % channels] += sum / count;
    }
    for (let plane = 0; plane < planes; plane++) {
      const m = mean[plane % channels];
      let sum = 0;
      for (let at = plane * positions; at < (plane + 1) * positions; at++) sum += (x.data[at] - m) ** 2;
      variance[plane % channels] += sum / count;
    }
    return { mean, variance };
  }

  #runningStatistics(): { mean: Float64Array; variance: Float64Array } {
    return {
      mean: Float64Array.from(this.runningMean?.data ?? []),
      variance: Float64Array.from(this.runningVariance?.data ?? []),
    };
  }

  #follow(mean: Float64Array, variance: Float64Array, count: number): void {
    if (!this.runningMean || !this.runningVariance) return;
    const newest = this.#momentum;
    for (let channel = 0; channel < this.channels; channel++) {
      const unbiased = (variance[channel] * count) / (count - 1);
      this.runningMean.data[channel] = (1 - newest) * this.runningMean.data[channel] + newest * mean[channel];
      this.runningVariance.data[channel] =
        (1 - newest) * this.runningVariance.data[channel] + newest * unbiased;
    }
  }

  override toString(): string {
    const python = (value: unknown) => (value ? 'True' : 'False');
    const eps = formatPythonFloat(this.#eps);
    return (
      `BatchNorm2d(${this.channels}, eps=${eps}, momentum=${this.#momentum}, ` +
      `affine=${python(this.weight)}, track_running_stats=${python(this.runningMean)})`
    );
  }
}

/** As Python prints it: small numbers with a two-digit exponent (`1e-05`). */
export function formatPythonFloat(value: number): string {
  if (Number.isInteger(value)) return value.toFixed(1);
  const text = Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}
