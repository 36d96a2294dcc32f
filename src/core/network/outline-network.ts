/** What a network is made of, in numbers: its layers and connections, how many neurons and synapses, how much memory. */
import { ownersOf } from './connection-variables.js';
import { inputsOf } from './nodes/neuron-model.js';
import type { Program, ProgramConnection, ProgramLayer, SynapseProgram } from './program.js';
import { listSides } from './shape.js';
import { listSynapses } from './topology/topology.js';

export interface LayerOutline {
  readonly name: string;
  /** Of its neurons. */
  readonly model: string;
  /** [channels, (depth,) height, width] */
  readonly shape: readonly number[];
  readonly neurons: number;
  /** Memory of its variables [bytes]. */
  readonly bytes: number;
}

export interface ConnectionOutline {
  readonly name: string;
  /** Names of layers. */
  readonly source: string;
  readonly target: string;
  /** Of its learning rule; null: fixed competition, which has neither weights nor synapses of its own. */
  readonly rule: string | null;
  /** Of its synapse model, if it has one. */
  readonly synapseModel: string | null;
  /** Whether its rule changes weights. */
  readonly learns: boolean;
  /** Shape of the weights as they are published. */
  readonly weightShape: readonly number[];
  /** Those that synapses share count once. */
  readonly weights: number;
  readonly synapses: number;
  /** Memory of weights, delays and variables [bytes]. */
  readonly bytes: number;
}

/**
 * Bytes are those of weights and variables as `getWeights` and `getVariable` give them, once each, and of delays. What an engine keeps
 * beside them, such as tables of who reaches whom and copies for threads, does not count.
 */
export interface NetworkOutline {
  readonly layers: readonly LayerOutline[];
  readonly connections: readonly ConnectionOutline[];
  readonly neurons: number;
  readonly weights: number;
  readonly synapses: number;
  readonly bytes: number;
}

export function outlineNetwork(program: Program): NetworkOutline {
  const bytesOfNumber = program.precision === 'double' ? 8 : 4;
  const layers = program.layers.map((layer) => outlineLayer(layer, bytesOfNumber));
  const connections = program.connections.map((each) => outlineConnection(each, program, bytesOfNumber));
  return {
    layers,
    connections,
    neurons: sum(layers.map(({ neurons }) => neurons)),
    weights: sum(connections.map(({ weights }) => weights)),
    synapses: sum(connections.map(({ synapses }) => synapses)),
    bytes: sum([...layers, ...connections].map(({ bytes }) => bytes)),
  };
}

function outlineLayer(layer: ProgramLayer, bytesOfNumber: number): LayerOutline {
  const { name, model, constants, shape, size } = layer;
  const variables = [...Object.keys(model.initialState(constants)), ...inputsOf(model)];
  const nVariables = model.kernel === 'input' ? 0 : variables.length;
  const bytes = bytesOfNumber * nVariables * size;
  return { name, model: model.name, shape: listSides(shape), neurons: size, bytes };
}

function outlineConnection(
  connection: ProgramConnection,
  { layers }: Program,
  bytesOfNumber: number,
): ConnectionOutline {
  const { name, source, target } = connection;
  const ends = { name, source: layers[source].name, target: layers[target].name };
  if (connection.kind === 'uniform') {
    const none = { rule: null, synapseModel: null, learns: false, weightShape: [] };
    return { ...ends, ...none, weights: 0, synapses: 0, bytes: 0 };
  }
  const { rule, compiledSynapse, wiring, delay } = connection;
  const weights = wiring.engineIndex.length;
  const sizes = { source: layers[source].size, target: layers[target].size, synapse: weights };
  const variables = sum([...ownersOf(connection).values()].map((owner) => sizes[owner]));
  return {
    ...ends,
    rule: rule.name,
    synapseModel: compiledSynapse?.name ?? null,
    learns: rule.kernel !== 'none',
    weightShape: wiring.weightShape,
    weights,
    synapses: countSynapses(connection),
    bytes: bytesOfNumber * (weights + variables) + (typeof delay === 'number' ? 0 : weights),
  };
}

/** From how many neurons onto how many, shared weights as often as they are shared. */
function countSynapses({ wiring }: SynapseProgram): number {
  const { row, rowLength } = wiring.fanOut;
  const present = listSynapses(wiring);
  if (!present) return row.length * rowLength;
  let count = 0;
  for (const each of row) {
    for (let at = each * rowLength; at < (each + 1) * rowLength; at++) count += present[at];
  }
  return count;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
