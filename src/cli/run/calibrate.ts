/** Runs `locus calibrate`. */
import '../../node/engines.js';
import { loadNetwork } from '../../kinds/snn/index.js';
import type { CommandContext } from '../context.js';
import { chooseStoredEngine, type StoredNetworkArguments, usualSet } from './stored-network.js';
import { calibrateAndSave } from './work-and-save.js';

export interface CalibrateArguments extends StoredNetworkArguments {
  readonly nIter?: number;
  readonly lc?: boolean;
}

export async function runCalibrate(
  { name, nIter, lc, ...options }: CalibrateArguments,
  context: CommandContext,
): Promise<void> {
  const chosen = await chooseStoredEngine({ name, ...options }, nIter ?? usualSet, context);
  const network = loadNetwork(name, chosen);
  try {
    const seconds = await calibrateAndSave(network, { nIter, lc }, context, context.commandWith());
    const methods = network.classifier ? 'votes and linear classifier' : 'votes';
    const { stateHash } = network.toRecord();
    context.report(
      { name: network.name, stateHash, seconds: { calibrate: seconds } },
      () => `${network.name}: ${methods} made in ${seconds.toFixed(1)} s`,
    );
  } finally {
    network.dispose();
  }
}
