/**
 * A Spike-by-Spike layer: at every position a distribution over neurons explains the input, spike by spike.
 *
 * Source: Rotermund & Pawelzik, "Back-propagation learning in deep Spike-by-Spike networks", Frontiers in Computational
 * Neuroscience 13:55, 2019.
 */
import { invalidArgument } from '../errors.js';
import { count, flag, number, numbers, readOptions, required, type Schema } from '../options.js';
import type { Purpose } from '../core/random/stream.js';
import { addTo, checkCount } from './conv2d.js';
import { initialFields, type InitialOptions, uniformTensor } from './initialize.js';
import { kernelsFor } from './kernels/select-kernels.js';
import { Layer, Parameter, remembered } from './layer.js';
import { spatialGain } from './sbs-alpha.js';
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
import { foldMap, unfoldMap } from './unfold.js';
import {
  makeWindow,
  outputSize,
  type Pair,
  pairField,
  type PairLike,
  toPair,
  type Window,
} from './window.js';

export interface SbSOptions extends InitialOptions {
  readonly numberOfInputNeurons: number;
  readonly numberOfNeurons: number;
  readonly inputSize: PairLike;
  readonly forwardKernelSize: PairLike;
  readonly numberOfSpikes: number;
  /** One factor per spike; further ones are not used. */
  readonly epsilonT: ArrayLike<number>;
  /** Default: 0.1. */
  readonly epsilonXyIntitial?: number;
  /** Default: 1. */
  readonly epsilon0?: number;
  /** Default: 0.01. */
  readonly weightNoiseAmplitude?: number;
  /** Default: false. */
  readonly isPoolingLayer?: boolean;
  readonly strides?: PairLike;
  readonly dilation?: PairLike;
  readonly padding?: PairLike;
  /** Iterations of the spatial gain; 0 (default): none. */
  readonly alphaNumberOfIterations?: number;
}

/** Elements of the random stream that one layer may use; every position of its output takes one. */
export const mostSbsPositions = 2 ** 20;

const schema: Schema<SbSOptions> = {
  ...initialFields,
  // The elements of all layers are words of 32 bits.
  item: count({ least: 0, most: 2 ** 32 / mostSbsPositions - 1 }),
  numberOfInputNeurons: required(count()),
  numberOfNeurons: required(count()),
  inputSize: required(pairField(1)),
  forwardKernelSize: required(pairField(1)),
  numberOfSpikes: required(count()),
  epsilonT: required(numbers),
  epsilonXyIntitial: number({ above: 0 }),
  epsilon0: number({ above: 0 }),
  weightNoiseAmplitude: number({ least: 0 }),
  isPoolingLayer: flag,
  strides: pairField(1),
  dilation: pairField(1),
  padding: pairField(0),
  alphaNumberOfIterations: count({ least: 0 }),
};

/** Where the next forward pass draws its spikes: image b uses item `next` + b, and `next` grows by the batch. */
export interface SpikeStream {
  seed: number;
  purpose: Purpose;
  next: number;
}

interface Memory {
  readonly inputShape: readonly [number, number, number, number];
  /** [image, input, position]. */
  readonly patches: Tensor;
  readonly output: Tensor;
}

export class SbS extends Layer {
  /** [input · ky · kx, neuron]: columns sum to 1. */
  readonly weightsParameter: Parameter;
  /** [row, column]. */
  readonly epsilonXyParameter: Parameter;
  readonly numberOfInputNeurons: number;
  readonly numberOfNeurons: number;
  readonly outputSize: Pair;
  readonly spikeStream: SpikeStream;
  /** Given spikes [image, spike, position] for the next forward passes in place of drawn ones. */
  givenSpikes: Int32Array | null = null;
  readonly #window: Window;
  readonly #inputSize: Pair;
  readonly #initial: Required<InitialOptions>;
  #numberOfSpikes = 1;
  #epsilon0 = 1;
  #epsilonT = new Float64Array();
  #hInitial = new Float64Array();
  #alphaNumberOfIterations = 0;
  #epsilonXyBackup: TensorData | null = null;
  #weightsBackup: TensorData | null = null;
  #memory: Memory | undefined;

  /** Errors: `INVALID_ARGUMENT` naming the option. */
  constructor(given: SbSOptions) {
    super();
    const options = readOptions('SbS', schema, given);
    this.numberOfInputNeurons = options.numberOfInputNeurons;
    this.numberOfNeurons = options.numberOfNeurons;
    this.#inputSize = toPair('SbS', 'inputSize', options.inputSize, 1);
    this.#window = makeWindow('SbS', {
      kernelSize: options.forwardKernelSize,
      stride: options.strides,
      dilation: options.dilation,
      padding: options.padding,
    });
    this.outputSize = outputSize('SbS', this.#inputSize, this.#window);
    if (this.#positions > mostSbsPositions) {
      throw invalidArgument('SbS', `an output of at most ${mostSbsPositions} positions`, this.outputSize);
    }
    this.#initial = { seed: options.seed ?? 0, item: options.item ?? 0 };
    this.spikeStream = { seed: this.#initial.seed, purpose: 'inferenceTrainingSpikes', next: 0 };
    const weightsShape = [this.#patchSize, this.numberOfNeurons];
    this.weightsParameter = new Parameter('weights', makeZeros(weightsShape));
    this.epsilonXyParameter = new Parameter('epsilon_xy', makeZeros(this.outputSize));
    this.epsilon0 = options.epsilon0 ?? 1;
    this.epsilonT = options.epsilonT;
    this.numberOfSpikes = options.numberOfSpikes;
    this.alphaNumberOfIterations = options.alphaNumberOfIterations ?? 0;
    this.setHInitToUniform();
    this.initializeEpsilonXy(options.epsilonXyIntitial ?? 0.1);
    this.initializeWeights(options.isPoolingLayer ?? false, options.weightNoiseAmplitude ?? 0.01);
  }

  /** The distributions of the last `forward` [image, neuron, row, column]. Errors: `INVALID_ARGUMENT` before it. */
  get lastOutput(): Tensor {
    return remembered('SbS', this.#memory).output;
  }

  get window(): Window {
    return this.#window;
  }

  get kernelSize(): Pair {
    return this.#window.kernel;
  }

  get stride(): Pair {
    return this.#window.stride;
  }

  get dilation(): Pair {
    return this.#window.dilation;
  }

  get padding(): Pair {
    return this.#window.padding;
  }

  get weights(): Tensor {
    return this.weightsParameter.value;
  }

  /** Errors: `INVALID_ARGUMENT` for another shape, or negative or not finite elements; columns are normalised. */
  set weights(value: Tensor) {
    checkShape('SbS weights', value, this.weights.shape);
    checkElements('SbS weights', 'finite numbers ≥ 0', value.data, (w) => w >= 0);
    this.weights.data.set(value.data);
    this.normWeights();
  }

  get epsilonXy(): Tensor {
    return this.epsilonXyParameter.value;
  }

  /** Errors: `INVALID_ARGUMENT` for another shape, or elements that are not positive. */
  set epsilonXy(value: Tensor) {
    checkShape('SbS epsilonXy', value, this.epsilonXy.shape);
    checkElements('SbS epsilonXy', 'finite numbers > 0', value.data, (e) => e > 0);
    this.epsilonXy.data.set(value.data);
  }

  get epsilon0(): number {
    return this.#epsilon0;
  }

  set epsilon0(value: number) {
    if (!(value > 0 && value < Infinity)) throw invalidArgument('SbS', 'epsilon0 > 0', value);
    this.#epsilon0 = value;
  }

  /** One factor per spike. */
  get epsilonT(): Float64Array {
    return this.#epsilonT;
  }

  /** Errors: `INVALID_ARGUMENT` for elements that are negative, or fewer than spikes. */
  set epsilonT(value: ArrayLike<number>) {
    const factors = Float64Array.from(value);
    checkElements('SbS epsilonT', 'finite numbers ≥ 0', factors, (e) => e >= 0);
    if (factors.length < this.#numberOfSpikes) {
      throw invalidArgument('SbS', `epsilonT for ${this.#numberOfSpikes} spikes`, factors.length);
    }
    this.#epsilonT = factors;
  }

  get numberOfSpikes(): number {
    return this.#numberOfSpikes;
  }

  set numberOfSpikes(value: number) {
    checkCount('SbS', 'numberOfSpikes', value);
    if (value > this.#epsilonT.length) {
      throw invalidArgument(
        'SbS',
        `numberOfSpikes ≤ ${this.#epsilonT.length}, the length of epsilonT`,
        value,
      );
    }
    this.#numberOfSpikes = value;
  }

  /** The distribution before the first spike [neuron]. */
  get hInitial(): Float64Array {
    return this.#hInitial;
  }

  set hInitial(value: ArrayLike<number>) {
    const h = Float64Array.from(value);
    if (h.length !== this.numberOfNeurons)
      throw invalidArgument('SbS', `hInitial of ${this.numberOfNeurons}`, h);
    checkElements('SbS hInitial', 'finite numbers ≥ 0', h, (e) => e >= 0);
    this.#hInitial = h;
  }

  get alphaNumberOfIterations(): number {
    return this.#alphaNumberOfIterations;
  }

  set alphaNumberOfIterations(value: number) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw invalidArgument('SbS', 'alphaNumberOfIterations to be a whole number ≥ 0', value);
    }
    this.#alphaNumberOfIterations = value;
  }

  override parameters(): Parameter[] {
    return [this.weightsParameter, this.epsilonXyParameter];
  }

  /** Uniform in [1, 1 + noise), or for pooling 1 / (ky · kx) from every neuron's own input; normalised. Errors: `INVALID_ARGUMENT`. */
  initializeWeights(isPoolingLayer = false, noiseAmplitude = 0.01): void {
    if (!(noiseAmplitude >= 0)) throw invalidArgument('SbS', 'a noise amplitude ≥ 0', noiseAmplitude);
    const { numberOfNeurons } = this;
    if (!isPoolingLayer) {
      this.weights.data.set(uniformTensor(this.weights.shape, 1, 1 + noiseAmplitude, this.#initial).data);
    } else {
      if (this.numberOfInputNeurons !== numberOfNeurons) {
        throw invalidArgument(
          'SbS',
          `${this.numberOfInputNeurons} neurons in a pooling layer`,
          numberOfNeurons,
        );
      }
      const area = this.#area;
      this.weights.data.fill(0);
      for (let s = 0; s < this.#patchSize; s++) {
        this.weights.data[s * numberOfNeurons + Math.floor(s / area)] = 1 / area;
      }
    }
    this.normWeights();
  }

  /** Every entry becomes `value`. Errors: `INVALID_ARGUMENT`. */
  initializeEpsilonXy(value: number): void {
    if (!(value > 0 && value < Infinity)) throw invalidArgument('SbS', 'an initial epsilonXy > 0', value);
    this.epsilonXy.data.fill(value);
  }

  setHInitToUniform(): void {
    this.#hInitial = new Float64Array(this.numberOfNeurons).fill(1 / this.numberOfNeurons);
  }

  backupEpsilonXy(): void {
    this.#epsilonXyBackup = this.epsilonXy.data.slice();
  }

  /** Errors: `INVALID_ARGUMENT` without a backup. */
  restoreEpsilonXy(): void {
    if (!this.#epsilonXyBackup) throw invalidArgument('SbS restoreEpsilonXy', 'a backup', null);
    this.epsilonXy.data.set(this.#epsilonXyBackup);
  }

  backupWeights(): void {
    this.#weightsBackup = this.weights.data.slice();
  }

  /** Errors: `INVALID_ARGUMENT` without a backup. */
  restoreWeights(): void {
    if (!this.#weightsBackup) throw invalidArgument('SbS restoreWeights', 'a backup', null);
    this.weights.data.set(this.#weightsBackup);
  }

  /** Raises what is below the threshold to it. Errors: `INVALID_ARGUMENT`. */
  thresholdEpsilonXy(threshold: number): void {
    clampBelow('SbS thresholdEpsilonXy', this.epsilonXy.data, threshold);
  }

  /** Raises what is below the threshold to it. Errors: `INVALID_ARGUMENT`. */
  thresholdWeights(threshold: number): void {
    clampBelow('SbS thresholdWeights', this.weights.data, threshold);
  }

  /** Every entry becomes the mean. */
  meanEpsilonXy(): void {
    const { data } = this.epsilonXy;
    let sum = 0;
    for (const value of data) sum += value;
    data.fill(sum / data.length);
  }

  /** Columns sum to 1. */
  normWeights(): void {
    const { data } = this.weights;
    const neurons = this.numberOfNeurons;
    for (let i = 0; i < neurons; i++) {
      let sum = 0;
      for (let at = i; at < data.length; at += neurons) sum += data[at];
      for (let at = i; at < data.length; at += neurons) data[at] /= sum;
    }
  }

  /** [image, input, row, column], non-negative → [image, neuron, row, column]. Errors: `INVALID_ARGUMENT`. */
  override forward(x: Tensor): Tensor {
    const inputShape = mapShape('SbS', x);
    const batch = inputShape[0];
    checkShape('SbS', x, [batch, this.numberOfInputNeurons, ...this.#inputSize]);
    const patches = unfoldMap(x, this.#window, this.outputSize);
    const output = makeZeros([batch, this.numberOfNeurons, ...this.outputSize], x.data);
    kernelsFor(x.data).infer({
      batch,
      inputs: this.#patchSize,
      neurons: this.numberOfNeurons,
      positions: this.#positions,
      x: patches.data,
      spikeCount: this.numberOfSpikes,
      spikes: this.#takeSpikes(batch),
      weights: this.weights.data,
      initial: this.#hInitial,
      epsilonXY: this.epsilonXy.data,
      epsilonT: this.#epsilonT.subarray(0, this.numberOfSpikes).map((e) => e * this.epsilon0),
      out: output.data,
    });
    if (this.alphaNumberOfIterations > 0) {
      spatialGain(x, output, this.weights, this.#window, this.alphaNumberOfIterations);
    }
    for (let i = 0; i < output.data.length; i++) if (!Number.isFinite(output.data[i])) output.data[i] = 0;
    this.#memory = { inputShape, patches, output };
    return output;
  }

  override backward(gradient: Tensor): Tensor {
    const { inputShape, patches, output } = remembered('SbS', this.#memory);
    checkShape('SbS', gradient, output.shape);
    const batch = inputShape[0];
    const neurons = this.numberOfNeurons;
    const inputs = this.#patchSize;
    const positions = this.#positions;
    const count = batch * positions;
    const kernels = kernelsFor(gradient.data);
    const limit = gradient.data instanceof Float64Array ? 1e300 : 1e30;

    const h = transposeLast(output.data, batch, neurons, positions);
    const hg = transposeLast(gradient.data, batch, neurons, positions);
    let weighted = 0;
    const explained = new Float64Array(count);
    for (let at = 0; at < count; at++) {
      weighted = 0;
      for (let i = at * neurons; i < (at + 1) * neurons; i++) {
        hg[i] *= h[i];
        weighted += hg[i];
      }
      explained[at] = weighted;
    }
    const transposed = transposeLast(this.weights.data, 1, inputs, neurons);
    const rows = { m: count, n: inputs, k: neurons, batch: 1, aBatch: 0, aRow: neurons, aColumn: 1 };
    const shared = { b: transposed, bBatch: 0, sum: false };
    const reconstruction = makeData(count * inputs, gradient.data);
    kernels.matmul({ ...rows, ...shared, a: h, out: reconstruction });
    /** Σ_i z_si g_i. */
    const share = makeData(count * inputs, gradient.data);
    kernels.matmul({ ...rows, ...shared, a: hg, out: share });

    const q = transposeLast(patches.data, batch, inputs, positions);
    const qShare = makeData(count * inputs, gradient.data);
    const inputGradient = makeData(count * inputs, gradient.data);
    for (let at = 0; at < count; at++) {
      let total = 0;
      for (let i = at * inputs; i < (at + 1) * inputs; i++) total += q[i];
      const position = at % positions;
      const e = this.epsilonXy.data[position] * this.epsilon0;
      let reached = 0;
      for (let i = at * inputs; i < (at + 1) * inputs; i++) {
        const x = total > 0 ? q[i] / total : 0;
        share[i] = clip(share[i] / reconstruction[i], limit);
        // An input that is zero has no part in the weights' gradient, however badly it is explained.
        q[i] = x === 0 ? 0 : clip(x / reconstruction[i], limit);
        qShare[i] = q[i] * share[i];
        reached += x * share[i];
        inputGradient[i] = clip((share[i] * e) / (1 + e), limit);
      }
      const slope = this.epsilon0 / (1 + e) ** 2;
      this.epsilonXyParameter.gradient.data[position] += (reached - explained[at]) * slope;
    }
    const contract = (a: TensorData, b: TensorData) => {
      const out = makeZeros(this.weights.shape, gradient.data);
      const strides = { aBatch: positions * inputs, aRow: 1, aColumn: inputs, bBatch: positions * neurons };
      kernels.matmul({
        m: inputs,
        n: neurons,
        k: positions,
        batch,
        a,
        b,
        ...strides,
        sum: true,
        out: out.data,
      });
      return out;
    };
    const weightGradient = contract(q, hg);
    const second = contract(qShare, h);
    for (let i = 0; i < second.data.length; i++) {
      weightGradient.data[i] = clip(weightGradient.data[i] - second.data[i], limit);
    }
    addTo(this.weightsParameter.gradient, weightGradient);
    const patchGradient = makeTensor(patches.shape, transposeLast(inputGradient, batch, positions, inputs));
    return foldMap(patchGradient, this.#window, inputShape, this.outputSize);
  }

  override toString(): string {
    const [ky, kx] = this.kernelSize;
    return `SbS(${this.numberOfInputNeurons}, ${this.numberOfNeurons}, kernel_size=(${ky}, ${kx}), number_of_spikes=${this.numberOfSpikes})`;
  }

  #takeSpikes(batch: number): Int32Array | { seed: number; purpose: Purpose; item: number; element: number } {
    if (this.givenSpikes) {
      const expected = batch * this.numberOfSpikes * this.#positions;
      if (this.givenSpikes.length !== expected) {
        throw invalidArgument('SbS givenSpikes', `${expected} spikes`, this.givenSpikes.length);
      }
      const wrong = this.givenSpikes.find((s) => s < -1 || s >= this.#patchSize);
      if (wrong !== undefined)
        throw invalidArgument('SbS givenSpikes', `inputs below ${this.#patchSize}`, wrong);
      return this.givenSpikes;
    }
    const { seed, purpose, next } = this.spikeStream;
    this.spikeStream.next += batch;
    return { seed, purpose, item: next, element: this.#initial.item * mostSbsPositions };
  }

  get #area(): number {
    return this.kernelSize[0] * this.kernelSize[1];
  }

  get #patchSize(): number {
    return this.numberOfInputNeurons * this.#area;
  }

  get #positions(): number {
    return this.outputSize[0] * this.outputSize[1];
  }
}

function clip(value: number, limit: number): number {
  if (Number.isNaN(value)) return limit;
  return Math.max(-limit, Math.min(limit, value));
}

function clampBelow(place: string, data: TensorData, threshold: number): void {
  if (!(threshold >= 0)) throw invalidArgument(place, 'a threshold ≥ 0', threshold);
  for (let i = 0; i < data.length; i++) if (data[i] < threshold) data[i] = threshold;
}

function checkElements(
  place: string,
  expectation: string,
  data: TensorData,
  accept: (value: number) => boolean,
): void {
  const wrong = data.findIndex((value) => !Number.isFinite(value) || !accept(value));
  if (wrong >= 0) throw invalidArgument(place, expectation, data[wrong]);
}
