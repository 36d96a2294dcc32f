/** The contract of the heavy work: what the layers ask for, whoever computes it. Arrays hold one element type per call. */
import type { Purpose } from '../../core/random/stream.js';
import type { TensorData } from '../tensor.js';
import type { Pair, Window } from '../window.js';

/** out[b] = A[b] · B[b], or out = Σ_b A[b] · B[b]. */
export interface MatrixProduct {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: number;
  /** Element (row, column) of matrix b lies at b · aBatch + row · aRow + column · aColumn. */
  readonly a: TensorData;
  readonly aBatch: number;
  readonly aRow: number;
  readonly aColumn: number;
  /** [batch, k, n]; bBatch is k · n, or 0 for one matrix that all share. */
  readonly b: TensorData;
  readonly bBatch: number;
  readonly sum: boolean;
  /** [batch, m, n], or [m, n] for the sum. */
  readonly out: TensorData;
}

/** Planes [plane, height, width] and patches [plane, ky, kx, row, column]. */
export interface WindowTask {
  readonly window: Window;
  readonly planes: number;
  readonly size: Pair;
  readonly outputSize: Pair;
}

/** x [batch, inputs, positions] → out [batch, neurons, positions]. */
export interface InferenceShape {
  readonly batch: number;
  readonly inputs: number;
  readonly neurons: number;
  readonly positions: number;
}

export interface NnmfTask extends InferenceShape {
  readonly x: TensorData;
  /** [neurons, inputs]: non-negative, rows sum to 1. */
  readonly weights: TensorData;
  readonly iterations: number;
  readonly epsilon: number | null;
  readonly out: TensorData;
}

/** Where spikes come from: image b and position p draw from the stream (seed, purpose, item + b, element + p). */
export interface SpikeSource {
  readonly seed: number;
  readonly purpose: Purpose;
  readonly item: number;
  readonly element: number;
}

/** Draws inputs with probability x_s / Σ x. A position without input gives −1. */
export interface DrawTask {
  readonly batch: number;
  readonly inputs: number;
  readonly positions: number;
  readonly x: TensorData;
  readonly spikeCount: number;
  readonly source: SpikeSource;
}

export interface InferTask extends InferenceShape {
  readonly x: TensorData;
  readonly spikeCount: number;
  /** Given spikes [batch, spike, position], or where to draw them. */
  readonly spikes: Int32Array | SpikeSource;
  /** [inputs, neurons]. */
  readonly weights: TensorData;
  /** [neurons]. */
  readonly initial: TensorData;
  /** [positions]. */
  readonly epsilonXY: TensorData;
  /** [spike], epsilon_0 included. */
  readonly epsilonT: TensorData;
  readonly out: TensorData;
}

export interface Kernels {
  matmul(task: MatrixProduct): void;
  /** Planes to patches. */
  unfold(x: TensorData, task: WindowTask, out: TensorData): void;
  /** Sums patches into planes: the adjoint of `unfold`. */
  fold(patches: TensorData, task: WindowTask, out: TensorData): void;
  nnmf(task: NnmfTask): void;
  /** [batch, spike, position]. */
  drawSpikes(task: DrawTask): Int32Array;
  infer(task: InferTask): void;
}
