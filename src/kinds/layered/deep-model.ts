/** What every trained deep network gives, of whichever kind it is. */
import type { ImageSet } from '../../datasets/index.js';
import type { Sequential } from '../../layers/sequential.js';
import type { Tensor } from '../../layers/tensor.js';

/** One epoch or update of a training. */
export interface TrainingEntry {
  /** Number of epochs or updates that were done. */
  readonly x: number;
  readonly loss: number;
  /** Shares of correct images; null: not tested then. */
  readonly trainCorrect: number;
  readonly testCorrect: number | null;
}

export interface DeepModel {
  readonly network: Sequential;
  /** What `history` counts. */
  readonly unit: 'epoch' | 'update';
  readonly history: readonly TrainingEntry[];
  /** Images that are computed together in a test. */
  readonly batchSize: number;
  /** Whether its first layer infers, so that `reconstruct` can explain an image. */
  readonly canReconstruct: boolean;
  /** Weights of every inference layer [neuron, channel, ky, kx]. */
  weights(): Tensor[];
  /** Outputs [image, class] for consecutive images of a set, `chosen` by their numbers. */
  infer(set: ImageSet, chosen: Uint32Array): Tensor;
  /**
   * An image [channel, row, column] as the network sees it, and as its first inference layer explains it.
   * Errors: `INVALID_ARGUMENT` where that layer does not infer.
   */
  reconstruct(set: ImageSet, image: number): { readonly input: Tensor; readonly reconstruction: Tensor };
}
