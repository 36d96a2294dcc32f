/** What the calls of a network take and give. */
import type { DatasetName } from '../../datasets/index.js';
import type { Recording } from '../../core/network/monitors.js';
import type { ImageCount } from '../../datasets/image-count.js';
import type { ReadoutMethod } from '../../readout/index.js';
import type { TrainingObserver } from '../../watch/training-observer.js';

export interface SnnOptions {
  /** Engine that simulates: `wasm` (default), `reference`, `gpu` (WebGPU) or `gpu-webasm` (its kernels on the processor). */
  engine?: string;
  /** Threads (default: as many as the machine runs at once); results do not depend on it. */
  threads?: number;
  /** Images evaluated at the same time by a GPU (default: as its memory suits); results do not depend on it. */
  gpuBatch?: number;
  /** @deprecated Former name of `gpuBatch`. */
  batch?: number;
  /** Data set; the best MNIST at hand if left out. */
  dataset?: DatasetName;
  /** Folder of the data files. */
  dataDir?: string;
  /** Database file. */
  database?: string;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface Interruptible {
  onProgress?: (progress: Progress) => void;
  /** Ends the work between two images; what was done until then stays. */
  signal?: AbortSignal;
}

export interface ContinueOptions extends Interruptible {
  /** Saves a checkpoint to the database after every so many images, and when interrupted. */
  checkpoint?: number;
  /** Looks at the training now and then, and changes nothing. */
  observer?: TrainingObserver;
}

export interface TrainOptions extends ContinueOptions {
  /** Number of training images; all of the interval once if only that is given. */
  nIter?: number;
  /** Images [from, to) of the training set; all of it if left out. */
  interval?: readonly [from: number, to: number];
  /** Draw at random with replacement (default, unless there is an interval) or take the images in order. */
  shuffle?: boolean;
  /**
   * Images that learn at the same time (default 1), on the engines `gpu` and `reference`: their plasticity is averaged, and they
   * share thresholds.  The network is another one than with 1.
   */
  batchSize?: number;
}

export interface TwoStepOptions extends TrainOptions {
  /** Images of the second step, in which competition learns; as many as of the first if left out. */
  nIterCompetition?: number;
}

/** What a training did. */
export interface Trained {
  /** Images of this call. */
  readonly nIter: number;
  readonly seconds: number;
  /** Whether the signal ended it before its last image. */
  readonly interrupted: boolean;
}

export interface CalibrateOptions extends Interruptible, ImageCount {
  /** Number of calibration images (default: all of the calibration set). */
  images?: number;
  /** Whether to train the linear classifier too (default true). */
  linear?: boolean;
  /** @deprecated Former name of `linear`. */
  lc?: boolean;
}

export interface AccuracyOptions extends Interruptible, ImageCount {
  /** Number of test images (default: all of the test set). */
  images?: number;
  /** One method, or `all` that the network is calibrated for (default). */
  method?: ReadoutMethod | 'all';
}

export interface ValidateOptions extends Interruptible {
  /** Calibration images that votes and classifier come from. */
  nCalibrate: number;
  /** Calibration images that are scored. */
  nTest: number;
  /** Whether to train and score the linear classifier (default true). */
  linear?: boolean;
  /** @deprecated Former name of `linear`. */
  lc?: boolean;
}

export interface FeedOptions {
  /** Which image of that label in the test set (default 0). */
  index?: number;
}

/** What was recorded of the network while it saw spikes, step by step. */
export interface Recorded {
  /** [step, neuron] of X and Y. */
  readonly inputSpikes: Recording;
  readonly spikes: Recording;
  /** Membrane potentials of Y [step, neuron], mV. */
  readonly voltages: Recording;
  /** Spikes per Y neuron. */
  readonly counts: Uint16Array;
}

/** One image seen by the network, spike by spike. */
export interface Fed extends Recorded {
  /** crop × crop bytes. */
  readonly image: Uint8Array;
  /** Whether its dark and light were exchanged: a picture of dark strokes on a light ground. */
  readonly inverted: boolean;
  /** Its label, if known. */
  readonly label: number | null;
  /** Label that each method gives, −1: no spikes; empty before calibration. */
  readonly predictions: Readonly<Partial<Record<ReadoutMethod, number>>>;
}
