/** A network in words: its layers and connections, and what float32 cannot keep of their parameters. */
import { countOf, formatBytes } from '../../wording.js';
import type { LayerDescription } from './nodes/neuron-model.js';
import { type ConnectionOutline, outlineNetwork } from './outline-network.js';
import type { Program, ProgramConnection } from './program.js';
import { describeSlowDecay } from './slow-decay.js';

/** Layers and connections with their parameters, a line each, what they are in all, and notes on what float32 cannot keep. */
export function summarizeNetwork(program: Program, described: ReadonlyMap<string, LayerDescription>): string {
  const { layers, connections, neurons, synapses, bytes } = outlineNetwork(program);
  const all = [countOf(layers.length, 'layer'), countOf(connections.length, 'connection')];
  const inAll = [...all, countOf(neurons, 'neuron'), countOf(synapses, 'synapse')].join(', ');
  return [
    ...layers.map(
      ({ name, model, shape, neurons: size }) =>
        `layer ${name}: ${model}, ${shape.join(' × ')} = ${size} neurons`,
    ),
    ...connections.map((connection, i) => `connection ${describe(connection, program.connections[i])}`),
    `in all: ${inAll}, ${formatBytes(bytes)} of weights and variables`,
    ...noteSlowDecays(program, described).map((note) => `note: ${note}`),
  ].join('\n');
}

function describe(outline: ConnectionOutline, connection: ProgramConnection): string {
  const { name, source, target, rule, synapseModel, weightShape, weights, synapses } = outline;
  const place = name === `${source}->${target}` ? name : `${name} (${source}->${target})`;
  if (connection.kind === 'uniform') return `${place}: competition of ${connection.weight}`;
  const models = [...(synapseModel === null ? [] : [synapseModel]), rule].join(', ');
  const shared = synapses === weights ? '' : `, ${synapses} synapses`;
  return `${place}: ${models}, ${weightShape.join(' × ')} = ${weights} weights${shared}`;
}

/** What decays so slowly that float32 loses it, a line each; nothing in double precision. */
export function noteSlowDecays(
  { dt, precision }: Pick<Program, 'dt' | 'precision'>,
  described: ReadonlyMap<string, LayerDescription>,
): string[] {
  if (precision !== 'single') return [];
  return [...described].flatMap(([name, layer]) => {
    const { tcTracePre, tcTracePost } = layer;
    return Object.entries({ ...layer.timeConstants, tcTracePre, tcTracePost }).flatMap(
      ([parameter, value]) => {
        const found = describeSlowDecay(dt, value);
        if (!found) return [];
        const remedy = parameter === 'tcThetaDecay' ? "; thetaDecay 'exact' keeps it" : '';
        return [`layer ${name}: ${parameter} ${found}${remedy}`];
      },
    );
  });
}
