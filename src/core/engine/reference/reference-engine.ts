/**
 * The living definition of what a network does: plain loops, one step after another, in float32 or, to tell rounding from error, in
 * float64.  Storing a result rounds it; what is rounded before another operation says so.  Other engines are right
 * when they agree with this one, so a change of semantics begins here.
 */
import { spikesAt } from '../../encoding/spike-train.js';
import { invalidArgument } from '../../../errors.js';
import { readOptions } from '../../../options.js';
import type { NeuronVariable, Side } from '../../definitions/rule-definition.js';
import { learnTogether, type RuleNeurons, RuleState } from '../../definitions/rule-state.js';
import { shareName } from '../../definitions/samples.js';
import { SynapseModelState } from '../../definitions/synapse-state.js';
import { checkBatchSize, checkPresentation, readSpikes } from '../../network/check-presentation.js';
import { ownerOf } from '../../network/connection-variables.js';
import { checkVariable } from '../../network/layer-variables.js';
import { programOfMinibatches } from '../../network/minibatches.js';
import { Signals } from '../../network/rule-inputs.js';
import type { SynapseStep } from '../../network/learning/learning-rule.js';
import type { NeuronStep } from '../../network/nodes/neuron-model.js';
import {
  createState,
  drawForRow,
  drawForStep,
  keepOneSpike,
  type LayerState,
  setInitially,
} from './layer-state.js';
import type { DrawMoment } from '../../random/draws.js';
import { inputsOf } from '../../network/nodes/neuron-model.js';
import { type Floats, makeFloats, type Precision, precisions, roundTo } from '../../precision.js';
import { listSynapses } from '../../network/topology/topology.js';
import { letEventsIn } from '../let-events-in.js';
import { normalizeColumns } from '../normalize-columns.js';
import { Turns } from '../turns.js';
import {
  arrivesInSameStep,
  changesOnlySpikingTargets,
  type Program,
  type ProgramConnection,
  type ProgramLayer,
  type SynapseProgram,
} from '../../network/program.js';
import {
  type Engine,
  engineSchema,
  type GivenDraws,
  itemOf,
  type Presentation,
  type PresentOptions,
  purposeOf,
  registerEngine,
  type Simulation,
} from '../../network/simulation.js';

interface SynapseState {
  readonly weights: Floats;
  /** [group, column] 1 where clamping has changed a weight since the last normalisation. */
  readonly clamped: Uint8Array;
  plastic: boolean;
  /** Whether every column summed to the norm when the present image began. */
  normalized: boolean;
  /** Whether the connection has learned since it was last normalised. */
  learned: boolean;
  /** Traces and state of a compiled rule, by which single images and steps learn. */
  readonly rule: RuleState | null;
  /** The same of each image that learns at once; none without equations. */
  samples: readonly RuleState[];
  /** State of a synapse model. */
  readonly model: SynapseModelState | null;
}

class ReferenceSimulation implements Simulation<Precision> {
  readonly engine = 'reference';
  readonly #layers: LayerState[];
  /** States of the images that learn at once, the first of them `#layers`; they share what is persistent. */
  #members: LayerState[][];
  /** What they run; made for the first minibatch. */
  #together: Program | undefined;
  readonly #synapses: (SynapseState | null)[];
  readonly #turns = new Turns();
  readonly #signals: Signals;
  /** Of each image that is presented its signals [step, signal]; null while single steps are made. */
  #imageSignals: readonly Floats[] | null = null;
  /** What is drawn next: the images of the members, and the steps since their state was reset. */
  #purpose = 0;
  #items: readonly number[] = [0];
  #stepped = 0;
  /** Resets and presentations so far. */
  #runs = 0;
  /** Spikes of the next step that are forced and forbidden, by layer. */
  readonly #clamps = new Map<number, readonly [forced: Uint32Array, forbidden: Uint32Array]>();

  constructor(readonly program: Program) {
    const { precision } = program;
    this.#layers = program.layers.map((layer) => createState(layer, {}, precision));
    this.#members = [this.#layers];
    this.#synapses = program.connections.map((connection) => {
      if (connection.kind === 'uniform') return null;
      const { fanOut, nGroups } = connection.wiring;
      const rule = createRuleState(program, connection);
      return {
        weights: makeFloats(precision, fanOut.nRows * fanOut.rowLength),
        clamped: new Uint8Array(nGroups * fanOut.rowLength),
        plastic: true,
        normalized: false,
        learned: false,
        rule,
        samples: rule ? [rule] : [],
        model: createModelState(connection),
      };
    });
    this.#signals = new Signals(program);
  }

  getWeights(connection: number): Floats {
    return this.#synapse(connection).weights.slice();
  }

  setWeights(connection: number, weights: Floats, normalized: boolean): void {
    const synapse = this.#synapse(connection);
    synapse.weights.set(weights);
    synapse.clamped.fill(0);
    synapse.normalized = normalized;
    synapse.learned = false;
  }

  getVariable(layer: number, variable: string): Floats {
    return makeFloats(this.program.precision, this.#variable(layer, variable));
  }

  setVariable(layer: number, variable: string, values: Floats): void {
    checkVariable(this.program.layers[layer], variable, 'set');
    this.#variable(layer, variable).set(values);
  }

  getConnectionVariable(connection: number, variable: string): Floats {
    return this.#connectionVariable(connection, variable).slice();
  }

  setConnectionVariable(connection: number, variable: string, values: Floats): void {
    const found = this.#connectionVariable(connection, variable);
    const { rule, model } = this.#synapse(connection);
    if (model && Object.hasOwn(model.variables, variable)) found.set(values);
    else rule?.set(variable, values);
  }

  #connectionVariable(connection: number, variable: string): Floats {
    const { rule, model } = this.#synapse(connection);
    ownerOf(this.program.connections[connection] as SynapseProgram, variable);
    return { ...rule?.traces, ...rule?.synapse, ...model?.variables }[variable];
  }

  setSignal(name: string, value: number): void {
    this.#signals.set(name, value);
  }

  inject(layer: number, variable: string, values: Float32Array): void {
    checkVariable(this.program.layers[layer], variable, 'set');
    const found = this.#variable(layer, variable);
    for (let neuron = 0; neuron < found.length; neuron++) found[neuron] += values[neuron];
  }

  clamp(layer: number, forced: Uint32Array, forbidden: Uint32Array): void {
    this.#clamps.set(layer, [forced, forbidden]);
  }

  setPlastic(connection: number, plastic: boolean): void {
    this.#synapse(connection).plastic = plastic;
  }

  resetState(number = this.#runs + 1): void {
    this.#runs = number;
    this.#beginImages(0, [this.#runs]);
  }

  /** Resets the state before images, whose numbers their draws depend on. */
  #beginImages(purpose: number, items: readonly number[]): void {
    this.#purpose = purpose;
    this.#items = items;
    this.#stepped = 0;
    this.program.layers.forEach((layer, index) => {
      for (const { [index]: state } of this.#members) {
        for (const [name, value] of Object.entries(layer.model.initialState(layer.constants))) {
          if (!layer.model.persistent.includes(name)) setInitially(state.variables[name], value);
        }
        const { spikes, inputs, tracePre, tracePost, spiked } = state;
        for (const array of [spikes, ...Object.values(inputs), tracePre, tracePost, spiked]) array.fill(0);
      }
    });
    for (const synapse of this.#synapses) {
      synapse?.rule?.reset();
      synapse?.model?.reset();
      for (const sample of synapse?.samples ?? []) sample.reset();
      // What was learned and never normalised: no column is known to sum to the norm any more.
      if (!synapse?.learned) continue;
      synapse.normalized = false;
      synapse.learned = false;
    }
  }

  step(
    inputs: ReadonlyMap<number, Uint32Array>,
    learn: boolean,
    given?: ReadonlyMap<number, GivenDraws>,
  ): void {
    this.#step([inputs], learn, given);
    this.#clamps.clear();
  }

  /** One step of all members with the inputs of each. */
  #step(
    inputs: readonly ReadonlyMap<number, Uint32Array>[],
    learn: boolean,
    given?: ReadonlyMap<number, GivenDraws>,
  ): void {
    const program = this.#running;
    program.layers.forEach((layer, index) => {
      this.#propagate((connection) => connection.target === index && arrivesInSameStep(program, connection));
      this.#stepLayer(layer, index, inputs, learn, given?.get(index));
    });
    program.connections.forEach((connection, index) => {
      if (connection.kind !== 'synapses') return;
      this.#followSpikes(connection, this.#synapse(index));
      if (learn) this.#learn(connection, this.#synapse(index));
    });
    this.#propagate((connection) => !arrivesInSameStep(program, connection));
    this.#stepped++;
  }

  normalize(only?: number): void {
    this.program.connections.forEach((connection, index) => {
      if (connection.kind === 'uniform' || connection.norm === null) return;
      const synapse = this.#synapse(index);
      if (only === undefined ? !synapse.plastic : index !== only) return;
      this.#normalize(connection, synapse);
      synapse.normalized = true;
      synapse.learned = false;
    });
  }

  present(presentation: Presentation, options: PresentOptions): Promise<number> {
    return this.#turns.take(() => this.#present(presentation, options));
  }

  async #present(presentation: Presentation, options: PresentOptions): Promise<number> {
    checkPresentation(this.program, presentation, options);
    const batchSize = options.learn ? checkBatchSize(options.batchSize ?? 1, 'engine reference') : 1;
    let image = 0;
    try {
      while (image < presentation.count && !options.signal?.aborted) {
        this.#gather(Math.min(batchSize, presentation.count - image));
        this.#presentTogether(presentation, options, image);
        image += this.#members.length;
        options.onProgress?.(image);
        await letEventsIn();
      }
    } finally {
      this.#imageSignals = null;
      this.#gather(1);
      this.resetState();
    }
    return image;
  }

  /** Shows the members an image each, from `first` on. */
  #presentTogether(presentation: Presentation, options: PresentOptions, first: number): void {
    const { steps } = presentation;
    const { learn, count, countEvery = steps } = options;
    const { size } = this.program.layers[count];
    const windows = Math.ceil(steps / countEvery);
    const members = this.#members;
    const counts = new Uint16Array(members.length * size * windows);
    const spikes = new Uint32Array(members.length * this.#layers.length);
    const images = members.map((_, member) => first + member);
    const trains = images.map((image) => readSpikes(this.program, presentation, image));
    if (learn) this.#imageSignals = images.map((image) => this.#signals.ofImage(presentation, image));
    this.#beginImages(
      purposeOf(presentation),
      images.map((image) => itemOf(presentation, image)),
    );
    for (let t = 0; t < steps; t++) {
      const inputs = trains.map((train) => new Map([[presentation.layer, spikesAt(train, t)]]));
      this.#step(inputs, learn);
      members.forEach((layers, member) => {
        const window = size * (member * windows + Math.floor(t / countEvery));
        layers[count].spikes.forEach((spike, j) => {
          counts[window + j] += spike;
        });
        layers.forEach((layer, index) => {
          spikes[member * layers.length + index] += countOnes(layer.spikes);
        });
      });
    }
    if (learn) this.normalize();
    options.onCounts?.(counts, first);
    options.onSpikes?.(spikes, first);
  }

  /** What the present images run. */
  get #running(): Program {
    return (this.#members.length > 1 ? this.#together : undefined) ?? this.program;
  }

  /** Makes states for so many images at once. */
  #gather(members: number): void {
    if (members > 1) this.#together ??= programOfMinibatches(this.program, 'reference');
    while (this.#members.length < members) {
      this.#members.push(
        this.program.layers.map((layer, index) =>
          createState(layer, this.#layers[index].variables, this.program.precision),
        ),
      );
    }
    this.#members = this.#members.slice(0, members);
    const program = this.#running;
    program.connections.forEach((connection, index) => {
      const synapse = this.#synapses[index];
      if (connection.kind === 'uniform' || !synapse || synapse.samples.length === members) return;
      synapse.samples = gatherRules(program, connection, synapse.rule, members);
    });
  }

  dispose(): void {}

  #synapse(connection: number): SynapseState {
    const synapse = this.#synapses[connection];
    if (!synapse) throw invalidArgument('simulation', 'a connection with weights', connection);
    return synapse;
  }

  #variable(layer: number, variable: string): Floats | Uint8Array {
    checkVariable(this.program.layers[layer], variable, 'get');
    const { variables, spikes, inputs, tracePre, tracePost } = this.#layers[layer];
    const all: Record<string, Floats | Uint8Array> = {
      ...variables,
      spikes,
      ...inputs,
      tracePre,
      tracePost,
    };
    return all[variable];
  }

  #stepLayer(
    layer: ProgramLayer,
    index: number,
    inputs: readonly ReadonlyMap<number, Uint32Array>[],
    learn: boolean,
    given: GivenDraws | undefined,
  ): void {
    const states = this.#members.map(({ [index]: state }) => state);
    if (layer.model.kernel === 'input') {
      states.forEach(({ spikes }, member) => {
        spikes.fill(0);
        for (const neuron of inputs[member].get(index) ?? []) spikes[neuron] = 1;
      });
    } else {
      const { constants, model } = layer;
      const [first] = inputsOf(model);
      const steps = states.map(({ variables: state, inputs: arriving, spikes }, member) => ({
        state,
        constants,
        input: arriving[first],
        inputs: arriving,
        spikes,
        learn,
        draws: drawForStep(this.program, index, this.#momentOf(member), given?.values),
        precision: this.program.precision,
      }));
      // Models of programs in double precision are equations, which step in any.
      const [step, ...others] = steps as NeuronStep[];
      if (others.length === 0) model.step(step);
      else model.stepTogether?.([step, ...others]);
      states.forEach(({ spikes }, member) => {
        if (!model.isExclusive) return;
        keepOneSpike(spikes, this.program, index, this.#momentOf(member), given?.choice);
      });
      const [forced, forbidden] = this.#clamps.get(index) ?? [];
      for (const { inputs: arriving, spikes } of states) {
        for (const input of Object.values(arriving)) input.fill(0);
        for (const neuron of forced ?? []) spikes[neuron] = 1;
        for (const neuron of forbidden ?? []) spikes[neuron] = 0;
      }
    }
    for (const { spikes, tracePre, tracePost, spiked } of states) {
      for (let i = 0; i < spikes.length; i++) {
        tracePre[i] = spikes[i] ? 1 : tracePre[i] * layer.tracePreDecay;
        tracePost[i] = spikes[i] ? 1 : tracePost[i] * layer.tracePostDecay;
        if (spikes[i]) spiked[i] = 1;
      }
    }
  }

  #momentOf(member: number): DrawMoment {
    return { purpose: this.#purpose, item: this.#items[member], step: this.#stepped };
  }

  #learn(connection: SynapseProgram, synapse: SynapseState): void {
    if (!synapse.plastic || connection.rule.kernel === 'none') return;
    const { weights, clamped } = synapse;
    const { fanOut, nGroups, maskSelf, mask } = connection.wiring;
    if (synapse.samples.length > 0) this.#learnByEquations(connection, synapse);
    else this.#learnByCode(connection, weights);
    synapse.learned = true;
    // Normalisation can push weights over the bounds, so clamping reaches every weight, not only those that learned.
    const groupSize = weights.length / nGroups;
    for (let w = 0; w < weights.length; w++) {
      const column = w % fanOut.rowLength;
      const isOwn = maskSelf && Math.floor(w / fanOut.rowLength) % fanOut.rowLength === column;
      if (isOwn || mask?.[w] === 0) {
        weights[w] = 0;
        continue;
      }
      const within = Math.min(connection.wMax, Math.max(connection.wMin, weights[w]));
      if (within !== weights[w]) clamped[Math.floor(w / groupSize) * fanOut.rowLength + column] = 1;
      weights[w] = within;
    }
  }

  /** By what is written for float32: programs in double precision have equations. */
  #learnByCode({ wiring, rule, ...ends }: SynapseProgram, weights: Floats): void {
    const steps = this.#members.map(({ [ends.source]: source, [ends.target]: target }) => ({
      fanOut: wiring.fanOut,
      weights,
      sourceSpikes: source.spikes,
      targetSpikes: target.spikes,
      sourceTrace: source.tracePre,
      targetTrace: target.tracePost,
    }));
    const [step, ...others] = steps as SynapseStep[];
    if (others.length === 0) rule.update?.(step);
    else rule.updateTogether?.([step, ...others]);
  }

  #followSpikes({ source, target }: SynapseProgram, { samples }: SynapseState): void {
    samples.forEach((sample, member) => {
      const { [source]: from, [target]: onto } = this.#members[member];
      sample.followSpikes({ source: from.spikes, target: onto.spikes });
    });
  }

  #learnByEquations(connection: SynapseProgram, { samples, weights }: SynapseState): void {
    const [{ rule }] = samples;
    const share = Math.fround(1 / samples.length);
    const findNeurons = (layers: readonly LayerState[], of: Side): RuleNeurons => {
      const { spikes, spiked, variables } = layers[connection[of]];
      return { spikes, spiked, state: readNeurons(rule.neurons, of, variables) };
    };
    const steps = this.#members.map((layers, member) => ({
      weights,
      source: findNeurons(layers, 'source'),
      target: findNeurons(layers, 'target'),
      signals: Object.fromEntries(
        rule.signals.map((name) => [name, name === shareName ? share : this.#readSignal(name, member)]),
      ),
    }));
    learnTogether(samples, steps);
  }

  /** A signal in the present step. */
  #readSignal(name: string, member: number): number {
    const { names } = this.#signals;
    const rows = this.#imageSignals?.[member];
    return rows ? rows[this.#stepped * names.length + names.indexOf(name)] : this.#signals.get(name);
  }

  /** Adds to the inputs of targets what the present spikes, or emitted values, send them: connections in their order, sources ascending. */
  #propagate(isChosen: (connection: ProgramConnection) => boolean): void {
    this.program.connections.forEach((connection, index) => {
      if (!isChosen(connection)) return;
      for (const { [connection.source]: source, [connection.target]: target } of this.#members) {
        this.#send(connection, index, source, target.inputs[connection.into]);
      }
    });
  }

  #send(
    connection: ProgramConnection,
    index: number,
    { spikes, variables }: LayerState,
    input: Floats,
  ): void {
    if (connection.kind === 'uniform') {
      const { channels } = this.program.layers[connection.target].shape;
      const round = roundTo[this.program.precision];
      for (let start = 0; start < spikes.length; start += channels) {
        let count = 0;
        for (let k = 0; k < channels; k++) count += spikes[start + k];
        if (count === 0) continue;
        for (let j = start; j < start + channels; j++) {
          input[j] += round(connection.weight * (count - spikes[j]));
        }
      }
      return;
    }
    const { start, row, target, rowLength } = connection.wiring.fanOut;
    const { weights, model } = this.#synapse(index);
    if (model) {
      const { neurons } = model.synapse;
      model.deliver({
        weights,
        spikes,
        input,
        source: readNeurons(neurons, 'source', variables),
        target: readNeurons(neurons, 'target', this.#layers[connection.target].variables),
        draw: drawForRow(this.program, index, this.#momentOf(0)),
      });
      return;
    }
    const { emits } = this.program.layers[connection.source].model;
    if (emits !== undefined) {
      const round = roundTo[this.program.precision];
      variables[emits].forEach((value, i) => {
        for (let e = start[i]; e < start[i + 1]; e++) {
          for (let k = 0; k < rowLength; k++) {
            input[target[e] + k] += round(weights[row[e] * rowLength + k] * value);
          }
        }
      });
      return;
    }
    for (let i = 0; i < spikes.length; i++) {
      if (!spikes[i]) continue;
      for (let e = start[i]; e < start[i + 1]; e++) {
        for (let k = 0; k < rowLength; k++) {
          input[target[e] + k] += weights[row[e] * rowLength + k];
        }
      }
    }
  }

  /** Scales every column that has changed to the norm: its target has spiked, or clamping has met it. */
  #normalize(connection: SynapseProgram, synapse: SynapseState): void {
    const { fanOut, nGroups } = connection.wiring;
    const { weights, clamped } = synapse;
    const targets = this.#members.map(({ [connection.target]: target }) => target);
    const everyColumn = !synapse.normalized || !changesOnlySpikingTargets(connection);
    normalizeColumns(
      connection,
      weights,
      (group, column) =>
        everyColumn ||
        clamped[group * fanOut.rowLength + column] === 1 ||
        targets.some(({ spiked }) =>
          hasSpiked(spiked, fanOut.rowLength, column, nGroups === 1 ? null : group),
        ),
    );
    clamped.fill(0);
  }
}

function createRuleState({ layers }: Program, connection: SynapseProgram): RuleState | null {
  const { compiledRule, wiring, source, target } = connection;
  if (!compiledRule) return null;
  return new RuleState(compiledRule, wiring.fanOut, {
    source: layers[source].size,
    target: layers[target].size,
  });
}

function createModelState({ compiledSynapse, wiring }: SynapseProgram): SynapseModelState | null {
  return compiledSynapse && new SynapseModelState(compiledSynapse, wiring.fanOut, listSynapses(wiring));
}

/** State of the neurons at one end, by the name that equations give it. */
function readNeurons(
  neurons: ReadonlyMap<string, NeuronVariable>,
  of: Side,
  variables: Readonly<Record<string, Floats>>,
): Record<string, Floats> {
  const read = [...neurons].filter(([, neuron]) => neuron.of === of);
  return Object.fromEntries(read.map(([name, { variable }]) => [name, variables[variable]] as const));
}

/** Rules of the images of a minibatch, which share what is persistent, with single images too, and sums; of one image the given. */
function gatherRules(
  { layers }: Program,
  { compiledRule, wiring, source, target }: SynapseProgram,
  one: RuleState | null,
  members: number,
): readonly RuleState[] {
  if (members === 1) return one ? [one] : [];
  if (!compiledRule) return [];
  const sizes = { source: layers[source].size, target: layers[target].size };
  const share = (state: RuleState | null) =>
    Object.fromEntries(
      compiledRule.persistent.flatMap((name) => (state?.synapse[name] ? [[name, state.synapse[name]]] : [])),
    );
  const first = new RuleState(compiledRule, wiring.fanOut, sizes, share(one));
  const others = Array.from(
    { length: members - 1 },
    () => new RuleState(compiledRule, wiring.fanOut, sizes, share(first)),
  );
  return [first, ...others];
}

/** Whether the neuron of this channel has spiked at the position, or at any position (null). */
function hasSpiked(spiked: Uint8Array, channels: number, channel: number, position: number | null): boolean {
  if (position !== null) return spiked[position * channels + channel] === 1;
  for (let j = channel; j < spiked.length; j += channels) if (spiked[j]) return true;
  return false;
}

function countOnes(spikes: Uint8Array): number {
  let count = 0;
  for (const spike of spikes) count += spike;
  return count;
}

export const referenceEngine: Engine = {
  name: 'reference',
  precisions,
  prepare(program, options) {
    readOptions('engine reference', engineSchema, options);
    return new ReferenceSimulation(program);
  },
};

registerEngine(referenceEngine);
