/** The original's trained networks, imported, answer its rerun of them: every spike count and every prediction equal. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNpy } from '../../src/arrays/npy.js';
import { type SpikeTrain, spikeTrainFromRaster } from '../../src/encoding/spike-train.js';
import '../../src/engine/index.js';
import { type OriginalNetwork, readOriginalNetwork } from '../../src/import/index.js';
import { Monitor } from '../../src/network/monitors.js';
import { Network } from '../../src/network/network.js';
import { AdaptiveLIF, Input } from '../../src/network/nodes/index.js';
import {
  Connection,
  Conv2dConnection,
  LateralCompetition,
  LateralConnection,
  LocalConnection,
} from '../../src/network/topology/index.js';
import { packSpikeCounts, predictByVotes } from '../../src/readout/index.js';
import { hasOriginals, originals } from '../support/original-folders.js';

interface Rerun {
  predictions: { patch_voting: number[]; all_voting: number[] };
  refrac: number;
  theta_mean: number;
}

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

/** The input of every image, from bits packed along the last axis [image, step, 50], most significant first. */
function readInputs(folder: string, nInputs: number): SpikeTrain[] {
  const { shape, data } = readNpy(
    readFileSync(join(folder, 'rerun_input_spikes.npy')),
    'rerun_input_spikes.npy',
    'u1',
  );
  const [nImages, nSteps, nBytes] = shape;
  return Array.from({ length: nImages }, (_, image) => {
    const raster = Uint8Array.from({ length: nSteps * nInputs }, (_, i) => {
      const [step, neuron] = [Math.floor(i / nInputs), i % nInputs];
      return (data[(image * nSteps + step) * nBytes + (neuron >> 3)] >> (7 - (neuron & 7))) & 1;
    });
    return spikeTrainFromRaster(raster, nSteps, nInputs);
  });
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

describe.skipIf(!hasOriginals).each(['reference', 'wasm'])('engine %s', (engine) => {
  it.each(Object.entries(originals))('%s: spike counts and predictions of the rerun', async (_, folder) => {
    const original = readOriginalNetwork(folder);
    const rerun = JSON.parse(readFileSync(join(folder, 'rerun.json'), 'utf8')) as Rerun;
    const expected = readNpy(
      readFileSync(join(folder, 'rerun_spike_counts.npy')),
      'rerun_spike_counts.npy',
      'u2',
    );
    const { nNeurons, nFilters, convSize, theta } = original;
    expect(original.constants.refrac).toBe(rerun.refrac);
    expect(theta.reduce((sum, value) => sum + value, 0) / nNeurons).toBeCloseTo(rerun.theta_mean, 3);

    const network = buildImported(original, engine);
    const inputs = readInputs(folder, original.crop ** 2);
    const counts = await countSpikes(network, inputs, nNeurons);
    network.dispose();
    expect([inputs.length, nNeurons]).toEqual(expected.shape);
    expect(counts).toEqual(expected.data);

    const nPositions = convSize ** 2;
    const answers = packSpikeCounts(counts, { nFilters, nPositions });
    const predict = (method: 'patch_voting' | 'all_voting') =>
      Array.from(predictByVotes(method, answers, original.votes as Float32Array));
    expect({ patch_voting: predict('patch_voting'), all_voting: predict('all_voting') }).toEqual(
      rerun.predictions,
    );
  });
});
