/** What a learning rule does to a weight at one pair of spikes, by the time between them. */
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { defineRule } from '../../src/core/definitions/define-rule.js';
import type { RuleDefinition, Side } from '../../src/core/definitions/rule-definition.js';
import { spikeTrainFromEvents } from '../../src/core/encoding/spike-train.js';
import { Network } from '../../src/core/network/network.js';
import { Input } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';

/** Times of the target's spike minus that of the source's [ms]. */
export const delays = Array.from({ length: 60 }, (_, i) => (i < 30 ? 2 * i - 60 : 2 * i - 58));

/** The weight before, and its bounds. */
export const weight = { w: 0.5, wMin: 0, wMax: 1 };

const sourceTime = 100;
/** So long that what a pair leaves behind has faded. */
const steps = 1000;

/** Changes of the weight by one pair of spikes, for each of `delays`. Signals are 1; state that rules read of neurons is 0. */
export async function measureWindow(definition: RuleDefinition): Promise<number[]> {
  const Rule = defineRule(definition);
  const n = delays.length;
  // Neuron 0 of the input makes the source spike, each other one its target.
  const toSource = Float32Array.from({ length: n + 1 }, (_, i) => (i === 0 ? 1 : 0));
  const toTargets = Float32Array.from({ length: n * (n + 1) }, (_, i) =>
    i % (n + 1) === Math.floor(i / (n + 1)) + 1 ? 1 : 0,
  );
  const network = new Network({ threads: 1 })
    .addLayer('input', new Input({ shape: n + 1 }))
    .addLayer('source', makeDriven(definition, 'source', 1))
    .addLayer('target', makeDriven(definition, 'target', n))
    .addConnection('input', 'source', new Connection({ w: toSource }))
    .addConnection('input', 'target', new Connection({ w: toTargets }))
    .addConnection('source', 'target', new Connection({ ...weight, rule: new Rule() }));
  const times = [sourceTime, ...delays.map((delay) => sourceTime + delay)];
  const spikes = spikeTrainFromEvents(times, [...times.keys()], steps, n + 1);
  const signals = Object.fromEntries((definition.signals ?? []).map((signal) => [signal, 1]));
  await network.run({ input: spikes }, { signals });
  const changes = Array.from(network.getWeights('source->target').data, (w) => w - weight.w);
  network.dispose();
  return changes;
}

/** Neurons that spike when the input says so, whatever the weights add, with the state that the rule reads of them. */
function makeDriven({ neurons = {} }: RuleDefinition, side: Side, shape: number) {
  const read = Object.values(neurons).flatMap(({ of, variable }) => (of === side ? [variable] : []));
  const Driven = defineNeuron({
    name: 'Driven',
    state: { driven: 0, ...Object.fromEntries(read.map((variable) => [variable, 0])) },
    step: 'driven = input',
    spike: 'driven >= 1',
  });
  return new Driven({ shape });
}
