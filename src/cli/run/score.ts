/** Runs `locus score`. */
import '../../node/engines.js';
import { loadNetwork } from '../../kinds/snn/index.js';
import type { ReadoutMethod } from '../../readout/index.js';
import type { CommandContext } from '../context.js';
import { describeScores } from './describe-scores.js';
import { chooseStoredEngine, type StoredNetworkArguments, usualSet } from './stored-network.js';
import { workAndSave } from './work-and-save.js';

export interface ScoreArguments extends StoredNetworkArguments {
  readonly nIter?: number;
  readonly method?: ReadoutMethod | 'all';
}

export async function runScore(
  { name, nIter, method, ...options }: ScoreArguments,
  context: CommandContext,
): Promise<void> {
  const chosen = await chooseStoredEngine({ name, ...options }, nIter ?? usualSet, context);
  const network = loadNetwork(name, chosen);
  try {
    let scored: Awaited<ReturnType<typeof network.calculateAccuracy>> = {};
    const seconds = await workAndSave(
      'testing',
      network,
      context,
      context.commandWith(),
      async ({ signal, onProgress }) => {
        scored = await network.calculateAccuracy({ nIter, method, signal, onProgress });
      },
    );
    const { stateHash } = network.toRecord();
    context.report({ name: network.name, stateHash, score: scored, seconds: { score: seconds } }, () =>
      [`${network.name}, ${seconds.toFixed(1)} s:`, ...describeScores(scored)].join('\n'),
    );
  } finally {
    network.dispose();
  }
}
