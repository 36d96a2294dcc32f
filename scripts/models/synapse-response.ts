/** What a synapse sends to its target in every step, of a train of spikes of its source. */
import '../../src/node/engines.js';
import { defineNeuron } from '../../src/core/definitions/define-neuron.js';
import { defineSynapse } from '../../src/core/definitions/define-synapse.js';
import type { Side } from '../../src/core/definitions/rule-definition.js';
import type { SynapseDefinition } from '../../src/core/definitions/synapse-definition.js';
import { spikeTrainFromEvents } from '../../src/core/encoding/spike-train.js';
import { Monitor } from '../../src/core/network/monitors.js';
import { Network } from '../../src/core/network/network.js';
import { Input } from '../../src/core/network/nodes/index.js';
import { Connection } from '../../src/core/network/topology/index.js';

/** Ten spikes at 20 Hz, and one when the synapse has recovered for a while [steps of 1 ms]. */
export const spikeTimes = [...Array.from({ length: 10 }, (_, i) => 20 + 50 * i), 970];
export const sentSteps = 1000;

/** Added at each spike to state of the source that a synapse reads, and the time constant of its decay [ms]. */
export const pulse = { height: 10, tc: 20 };

/** What a synapse of weight 1 sends in each step, with the default parameters. */
export async function measureSent(definition: SynapseDefinition): Promise<Float32Array> {
  const Synapse = defineSynapse(definition);
  const monitor = new Monitor({ variables: ['arrived'] });
  const network = new Network({ threads: 1, propagation: 'same-step' })
    .addLayer('X', new Input({ shape: 1 }))
    .addLayer('source', makeSource(definition))
    .addLayer('target', makeTarget(definition))
    .addConnection('X', 'source', new Connection({ w: 1 }))
    .addConnection('source', 'target', new Connection({ w: 1, synapse: new Synapse() }))
    .addMonitor('target', monitor);
  const spikes = spikeTrainFromEvents(
    spikeTimes,
    spikeTimes.map(() => 0),
    sentSteps,
    1,
  );
  await network.run({ X: spikes }, { learn: false });
  network.dispose();
  return monitor.get('arrived').data;
}

function makeSource(definition: SynapseDefinition) {
  const read = stateRead(definition, 'source');
  const follow = read.map((variable) => `${variable} = ${variable} * decay + ${pulse.height} * input`);
  const Source = defineNeuron({
    name: 'Source',
    parameters: { decay: Math.exp(-1 / pulse.tc) },
    state: { driven: 0, ...Object.fromEntries(read.map((variable) => [variable, 0])) },
    step: ['driven = input', ...follow].join('; '),
    spike: 'driven >= 1',
  });
  return new Source({ shape: 1 });
}

function makeTarget(definition: SynapseDefinition) {
  const Target = defineNeuron({
    name: 'Target',
    state: { arrived: 0, ...Object.fromEntries(stateRead(definition, 'target').map((each) => [each, 0])) },
    step: 'arrived = input',
    emit: 'arrived',
  });
  return new Target({ shape: 1 });
}

/** Names of the state that a synapse reads of the neurons at one end. */
export function stateRead({ neurons = {} }: SynapseDefinition, side: Side): string[] {
  return Object.values(neurons).flatMap(({ of, variable }) => (of === side ? [variable] : []));
}
