/**
 * What a step of emitted neurons takes, and the time that a definition takes until it runs; one thread.
 * `npx tsx bench/definitions.ts`. Times are medians, in ns per neuron and step.
 */
import '../src/node/engines.js';
import { defineNeuron } from '../src/core/definitions/define-neuron.js';
import { spikeTrainFromEvents } from '../src/core/encoding/spike-train.js';
import { AdEx } from '../src/core/models/adex.js';
import { Izhikevich } from '../src/core/models/izhikevich.js';
import { Network } from '../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../src/core/network/nodes/index.js';
import type { LayerDescription } from '../src/core/network/nodes/neuron-model.js';

const size = 10_000;
const steps = 500;
const runs = 21;

/** Milliseconds of one presentation. */
async function time(network: Network, learn: boolean): Promise<number> {
  const silent = spikeTrainFromEvents([], [], steps, 1);
  const began = performance.now();
  await network.simulation.present({ layer: 0, count: 1, steps, spikes: () => silent }, { learn, count: 1 });
  return performance.now() - began;
}

const build = (layer: LayerDescription) =>
  new Network({ engine: 'wasm' }).addLayer('X', new Input({ shape: 1 })).addLayer('Y', layer);

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
const perNeuron = (milliseconds: number) => ((1e6 * milliseconds) / (size * steps)).toFixed(2);

const networks = {
  AdaptiveLIF: build(new AdaptiveLIF({ shape: size })),
  Izhikevich: build(new Izhikevich({ shape: size })),
};
for (const learn of [false, true]) {
  const found: Record<string, number[]> = { AdaptiveLIF: [], Izhikevich: [] };
  for (let run = -2; run < runs; run++) {
    for (const [name, network] of Object.entries(networks)) {
      const milliseconds = await time(network, learn);
      if (run >= 0) found[name].push(milliseconds);
    }
  }
  const times = Object.entries(found).map(([name, all]) => `${name} ${perNeuron(median(all))} ns`);
  console.log(`${learn ? 'learning' : 'frozen'}: ${times.join(', ')}`);
}
for (const network of Object.values(networks)) network.dispose();

for (const value of ['0.5', 'uniform()', 'normal()']) {
  const Drawing = defineNeuron({ name: 'Drawing', state: { v: 0 }, step: `v = ${value}`, spike: 'v > 100' });
  const network = build(new Drawing({ shape: size }));
  const found: number[] = [];
  for (let i = 0; i < runs; i++) found.push(await time(network, false));
  console.log(`v = ${value}: ${perNeuron(median(found))} ns`);
  network.dispose();
}

const { definition } = AdEx;
const defining = Array.from({ length: runs }, (_, i) => {
  const began = performance.now();
  const Model = defineNeuron({ ...definition, name: `AdEx${i}` });
  build(new Model({ shape: 100 })).simulation.dispose();
  return performance.now() - began;
});
console.log(`defined, emitted, compiled and a network made of it in ${median(defining).toFixed(1)} ms`);
