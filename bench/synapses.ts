/**
 * Synapse models against connections that send their weights: 784 sources that spike at 20 Hz onto 100 neurons, 250 steps, one thread, frozen.
 * `npx tsx bench/synapses.ts`. Milliseconds of processor time per image; ratios are medians of pairs in one run.
 */
import '../src/node/engines.js';
import { defineSynapse } from '../src/core/definitions/define-synapse.js';
import { spikeTrainFromRaster } from '../src/core/encoding/spike-train.js';
import { Network } from '../src/core/network/network.js';
import { Input, LIF } from '../src/core/network/nodes/index.js';
import { Connection, type SynapseParameters } from '../src/core/network/topology/index.js';
import { RandomStream } from '../src/core/random/stream.js';
import { StochasticRelease, TsodyksMarkram } from '../src/core/synapses/index.js';

const [sources, targets, steps, images, pairs] = [784, 100, 250, 100, 11];

const stream = new RandomStream(1, 'user');
const raster = Uint8Array.from({ length: steps * sources }, () => (stream.nextFloat() < 0.02 ? 1 : 0));
const train = spikeTrainFromRaster(raster, steps, sources);

const Scaled = defineSynapse({ name: 'Scaled', state: { x: 0.5 }, send: 'w * x' });

const cases: Readonly<Record<string, SynapseParameters>> = {
  'the weight': {},
  'the weight times a factor of the source': { synapse: new Scaled() },
  'TsodyksMarkram, state of sources': { synapse: new TsodyksMarkram() },
  'TsodyksMarkram, state of synapses': {
    synapse: new TsodyksMarkram({
      U: Float64Array.from({ length: sources * targets }, (_, i) => 0.1 + (i % 7) / 10),
    }),
  },
  StochasticRelease: { synapse: new StochasticRelease() },
};

const networks = Object.entries(cases).map(([name, parameters]) => {
  const network = new Network({ seed: 1 })
    .addLayer('X', new Input({ shape: sources }))
    .addLayer('Y', new LIF({ shape: targets }))
    .addConnection('X', 'Y', new Connection({ w: { uniform: [0, 0.1] }, ...parameters }));
  return { name, network };
});

/** Milliseconds of processor time per image. */
async function time(network: Network): Promise<number> {
  const before = process.cpuUsage();
  await network.simulation.present(
    { layer: 0, count: images, steps, spikes: () => train },
    { learn: false, count: 1 },
  );
  return process.cpuUsage(before).user / 1000 / images;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];

for (const { network } of networks) await time(network);
const [plain, ...others] = networks;
for (const { name, network } of others) {
  const times: [number, number][] = [];
  for (let pair = 0; pair < pairs; pair++) times.push([await time(plain.network), await time(network)]);
  const [first, second] = [0, 1].map((at) => median(times.map((each) => each[at])));
  const ratio = median(times.map(([before, after]) => after / before));
  console.log(
    `${name}: ${second.toFixed(3)} ms, ${plain.name} ${first.toFixed(3)} ms, ratio ${ratio.toFixed(2)}`,
  );
}
for (const { network } of networks) network.dispose();
