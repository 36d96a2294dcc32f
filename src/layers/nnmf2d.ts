/**
 * Non-negative matrix factorisation as a layer: every position's input is explained by a distribution over the neurons.
 *
 * Source of the backward pass: Rotermund & Pawelzik, "Back-propagation learning in deep Spike-by-Spike networks", 2019.
 */
import { invalidArgument } from '../errors.js';
import { count, flag, nullable, number, readOptions, type Schema } from '../options.js';
import { addTo, checkCount } from './conv2d.js';
import { initialFields, type InitialOptions, uniformTensor } from './initialize.js';
import { kernelsFor } from './kernels/select-kernels.js';
import { normFloor, reconstructionFloor } from './kernels/plain-kernels.js';
import { Layer, Parameter, remembered } from './layer.js';
import {
  backPositive,
  checkPositiveFunction,
  makePositive,
  positiveFunctionField,
  type PositiveFunctionType,
} from './positive-function.js';
import {
  checkShape,
  makeData,
  makeTensor,
  makeZeros,
  mapShape,
  type Tensor,
  type TensorData,
  transposeLast,
} from './tensor.js';

export interface NNMF2dOptions extends InitialOptions {
  /** Default: 20. */
  readonly iterations?: number;
  /** Step size of the damped update; null (default): the purely multiplicative one. */
  readonly epsilon?: number | null;
  /** Bounds of the uniform initial weights. Defaults: 0 and 1. */
  readonly initMin?: number;
  readonly initMax?: number;
  /** Trainable parameter of the positive functions 1 and 2; null (default): none. */
  readonly beta?: number | null;
  /** Default: 0. */
  readonly positiveFunctionType?: PositiveFunctionType;
  /** Weights follow the layer's own reconstruction error instead of the gradient. Default: false. */
  readonly localLearning?: boolean;
  /** With local learning: the Kullback–Leibler divergence instead of the squared error. Default: false. */
  readonly localLearningKl?: boolean;
}

/** How the options are read that a network of such layers takes too. */
export const nnmfFields: Schema<Omit<NNMF2dOptions, keyof InitialOptions>> = {
  iterations: count(),
  epsilon: nullable(number({ above: 0 })),
  initMin: number(),
  initMax: number(),
  beta: nullable(number()),
  positiveFunctionType: positiveFunctionField,
  localLearning: flag,
  localLearningKl: flag,
};

const schema: Schema<NNMF2dOptions> = { ...nnmfFields, ...initialFields };

interface Memory {
  readonly x: Tensor;
  readonly output: Tensor;
  readonly positive: TensorData;
  /** [neuron, input]: rows sum to 1. */
  readonly normalized: TensorData;
  /** [neuron]. */
  readonly rowSums: Float64Array;
}

export class NNMF2d extends Layer {
  /** [neuron, input]. */
  readonly weight: Parameter;
  /** [1]. */
  readonly beta: Parameter | null;
  readonly iterations: number;
  readonly epsilon: number | null;
  readonly positiveFunctionType: PositiveFunctionType;
  readonly localLearning: boolean;
  readonly localLearningKl: boolean;
  #memory: Memory | undefined;

  /** Errors: `INVALID_ARGUMENT`. */
  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    given: NNMF2dOptions = {},
  ) {
    super();
    checkCount('NNMF2d', 'inChannels', inChannels);
    checkCount('NNMF2d', 'outChannels', outChannels);
    const options = readOptions('NNMF2d', schema, given);
    this.iterations = options.iterations ?? 20;
    this.epsilon = options.epsilon ?? null;
    this.positiveFunctionType = options.positiveFunctionType ?? 0;
    checkPositiveFunction('NNMF2d', this.positiveFunctionType, options.beta ?? null);
    this.localLearning = options.localLearning ?? false;
    this.localLearningKl = options.localLearningKl ?? false;
    const { initMin = 0, initMax = 1 } = options;
    if (!(initMin < initMax)) throw invalidArgument('NNMF2d', 'initMin < initMax', [initMin, initMax]);
    this.weight = new Parameter(
      'weight',
      uniformTensor([outChannels, inChannels], initMin, initMax, options),
    );
    const beta = options.beta ?? null;
    this.beta = beta === null ? null : new Parameter('beta', makeTensor([1], Float32Array.of(beta)));
  }

  override parameters(): Parameter[] {
    return this.beta ? [this.weight, this.beta] : [this.weight];
  }

  /** What every neuron explains [neuron, input]: non-negative, rows sum to 1. */
  normalizedWeights(): Tensor {
    return makeTensor([this.outChannels, this.inChannels], this.#positiveWeights().normalized);
  }

  /** [image, input, row, column], non-negative → [image, neuron, row, column], summing to 1 over the neurons. */
  override forward(x: Tensor): Tensor {
    const [batch, channels, height, width] = mapShape('NNMF2d', x);
    if (channels !== this.inChannels)
      throw invalidArgument('NNMF2d', `${this.inChannels} channels`, channels);
    const { positive, normalized, rowSums } = this.#positiveWeights();
    const output = makeZeros([batch, this.outChannels, height, width], x.data);
    kernelsFor(x.data).nnmf({
      batch,
      inputs: channels,
      neurons: this.outChannels,
      positions: height * width,
      x: x.data,
      weights: normalized,
      iterations: this.iterations,
      epsilon: this.epsilon,
      out: output.data,
    });
    this.#memory = { x, output, positive, normalized, rowSums };
    return output;
  }

  override backward(gradient: Tensor): Tensor {
    const memory = remembered('NNMF2d', this.#memory);
    const { x, output, normalized } = memory;
    checkShape('NNMF2d', gradient, output.shape);
    const [batch, neurons, height, width] = mapShape('NNMF2d', output);
    const inputs = this.inChannels;
    const positions = height * width;
    const count = batch * positions;
    const kernels = kernelsFor(gradient.data);

    // Everything [image · position, …], so that the matrix products run along rows.
    const h = transposeLast(output.data, batch, neurons, positions);
    const hg = transposeLast(gradient.data, batch, neurons, positions);
    for (let i = 0; i < hg.length; i++) hg[i] *= h[i];
    const values = transposeLast(x.data, batch, inputs, positions);
    const rows = { m: count, n: inputs, k: neurons, batch: 1, aBatch: 0, aRow: neurons, aColumn: 1 };
    const shared = { b: normalized, bBatch: 0, sum: false };
    const reconstruction = makeData(count * inputs, gradient.data);
    kernels.matmul({ ...rows, ...shared, a: h, out: reconstruction });
    const inputGradient = makeData(count * inputs, gradient.data);
    kernels.matmul({ ...rows, ...shared, a: hg, out: inputGradient });

    const q = makeData(count * inputs, gradient.data);
    const explained = makeData(count * inputs, gradient.data);
    const squaredError = this.localLearning && !this.localLearningKl;
    for (let i = 0; i < q.length; i++) {
      const inverse = 1 / (reconstruction[i] + reconstructionFloor);
      q[i] = values[i] * inverse;
      inputGradient[i] *= inverse;
      explained[i] = squaredError ? 2 * (values[i] - reconstruction[i]) : q[i];
      if (!this.localLearning) explained[i] *= inputGradient[i];
    }

    const normalizedGradient = this.#contract(h, explained, batch, positions, gradient.data);
    for (let i = 0; i < normalizedGradient.length; i++) normalizedGradient[i] *= -1;
    if (!this.localLearning) {
      const term = this.#contract(hg, q, batch, positions, gradient.data);
      for (let i = 0; i < normalizedGradient.length; i++) normalizedGradient[i] += term[i];
    }
    this.#backWeights(memory, normalizedGradient);
    return makeTensor(x.shape, transposeLast(inputGradient, batch, positions, inputs));
  }

  /** Σ over images and positions of a[neuron] · b[input]. */
  #contract(a: TensorData, b: TensorData, batch: number, positions: number, like: TensorData): TensorData {
    const { inChannels, outChannels } = this;
    const out = makeData(outChannels * inChannels, like);
    // Images one after the other keep the sums short; single positions are summed in one go.
    const parts = positions >= 16 ? batch : 1;
    const k = (batch * positions) / parts;
    kernelsFor(like).matmul({
      m: outChannels,
      n: inChannels,
      k,
      batch: parts,
      a,
      aBatch: k * outChannels,
      aRow: 1,
      aColumn: outChannels,
      b,
      bBatch: k * inChannels,
      sum: true,
      out,
    });
    return out;
  }

  /** From the normalised rows back to the weights and β. */
  #backWeights({ positive, normalized, rowSums }: Memory, gradient: TensorData): void {
    const { inChannels, outChannels } = this;
    const positiveGradient = makeData(gradient.length, gradient);
    for (let i = 0; i < outChannels; i++) {
      let mean = 0;
      for (let at = i * inChannels; at < (i + 1) * inChannels; at++) mean += gradient[at] * normalized[at];
      for (let at = i * inChannels; at < (i + 1) * inChannels; at++) {
        positiveGradient[at] = (gradient[at] - mean) / rowSums[i];
      }
    }
    const weightGradient = makeZeros(this.weight.value.shape, gradient);
    const betaGradient = backPositive(
      this.positiveFunctionType,
      this.weight.value.data,
      this.#betaValue,
      positive,
      positiveGradient,
      weightGradient.data,
    );
    addTo(this.weight.gradient, weightGradient);
    if (this.beta) this.beta.gradient.data[0] += betaGradient;
  }

  #positiveWeights(): Pick<Memory, 'positive' | 'normalized' | 'rowSums'> {
    const positive = makePositive(this.positiveFunctionType, this.weight.value.data, this.#betaValue);
    return { positive, ...normalizeRows(positive, this.outChannels, this.inChannels) };
  }

  get #betaValue(): number {
    return this.beta?.value.data[0] ?? 0;
  }

  override toString(): string {
    const python = (value: boolean) => (value ? 'True' : 'False');
    const parts = [`${this.inChannels}, ${this.outChannels}`];
    if (this.epsilon !== null) parts.push(`epsilon=${this.epsilon}`);
    parts.push(`pfunctype=${this.positiveFunctionType}`, `local_learning=${python(this.localLearning)}`);
    if (this.localLearning) parts.push(`local_learning_kl=${python(this.localLearningKl)}`);
    return `NNMF2d(${parts.join(', ')})`;
  }
}

function normalizeRows(
  positive: TensorData,
  rows: number,
  columns: number,
): { normalized: TensorData; rowSums: Float64Array } {
  const normalized = makeData(positive.length, positive);
  const rowSums = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = normFloor;
    for (let at = row * columns; at < (row + 1) * columns; at++) sum += positive[at];
    rowSums[row] = sum;
    for (let at = row * columns; at < (row + 1) * columns; at++) normalized[at] = positive[at] / sum;
  }
  return { normalized, rowSums };
}
