/** The training that a process is killed in, for the process and for the test that knows what it should come to. */
import { LC_SNN } from '../../src/kinds/snn/index.js';

export const killedTraining = { nIter: 120, checkpoint: 4 };

export function buildKilledNetwork(seed: number, database: string): LC_SNN {
  return new LC_SNN({ nFilters: 8, timeMax: 100, seed, database, dataset: 'mnist-10k', threads: 1 });
}
