/** Runs `locus calibrate`. */
import { explainStep } from '../../kinds/lifecycle.js';
import { loadNetwork } from '../../kinds/snn/index.js';
import { calibrateWatched } from '../../kinds/snn/snn-run.js';
import { usualSet } from '../../kinds/snn/usual-set.js';
import type { CommandContext } from '../context.js';
import { chooseStoredEngine, type StoredNetworkArguments } from './stored-network.js';

export interface CalibrateArguments extends StoredNetworkArguments {
  readonly images?: number;
  readonly linear?: boolean;
}

export async function runCalibrate(
  { name, images, linear, ...options }: CalibrateArguments,
  context: CommandContext,
): Promise<void> {
  const chosen = await chooseStoredEngine({ name, ...options }, images ?? usualSet, context);
  const network = loadNetwork(name, chosen);
  try {
    const start = performance.now();
    await explainStep('calibrating', network.name, context.commandWith(), () =>
      calibrateWatched(network, { calibrate: images, linear }, context),
    );
    network.save();
    const seconds = (performance.now() - start) / 1000;
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
