/** The example on the page of a neuron model, a learning rule or a synapse model: a network of one, which runs as it stands. */
import type { RuleDefinition } from '../../src/core/definitions/rule-definition.js';
import type { SynapseDefinition } from '../../src/core/definitions/synapse-definition.js';
import { listShelf } from '../../src/core/shelf.js';
import { type Drive, tracedSteps } from './neuron-response.js';
import { stateRead } from './synapse-response.js';

/** Options of the rules that are no classes of `defineRule`, and need some. */
const requiredOptions: Readonly<Record<string, string>> = { PostPre: '{ nu: [1e-4, 1e-2] }' };

export function neuronExample(name: string, { input, variable }: Drive): string {
  return `\
${writeImport(['Connection', 'Input', 'Monitor', name, 'Network', 'spikeTrainFromRaster'])}

const monitor = new Monitor({ variables: ['${variable}', 'spikes'] });
const network = new Network()
  .addLayer('X', new Input({ shape: 1 }))
  .addLayer('Y', new ${name}({ shape: 1 }))
  .addConnection('X', 'Y', new Connection({ w: ${input} }))
  .addMonitor('Y', monitor);
// X spikes in every step.
const spikes = new Uint8Array(${tracedSteps}).fill(1);
await network.run({ X: spikeTrainFromRaster(spikes, ${tracedSteps}, 1) });
console.log(monitor.get('${variable}').data, monitor.get('spikes').data.filter((spike) => spike > 0).length);`;
}

export function ruleExample(definition: RuleDefinition): string {
  const { name, signals = [] } = definition;
  const [source, target] = (['source', 'target'] as const).map((side) => findNeurons(definition, side));
  const given =
    signals.length === 0 ? '' : `, { signals: { ${signals.map((each) => `${each}: 1`).join(', ')} } }`;
  const layers = source === undefined ? ['Input', target ?? 'LIF'] : ['Input', source, target ?? 'LIF'];
  const chain = ['X', 'Y', 'Z'].slice(0, layers.length);
  const learning = `wMin: 0, wMax: 1, w: 0.5, rule: new ${name}(${requiredOptions[name] ?? ''})`;
  const [from, to] = chain.slice(-2);
  return `\
${writeImport(['Connection', ...new Set(layers), name, 'Network', 'poisson'])}

const network = new Network({ seed: 1 })
  .addLayer('X', new Input({ shape: [4, 4] }))
${layers
  .slice(1)
  .map((layer, i) => `  .addLayer('${chain[i + 1]}', new ${layer}({ shape: 10 }))`)
  .join('\n')}
${source === undefined ? '' : `  .addConnection('X', 'Y', new Connection({ w: 5 }))\n`}\
  .addConnection('${from}', '${to}', new Connection({ ${learning} }));
await network.run({ X: poisson(new Uint8Array(16).fill(255), { time: 250 }) }${given});
console.log(network.getWeights('${from}->${to}').data);`;
}

export function synapseExample(definition: SynapseDefinition): string {
  const { name } = definition;
  // Inputs have no state.
  const isAmongNeurons = stateRead(definition, 'source').length > 0;
  const topology = isAmongNeurons ? ['AllButOwnConnection'] : [];
  const connections = isAmongNeurons
    ? `  .addConnection('X', 'Y', new Connection({ w: { uniform: [0, 5] } }))
  .addConnection('Y', 'Y', new AllButOwnConnection({ w: 0.01, synapse: new ${name}() }));`
    : `  .addConnection('X', 'Y', new Connection({ w: { uniform: [0, 5] }, synapse: new ${name}() }));`;
  return `\
${writeImport([...topology, 'Connection', 'Input', 'LIF', name, 'Network', 'poisson'])}

const network = new Network({ seed: 1 })
  .addLayer('X', new Input({ shape: [4, 4] }))
  .addLayer('Y', new LIF({ shape: 10 }))
${connections}
await network.run({ X: poisson(new Uint8Array(16).fill(255), { time: 250 }) });
console.log(network.getVariable('Y', 'v'));`;
}

/** A model of the shelf that has the state that a rule reads of the neurons at that end; none where it reads nothing. */
function findNeurons({ name, neurons = {} }: RuleDefinition, side: 'source' | 'target'): string | undefined {
  const read = Object.values(neurons).flatMap(({ of, variable }) => (of === side ? [variable] : []));
  if (read.length === 0) return undefined;
  const found = listShelf().find(
    ({ kind, definition }) =>
      kind === 'neuron' && read.every((variable) => Object.hasOwn(definition.state, variable)),
  );
  if (!found)
    throw new Error(`${name}: no model of the shelf has the state ${read.join(', ')} of its ${side}`);
  return found.definition.name;
}

function writeImport(names: readonly string[]): string {
  const sorted = names.toSorted((a, b) => a.localeCompare(b, 'en'));
  return `import { ${sorted.join(', ')} } from 'locus-snn';`;
}
