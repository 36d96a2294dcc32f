/** Learning health of a network that is not training, from calibration images. */
import { healthSchema } from '../figures/health-figure.js';
import { readOptions } from '../options.js';
import type { ImageCount } from '../datasets/image-count.js';
import type { Snn } from '../kinds/snn/snn.js';
import type { Interruptible } from '../kinds/snn/snn-options.js';
import { type TrainingHealth, trainingHealth } from '../readout/index.js';

export interface HealthOptions extends Interruptible, ImageCount {
  /** Calibration images (default 200). */
  images?: number;
  /** XY weights as they were a number of training images ago, for the change of the filters. */
  before?: { weights: Float32Array; nImages: number };
}

export async function measureHealth(network: Snn, options: HealthOptions = {}): Promise<TrainingHealth> {
  const { images = 200, before, ...watch } = readOptions(`${network.type}.health`, healthSchema, options);
  const { calibration } = await network.loadToShow();
  const { counts } = await network.answerSplit(calibration, 'calibration', images, watch);
  const { timeMax } = network.parameters;
  return trainingHealth({
    counts,
    timeMax,
    weights: network.weightsXY.data,
    theta: network.theta,
    before,
  });
}
