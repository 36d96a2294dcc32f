/**
 * Emitted against hand-written neurons, and the time that a definition takes until it runs; one thread.
 * `npx tsx bench/definitions.ts`. Ratios are medians of pairs in one run; times in ns per neuron and step.
 */
import '../src/node/engines.js';
import { defineNeuron } from '../src/core/definitions/define-neuron.js';
import { spikeTrainFromEvents } from '../src/core/encoding/spike-train.js';
import { Izhikevich } from '../src/core/models/izhikevich.js';
import { Network } from '../src/core/network/network.js';
import { AdaptiveLIF, Input } from '../src/core/network/nodes/index.js';
import type { LayerDescription } from '../src/core/network/nodes/neuron-model.js';

const size = 10_000;
const steps = 500;
const pairs = 21;

const definition = {
  name: 'AdaptiveLIF',
  parameters: {
    rest: [-65, 'mV'],
    reset: [-65, 'mV'],
    thresh: [-52, 'mV'],
    tcDecay: [20, 'ms'],
    refrac: [5, 'ms'],
    thetaPlus: [0.05, 'mV'],
    tcThetaDecay: [1e6, 'ms'],
  },
  state: { v: 'rest', theta: [0, 'mV'] },
  persistent: ['theta'],
  input: 'mV',
  step: `
    v = exp(-dt / tcDecay) * (v - rest) + rest
    theta = learning ? theta * exp(-dt / tcThetaDecay) : theta
    v += input
  `,
  spike: 'v >= thresh + theta',
  reset: 'v = reset; theta += learning ? thetaPlus : 0',
  refractory: { period: 'refrac' },
} as const;

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

const Emitted = defineNeuron(definition);
const networks = {
  written: build(new AdaptiveLIF({ shape: size })),
  emitted: build(new Emitted({ shape: size })),
  izhikevich: build(new Izhikevich({ shape: size })),
};
for (const learn of [false, true]) {
  const found: Record<string, number[]> = { written: [], emitted: [], izhikevich: [] };
  for (let pair = -2; pair < pairs; pair++) {
    for (const [name, network] of Object.entries(networks)) {
      const milliseconds = await time(network, learn);
      if (pair >= 0) found[name].push(milliseconds);
    }
  }
  const ratio = median(found.emitted.map((milliseconds, i) => milliseconds / found.written[i]));
  console.log(
    `${learn ? 'learning' : 'frozen'}: AdaptiveLIF hand-written ${perNeuron(median(found.written))}, emitted ` +
      `${perNeuron(median(found.emitted))} (ratio ${ratio.toFixed(2)}); Izhikevich ${perNeuron(median(found.izhikevich))} ns`,
  );
}
for (const network of Object.values(networks)) network.dispose();

for (const value of ['0.5', 'uniform()', 'normal()']) {
  const Drawing = defineNeuron({ name: 'Drawing', state: { v: 0 }, step: `v = ${value}`, spike: 'v > 100' });
  const network = build(new Drawing({ shape: size }));
  const found: number[] = [];
  for (let i = 0; i < pairs; i++) found.push(await time(network, false));
  console.log(`v = ${value}: ${perNeuron(median(found))} ns`);
  network.dispose();
}

const defining = Array.from({ length: pairs }, (_, i) => {
  const began = performance.now();
  const Model = defineNeuron({ ...definition, name: `AdaptiveLIF${i}` });
  build(new Model({ shape: 100 })).simulation.dispose();
  return performance.now() - began;
});
console.log(`defined, emitted, compiled and a network made of it in ${median(defining).toFixed(1)} ms`);
