/** Plans what is emitted for a network, and places what all of its shards share. */
import { hasOwnWeights } from '../../definitions/rule-state.js';
import { shareName } from '../../definitions/samples.js';
import type { Program, ProgramConnection, ProgramLayer, SynapseProgram } from '../../network/program.js';
import type { WasmMemory } from '../../wasm/wasm-memory.js';
import { listSynapses } from '../../network/topology/topology.js';
import { type NeuronPlan, planNeurons } from './emit-neurons.js';
import { planRule, type RulePlan } from './emit-rules.js';
import { planSynapse, type SynapsePlan } from './emit-synapses.js';
import { padRows, type SharedRule } from './place-rules.js';
import type { SharedSynapse } from './place-synapses.js';
import { shareDelivery } from './place-delivery.js';
import { learnsSingly } from './place-single.js';
import { rowStride } from './row-stride.js';
import {
  arrange,
  padNeurons,
  placeDelays,
  placeMask,
  type SharedState,
  thetaIndex,
  thetaStride,
} from './shard.js';

/**
 * @param signals names of what rules read of each step
 * @param others the same network with equations for single images, which shares weights and all that outlives an image
 */
export function shareState(
  memory: WasmMemory,
  program: Program,
  signals: readonly string[],
  others: SharedState | null,
): SharedState {
  const neurons = program.layers.map((layer) => planLayer(program, layer, others !== null));
  const rules = program.connections.map(planConnection);
  const synapses = program.connections.map(planSynapses);
  const masks =
    others?.masks ??
    program.connections.map((connection) =>
      connection.kind === 'uniform' ? 0 : placeMask(memory, connection.wiring),
    );
  return {
    neurons,
    rules,
    synapses,
    synapseMemory: program.connections.map((connection, index) =>
      placeSynapses(memory, connection, synapses[index], masks[index]),
    ),
    signals,
    takesMean: rules.some((plan) => plan?.rule.signals.includes(shareName)),
    persistent: others?.persistent ?? program.layers.map((layer) => placePersistent(memory, layer)),
    weights:
      others?.weights ??
      program.connections.map((connection) =>
        connection.kind === 'uniform' ? 0 : memory.allocate(4 * paddedSize(connection)),
      ),
    masks,
    delays:
      others?.delays ??
      program.connections.map((connection) =>
        connection.kind === 'uniform' ? 0 : placeDelays(memory, connection),
      ),
    deliveries:
      others?.deliveries ??
      program.connections.map((connection) => {
        if (connection.kind === 'uniform') return null;
        const target = program.layers[connection.target];
        const { channels } = arrange(target);
        return shareDelivery(memory, connection, (values) => padNeurons(target, values, channels));
      }),
    constants: program.layers.map((layer, index) =>
      (neurons[index]?.arrays ?? []).flatMap((array) =>
        array.kind === 'constant' ? [memory.place(padNeurons(layer, array.values, thetaStride(layer)))] : [],
      ),
    ),
    ruleMemory: program.connections.map((connection, index) =>
      placeRule(memory, connection, rules[index], others?.ruleMemory[index].persistent),
    ),
  };
}

/** Weights of a connection in rows that are padded to whole vectors. */
export function paddedSize({ wiring }: SynapseProgram): number {
  return wiring.fanOut.nRows * rowStride(wiring);
}

/** What is emitted for a layer of defined neurons; null for others. */
function planLayer({ dt }: Program, { model }: ProgramLayer, inMinibatches: boolean): NeuronPlan | null {
  if (model.kernel !== 'defined' || !model.compile) return null;
  return planNeurons(model.compile(dt), model, inMinibatches);
}

/** What is emitted for the rule of a connection; null where nothing is. */
function planConnection(connection: ProgramConnection): RulePlan | null {
  if (connection.kind === 'uniform' || !connection.compiledRule) return null;
  const { compiledRule, wiring } = connection;
  const ownWeights = wiring.isSparse === true || hasOwnWeights(wiring.fanOut);
  return planRule(compiledRule, ownWeights, connection, learnsSingly(connection));
}

/** What is emitted for the synapse model of a connection; null where there is none. */
function planSynapses(connection: ProgramConnection): SynapsePlan | null {
  if (connection.kind === 'uniform' || !connection.compiledSynapse) return null;
  return planSynapse(connection.compiledSynapse, listSynapses(connection.wiring) !== null);
}

/** Places what shards share of a synapse model: parameters of every synapse, and which of them there are. */
function placeSynapses(
  memory: WasmMemory,
  connection: ProgramConnection,
  plan: SynapsePlan | null,
  mask: number,
): SharedSynapse | null {
  if (!plan || connection.kind === 'uniform') return null;
  const { wiring } = connection;
  const parameters = plan.arrays.flatMap((array) =>
    array.kind === 'parameter' && array.of === 'synapse'
      ? [[array.values, memory.place(padRows(connection, array.values))] as const]
      : [],
  );
  return {
    mask: wiring.maskSelf ? placeMask(memory, { ...wiring, mask: listSynapses(wiring) ?? undefined }) : mask,
    parameters: new Map(parameters),
  };
}

/** Places what shards share of a rule, if no others have: state that outlives an image, and parameters of every synapse. */
function placeRule(
  memory: WasmMemory,
  connection: ProgramConnection,
  plan: RulePlan | null,
  others: ReadonlyMap<string, number> = new Map(),
): SharedRule {
  if (!plan || connection.kind === 'uniform') return { persistent: new Map(), parameters: [] };
  const place = (values: number | ArrayLike<number>) => memory.place(padRows(connection, values));
  return {
    persistent: new Map(
      plan.rule.persistent.map((name) => [name, others.get(name) ?? place(plan.rule.synapse.get(name) ?? 0)]),
    ),
    parameters: plan.arrays.flatMap((array) => (array.kind === 'parameter' ? [place(array.values)] : [])),
  };
}

/** Places the state of a layer that outlives an image, with its initial values. */
function placePersistent(memory: WasmMemory, layer: ProgramLayer): Map<string, number> {
  const { model, constants } = layer;
  const initial = model.initialState(constants);
  return new Map(
    model.persistent.map((name) => {
      const values = padNeurons(layer, initial[name], thetaStride(layer));
      // Padding of leaky neurons never spikes: no voltage reaches an infinite threshold.
      const isPadding = new Uint8Array(values.length).fill(1);
      for (let neuron = 0; neuron < layer.size; neuron++) isPadding[thetaIndex(layer, neuron)] = 0;
      if (model.kernel === 'leaky' && name === 'theta') {
        isPadding.forEach((padding, at) => {
          if (padding) values[at] = Number.POSITIVE_INFINITY;
        });
      }
      return [name, memory.place(values)];
    }),
  );
}
