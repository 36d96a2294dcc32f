/** Runs `locus score`. */
import { describeScores } from '../../kinds/describe-scores.js';
import { explainStep } from '../../kinds/lifecycle.js';
import { loadNetwork } from '../../kinds/snn/index.js';
import { scoreWatched } from '../../kinds/snn/snn-run.js';
import { usualSet } from '../../kinds/snn/usual-set.js';
import type { ReadoutMethod } from '../../readout/index.js';
import type { CommandContext } from '../context.js';
import { chooseStoredEngine, type StoredNetworkArguments } from './stored-network.js';

export interface ScoreArguments extends StoredNetworkArguments {
  readonly images?: number;
  readonly method?: ReadoutMethod | 'all';
}

export async function runScore(
  { name, images, method, ...options }: ScoreArguments,
  context: CommandContext,
): Promise<void> {
  const chosen = await chooseStoredEngine({ name, ...options }, images ?? usualSet, context);
  const network = loadNetwork(name, chosen);
  try {
    const start = performance.now();
    const score = await explainStep('testing', network.name, context.commandWith(), () =>
      scoreWatched(network, { images, method }, context),
    );
    network.save();
    const seconds = (performance.now() - start) / 1000;
    const { stateHash } = network.toRecord();
    context.report({ name: network.name, stateHash, score, seconds: { score: seconds } }, () =>
      [`${network.name}, ${seconds.toFixed(1)} s:`, ...describeScores(score)].join('\n'),
    );
  } finally {
    network.dispose();
  }
}
