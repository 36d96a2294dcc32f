/** One network of an experiment from untrained to scored: the unit of work that is spread over threads. */
import '../node/engines.js';
import type { DatasetName } from '../datasets/index.js';
import { type NetworkType, type SnnParameters, snnClasses } from '../kinds/snn/index.js';
import type { Score } from '../readout/index.js';

/** Plain data: jobs are handed to worker threads. */
export interface NetworkJob {
  readonly type: NetworkType;
  readonly parameters: Readonly<Partial<SnnParameters>>;
  readonly dataset: DatasetName;
  readonly dataDir?: string;
  readonly database?: string;
  /** Training images. */
  readonly nIter: number;
  /** Calibration images. */
  readonly nCalibrate: number;
  readonly nTest: number;
  /** `test`: score test images and save the network; `validate`: score calibration images only, save nothing. */
  readonly scoreOn: 'test' | 'validate';
  /** Whether to train the linear classifier. */
  readonly lc: boolean;
}

export interface NetworkResult {
  readonly name: string;
  readonly stateHash: string;
  readonly nParameters: number;
  readonly nOutput: number;
  readonly scores: Readonly<Partial<Record<string, Score>>>;
  /** Seconds on one thread. */
  readonly seconds: { readonly train: number; readonly calibrate: number; readonly score: number };
}

/** Runs a job on this thread. */
export async function runNetworkJob(job: NetworkJob): Promise<NetworkResult> {
  const { type, parameters, dataset, dataDir, database, lc } = job;
  const network = new snnClasses[type]({ ...parameters, dataset, dataDir, database, threads: 1 });
  try {
    const { seconds: train } = await network.train({ nIter: job.nIter });
    const began = performance.now();
    if (job.scoreOn === 'validate') {
      const scores = await network.validate({ nCalibrate: job.nCalibrate, nTest: job.nTest, lc });
      return describe(network.toRecord(), network.name, scores, {
        train,
        calibrate: 0,
        score: secondsSince(began),
      });
    }
    await network.calibrate({ nIter: job.nCalibrate, lc });
    const calibrate = secondsSince(began);
    const beganScoring = performance.now();
    const scores = await network.calculateAccuracy({ nIter: job.nTest });
    const score = secondsSince(beganScoring);
    const name = network.save();
    return describe(network.toRecord(), name, scores, { train, calibrate, score });
  } finally {
    network.dispose();
  }
}

/** Name of the network that a job will save: known without running it. */
export async function nameOfJob({ type, parameters, dataset, dataDir, nIter }: NetworkJob): Promise<string> {
  return new snnClasses[type]({ ...parameters, dataset, dataDir, threads: 1 }).nameAfter({ nIter });
}

function describe(
  { stateHash, nParameters, nOutput }: { stateHash: string; nParameters: number; nOutput: number },
  name: string,
  scores: NetworkResult['scores'],
  seconds: NetworkResult['seconds'],
): NetworkResult {
  return { name, stateHash, nParameters, nOutput, scores, seconds };
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}
