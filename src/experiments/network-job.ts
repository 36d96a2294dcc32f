/** One network of an experiment from untrained to scored: the unit of work that is spread over threads. */
import type { DatasetName } from '../datasets/index.js';
import { type NetworkType, type SnnParameters, snnClasses } from '../kinds/snn/index.js';
import { trainNetwork } from '../kinds/train-network.js';
import type { Score } from '../readout/index.js';
import { withStore } from '../store/index.js';

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
  readonly linear: boolean;
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
export function runNetworkJob(job: NetworkJob): Promise<NetworkResult> {
  return job.scoreOn === 'test' ? trainAndStore(job) : trainAndValidate(job);
}

async function trainAndStore(job: NetworkJob): Promise<NetworkResult> {
  const { type, parameters, dataset, dataDir, database, nIter, nCalibrate, nTest, linear } = job;
  const training = { nIter, calibrate: nCalibrate, test: nTest, linear };
  const options = { ...parameters, ...training, dataset, dataDir, threads: 1 };
  const { name, seconds } = await trainNetwork(type, options, { database });
  const { stateHash, nParameters, nOutput, scores } = withStore(database, (store) => store.view(name));
  return { name, stateHash, nParameters, nOutput, scores, seconds };
}

/** Scores calibration images apart from the network's own readout; nothing is stored. */
async function trainAndValidate(job: NetworkJob): Promise<NetworkResult> {
  const { type, parameters, dataset, dataDir, database, nIter, nCalibrate, nTest, linear } = job;
  const network = new snnClasses[type]({ ...parameters, dataset, dataDir, database, threads: 1 });
  try {
    const { seconds: train } = await network.train({ nIter });
    const began = performance.now();
    const scores = await network.validate({ nCalibrate, nTest, linear });
    const score = (performance.now() - began) / 1000;
    const { stateHash, nParameters, nOutput } = network.toRecord();
    const seconds = { train, calibrate: 0, score };
    return { name: network.name, stateHash, nParameters, nOutput, scores, seconds };
  } finally {
    network.dispose();
  }
}

/** Name of the network that a job will save: known without running it. */
export async function nameOfJob({ type, parameters, dataset, dataDir, nIter }: NetworkJob): Promise<string> {
  return new snnClasses[type]({ ...parameters, dataset, dataDir, threads: 1 }).nameAfter({ nIter });
}
