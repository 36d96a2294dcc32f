/** Learning health of a network that is not training, from calibration images. */
import { checkCount } from '../kinds/snn/check-count.js';
import type { Snn } from '../kinds/snn/snn.js';
import type { Interruptible } from '../kinds/snn/snn-options.js';
import { type TrainingHealth, trainingHealth } from '../readout/index.js';

export interface HealthOptions extends Interruptible {
  /** Calibration images (default 200). */
  nIter?: number;
  /** XY weights as they were a number of training images ago, for the change of the filters. */
  before?: { weights: Float32Array; nImages: number };
}

export async function measureHealth(
  network: Snn,
  { nIter = 200, before, ...watch }: HealthOptions = {},
): Promise<TrainingHealth> {
  const { calibration } = await network.loadData();
  const count = checkCount(nIter, `${network.type}.health`);
  const { counts } = await network.answerSplit(calibration, 'calibration', count, watch);
  const { timeMax } = network.parameters;
  return trainingHealth({
    counts,
    timeMax,
    weights: network.weightsXY.data,
    theta: network.theta,
    before,
  });
}
