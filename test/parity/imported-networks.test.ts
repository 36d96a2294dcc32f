/** Networks that the original program trained, imported, answer as they did there: every spike count and every prediction equal. */
import { describe, expect, it } from 'vitest';
import type { SpikeTrain } from '../../src/core/encoding/spike-train.js';
import '../../src/node/engines.js';
import { type OriginalNetwork, readOriginalNetwork } from '../../src/kinds/snn/original/index.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network } from '../../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../../src/core/network/nodes/index.js';
import {
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
} from '../../src/core/network/topology/index.js';
import { packSpikeCounts, predictByVotes } from '../../src/readout/index.js';
import { trainedOriginal } from '../support/example-originals.js';
import { readRerun, realOriginals } from '../support/original-folders.js';
import { describeCases } from '../support/walk-cases.js';
import { writeOriginal } from '../support/write-original.js';
import { evaluationOf, originalCases, readOriginalCase } from './original-case.js';

/** The imported network, described with the constants of its file. */
function buildImported(original: OriginalNetwork, engine: string): Network {
  const { networkType, constants, nFilters, convSize, crop, kernelSize, stride, wXY, wYY } = original;
  const { rest, reset, thresh, tcDecay, refrac, thetaPlus, tcThetaDecay, traces } = constants;
  const topology = {
    LC_SNN: () => new LocalConnection({ w: wXY, kernelSize, stride }),
    C_SNN: () => new Conv2dConnection({ w: wXY, kernelSize, stride }),
    FC_SNN: () => new Connection({ w: wXY }),
  };
  const competition =
    wYY.kind === 'trained'
      ? new LateralConnection({ w: wYY.weights })
      : new LateralCompetition({ weight: wYY.weight });
  const network = new Network({ engine, dt: constants.dt })
    .addLayer('X', new Input({ shape: [crop, crop] }))
    .addLayer(
      'Y',
      new AdaptiveLIF({
        shape: [nFilters, convSize, convSize],
        tcTracePre: traces.y.tcTracePre,
        tcTracePost: traces.y.tcTracePost,
        rest,
        reset,
        thresh,
        tcDecay,
        refrac,
        thetaPlus,
        tcThetaDecay,
      }),
    )
    .addConnection('X', 'Y', topology[networkType]())
    .addConnection('Y', 'Y', competition);
  network.setVariable('Y', 'theta', original.theta);
  return network;
}

async function countSpikes(network: Network, inputs: SpikeTrain[], nNeurons: number): Promise<Uint16Array> {
  const monitor = new Monitor({ variables: ['spikes'] });
  network.addMonitor('Y', monitor);
  const counts = new Uint16Array(inputs.length * nNeurons);
  for (const [image, input] of inputs.entries()) {
    monitor.reset();
    network.resetState();
    await network.run({ X: input }, { learn: false });
    monitor.get('spikes').data.forEach((spike, i) => {
      counts[image * nNeurons + (i % nNeurons)] += spike;
    });
  }
  return counts;
}

const engines = ['reference', 'wasm'];

describe('networks that a run of the original program trained, written as it saves them', () => {
  it.each(originalCases.flatMap(({ name, folder }) => engines.map((engine) => ({ name, folder, engine }))))(
    '$name on engine $engine: spike counts of the images that it showed next',
    async ({ name, folder, engine }) => {
      const run = readOriginalCase(folder);
      const network = buildImported(readOriginalNetwork(writeOriginal(trainedOriginal(name, run))), engine);
      const { inputs, counts: expected } = evaluationOf(run);
      const counts = await countSpikes(network, inputs, run.meta.n_output);
      network.dispose();
      expect(expected.some((count) => count > 0)).toBe(true);
      expect(counts).toEqual(expected);
    },
  );
});

describe('networks of the original program', () => {
  describeCases(realOriginals, ({ folder }) => {
    it.each(engines)('engine %s: spike counts and predictions of the rerun', async (engine) => {
      const original = readOriginalNetwork(folder);
      const rerun = readRerun(folder, original.crop ** 2);
      const { nNeurons, nFilters, convSize, theta } = original;
      expect(original.constants.refrac).toBe(rerun.refrac);
      expect(theta.reduce((sum, value) => sum + value, 0) / nNeurons).toBeCloseTo(rerun.theta_mean, 3);

      const network = buildImported(original, engine);
      const counts = await countSpikes(network, rerun.inputs, nNeurons);
      network.dispose();
      expect([rerun.inputs.length, nNeurons]).toEqual(rerun.counts.shape);
      expect(counts).toEqual(rerun.counts.data);

      const nPositions = convSize ** 2;
      const answers = packSpikeCounts(counts, { nFilters, nPositions });
      const predict = (method: 'patch_voting' | 'all_voting') =>
        Array.from(predictByVotes(method, answers, original.votes as Float32Array));
      expect({ patch_voting: predict('patch_voting'), all_voting: predict('all_voting') }).toEqual(
        rerun.predictions,
      );
    });
  });
});
