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
import { Past } from './past.js';
import type { DrawMoment } from '../../random/draws.js';
import { inputsOf } from '../../network/nodes/neuron-model.js';
import { type Floats, makeFloats, type Precision, precisions, roundTo } from '../../precision.js';
import { listSynapses } from '../../network/topology/topology.js';
import { countPositions } from '../../network/shape.js';
import { letEventsIn } from '../let-events-in.js';
import { boundsOf, lagOf } from '../../network/delays.js';
import { columnOf, normalizeColumns } from '../normalize-columns.js';
import { deliverCompetition, deliverMean } from './count-delivery.js';
import { MaxDelivery } from './max-delivery.js';
import { Turns } from '../turns.js';
import {
  arrivesInSameStep,
  changesOnlySpikingTargets,
  type Program,
  type ProgramConnection,
  type ProgramLayer,
  type SynapseProgram,
  type UniformProgram,
} from '../../network/program.js';
import {
  countedLayers,
  type Engine,
  engineSchema,
  type GivenDraws,
  type ImageMoment,
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
  /** What its targets receive in every step. */
  readonly bias: Floats | null;
  /** Rates of max pooling, of each image that is presented at once. */
  pools: readonly MaxDelivery[];
}

class ReferenceSimulation implements Simulation<Precision> {
  readonly engine = 'reference';
  readonly #layers: LayerState[];
  /** States of the images that learn at once, the first of them `#layers`; they share what is persistent. */
  #members: LayerState[][];
  /** What they run; made for the first minibatch. */
  #together: Program | undefined;
  /** What the layers of each member were, for connections with delays. */
  readonly #pasts = new Map<LayerState, Past>();
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
        bias: connection.bias?.slice() ?? null,
        pools: createPools(program, connection, 1),
      };
    });
    this.#signals = new Signals(program);
    this.#keepPasts(this.#layers);
  }

  /** Begins to follow those of a member's layers whose spikes some connection delays. */
  #keepPasts(layers: readonly LayerState[]): void {
    layers.forEach((state, index) => {
      const delays = this.program.connections.flatMap(({ source, delay }) =>
        source === index ? [boundsOf(delay)[1]] : [],
      );
      const longest = lagOf(Math.max(0, ...delays));
      if (longest > 0) this.#pasts.set(state, new Past(state, longest));
    });
  }

  /** A layer so many steps ago. */
  #past(state: LayerState, lag: number): LayerState {
    return this.#pasts.get(state)?.at(lag) ?? state;
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
    const { rule, model, bias, pools } = this.#synapse(connection);
    if (found === bias || found === pools[0]?.rates) found.set(values);
    else if (model && Object.hasOwn(model.variables, variable)) found.set(values);
    else rule?.set(variable, values);
  }

  #connectionVariable(connection: number, variable: string): Floats {
    const { rule, model, bias, pools } = this.#synapse(connection);
    ownerOf(this.program.connections[connection] as SynapseProgram, variable);
    const own: Record<string, Floats> = { ...(bias && { bias }), ...(pools[0] && { rate: pools[0].rates }) };
    return { ...own, ...rule?.traces, ...rule?.synapse, ...model?.variables }[variable];
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

  isPlastic(connection: number): boolean {
    return this.#synapse(connection).plastic;
  }

  resetState(image: ImageMoment = { purpose: 0, item: this.#runs + 1 }): void {
    const { purpose, item } = image;
    if (purpose === 0) this.#runs = item;
    this.#beginImages(purpose, [item]);
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
    for (const past of this.#pasts.values()) past.reset();
    for (const synapse of this.#synapses) {
      synapse?.rule?.reset();
      synapse?.model?.reset();
      for (const pool of synapse?.pools ?? []) pool.reset();
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
      program.connections.forEach((connection, number) => {
        if (connection.target !== index || !arrivesInSameStep(connection)) return;
        this.#propagate(connection, number, true);
      });
      this.#addBiases(index);
      this.#stepLayer(layer, index, inputs, learn, given?.get(index));
    });
    for (const past of this.#pasts.values()) past.record();
    program.connections.forEach((connection, index) => {
      if (connection.kind !== 'synapses') return;
      this.#followSpikes(connection, this.#synapse(index));
      if (learn) this.#learn(connection, this.#synapse(index));
    });
    program.connections.forEach((connection, index) => {
      const [, longest] = boundsOf(connection.delay);
      if (longest > 0) this.#propagate(connection, index, false);
    });
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
    const { learn, countEvery = steps } = options;
    const counted = countedLayers(options);
    const size = counted.reduce((sum, layer) => sum + this.program.layers[layer].size, 0);
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
        let at = size * (member * windows + Math.floor(t / countEvery));
        for (const layer of counted) {
          for (const spike of layers[layer].spikes) counts[at++] += spike;
        }
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
      const layers = this.program.layers.map((layer, index) =>
        createState(layer, this.#layers[index].variables, this.program.precision),
      );
      this.#members.push(layers);
      this.#keepPasts(layers);
    }
    for (const state of this.#members.slice(members).flat()) this.#pasts.delete(state);
    this.#members = this.#members.slice(0, members);
    const program = this.#running;
    program.connections.forEach((connection, index) => {
      const synapse = this.#synapses[index];
      if (connection.kind === 'uniform' || !synapse) return;
      if (synapse.pools.length !== members) {
        const [first] = synapse.pools;
        synapse.pools = first ? [first, ...createPools(program, connection, members).slice(1)] : [];
      }
      if (synapse.samples.length === members) return;
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
    const { ownBounds } = connection;
    const { fanOut, maskSelf, mask } = connection.wiring;
    if (synapse.samples.length > 0) this.#learnByEquations(connection, synapse);
    else this.#learnByCode(connection, weights);
    synapse.learned = true;
    // Normalisation can push weights over the bounds, so clamping reaches every weight, not only those that learned.
    const findColumn = columnOf(connection.wiring);
    for (let w = 0; w < weights.length; w++) {
      const column = w % fanOut.rowLength;
      const isOwn = maskSelf && Math.floor(w / fanOut.rowLength) % fanOut.rowLength === column;
      if (isOwn || mask?.[w] === 0) {
        weights[w] = 0;
        continue;
      }
      const [low, high] = [ownBounds?.low[w] ?? connection.wMin, ownBounds?.high[w] ?? connection.wMax];
      const within = Math.min(high, Math.max(low, weights[w]));
      if (within !== weights[w]) clamped[findColumn(w)] = 1;
      weights[w] = within;
    }
  }

  /** By what is written for float32: programs in double precision have equations. */
  #learnByCode(connection: SynapseProgram, weights: Floats): void {
    const { wiring, rule } = connection;
    const steps = this.#members.map((layers) => {
      const source = this.#sourceOf(connection, layers);
      const { [connection.target]: target } = layers;
      return {
        fanOut: wiring.fanOut,
        weights,
        sourceSpikes: source.spikes,
        targetSpikes: target.spikes,
        sourceTrace: source.tracePre,
        targetTrace: target.tracePost,
      };
    });
    const [step, ...others] = steps as SynapseStep[];
    if (others.length === 0) rule.update?.(step);
    else rule.updateTogether?.([step, ...others]);
  }

  /** What a rule sees of the source: as it was when the spikes left that arrive now. Of synapses with delays of their own, the present. */
  #sourceOf({ source, delay }: SynapseProgram, { [source]: state }: readonly LayerState[]): LayerState {
    return typeof delay === 'number' ? this.#past(state, lagOf(delay)) : state;
  }

  #followSpikes(connection: SynapseProgram, { samples }: SynapseState): void {
    samples.forEach((sample, member) => {
      const { [member]: layers } = this.#members;
      const from = this.#sourceOf(connection, layers);
      sample.followSpikes({ source: from.spikes, target: layers[connection.target].spikes });
    });
  }

  #learnByEquations(connection: SynapseProgram, { samples, weights }: SynapseState): void {
    const [{ rule }] = samples;
    const share = Math.fround(1 / samples.length);
    const findNeurons = ({ spikes, spiked, variables }: LayerState, of: Side): RuleNeurons => ({
      spikes,
      spiked,
      state: readNeurons(rule.neurons, of, variables),
    });
    const steps = this.#members.map((layers, member) => ({
      weights,
      source: findNeurons(this.#sourceOf(connection, layers), 'source'),
      sourceBefore: (lag: number) => findNeurons(this.#past(layers[connection.source], lag), 'source'),
      target: findNeurons(layers[connection.target], 'target'),
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

  /**
   * Adds to the input of a target what arrives by a connection: before the target is stepped what needs no step, else the rest. Of synapses
   * with delays of their own the longest come first: spikes in the order of their steps.
   */
  #propagate(connection: ProgramConnection, index: number, isForward: boolean): void {
    const { source, target, delay, into } = connection;
    this.#members.forEach(({ [source]: from, [target]: onto }, member) => {
      const input = onto.inputs[into];
      if (connection.kind === 'uniform') {
        this.#compete(connection, this.#past(from, lagOf(connection.delay)), input);
        return;
      }
      if (typeof delay === 'number') {
        this.#send(connection, index, this.#past(from, lagOf(delay)), input, member);
        return;
      }
      const [, longest] = boundsOf(delay);
      const [first, last] = isForward ? [0, 0] : [longest, 1];
      if (this.program.layers[source].model.emits !== undefined) {
        this.#sendEmitted(connection, index, from, input, (steps) => (steps === 0) === isForward);
        return;
      }
      for (let steps = first; steps >= last; steps--) {
        const { spikes } = this.#past(from, lagOf(steps));
        this.#sendSpikes(connection, index, spikes, input, (weight) => delay[weight] === steps);
      }
    });
  }

  /** Adds to the inputs of a layer what its connections give it in every step. */
  #addBiases(layer: number): void {
    this.program.connections.forEach(({ target, into }, index) => {
      const bias = this.#synapses[index]?.bias;
      if (target !== layer || !bias) return;
      for (const { [layer]: state } of this.#members) {
        const input = state.inputs[into];
        for (let j = 0; j < bias.length; j++) input[j] += bias[j];
      }
    });
  }

  #compete({ target, weight, among }: UniformProgram, { spikes }: LayerState, input: Floats): void {
    const { precision, layers } = this.program;
    const { size: all, shape } = layers[target];
    const size = among === 'layer' ? all : shape.channels;
    deliverCompetition(spikes, input, { weight, size, precision });
  }

  #send(connection: SynapseProgram, index: number, source: LayerState, input: Floats, member: number): void {
    const { wiring } = connection;
    const { weights, model, pools } = this.#synapse(index);
    if (wiring.delivery?.kind === 'mean') {
      deliverMean(source.spikes, weights, input, wiring.fanOut, this.program.precision);
      return;
    }
    if (wiring.delivery?.kind === 'max') {
      pools[member].deliver(source.spikes, weights, input);
      return;
    }
    if (model) {
      const { neurons } = model.synapse;
      model.deliver({
        weights,
        spikes: source.spikes,
        input,
        source: readNeurons(neurons, 'source', source.variables),
        target: readNeurons(neurons, 'target', this.#layers[connection.target].variables),
        draw: drawForRow(this.program, index, this.#momentOf(member)),
      });
      return;
    }
    if (this.program.layers[connection.source].model.emits === undefined) {
      this.#sendSpikes(connection, index, source.spikes, input);
    } else {
      this.#sendEmitted(connection, index, source, input);
    }
  }

  /** Weights of what spikes, sources ascending. */
  #sendSpikes(
    { wiring }: SynapseProgram,
    index: number,
    spikes: Uint8Array,
    input: Floats,
    isChosen: (weight: number) => boolean = () => true,
  ): void {
    const { start, row, target, rowLength } = wiring.fanOut;
    const { weights } = this.#synapse(index);
    for (let i = 0; i < spikes.length; i++) {
      if (!spikes[i]) continue;
      for (let e = start[i]; e < start[i + 1]; e++) {
        for (let k = 0; k < rowLength; k++) {
          const w = row[e] * rowLength + k;
          if (isChosen(w)) input[target[e] + k] += weights[w];
        }
      }
    }
  }

  /** Weights of all sources times what they emit, or emitted when it left; sources ascending. */
  #sendEmitted(
    { wiring, source, delay }: SynapseProgram,
    index: number,
    state: LayerState,
    input: Floats,
    isChosen: (steps: number) => boolean = () => true,
  ): void {
    const { start, row, target, rowLength } = wiring.fanOut;
    const { weights } = this.#synapse(index);
    const emits = this.program.layers[source].model.emits as string;
    const round = roundTo[this.program.precision];
    for (let i = 0; i < state.spikes.length; i++) {
      for (let e = start[i]; e < start[i + 1]; e++) {
        for (let k = 0; k < rowLength; k++) {
          const w = row[e] * rowLength + k;
          const steps = typeof delay === 'number' ? null : delay[w];
          if (steps !== null && !isChosen(steps)) continue;
          const from = steps === null ? state : this.#past(state, lagOf(steps));
          input[target[e] + k] += round(weights[w] * from.variables[emits][i]);
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
  const { compiledRule, wiring, source, target, delay } = connection;
  if (!compiledRule) return null;
  const sizes = { source: layers[source].size, target: layers[target].size };
  return new RuleState(compiledRule, wiring.fanOut, sizes, delay);
}

/** Rates of max pooling for so many images; none where spikes are delivered otherwise. */
function createPools(
  { layers, precision }: Program,
  { wiring, target }: SynapseProgram,
  members: number,
): readonly MaxDelivery[] {
  const { delivery, fanOut } = wiring;
  if (delivery?.kind !== 'max') return [];
  const decay = roundTo[precision](delivery.decay);
  const nPositions = countPositions(layers[target].shape);
  return Array.from({ length: members }, () => new MaxDelivery(fanOut, decay, nPositions, precision));
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
  { compiledRule, wiring, source, target, delay }: SynapseProgram,
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
  const first = new RuleState(compiledRule, wiring.fanOut, sizes, delay, share(one));
  const others = Array.from(
    { length: members - 1 },
    () => new RuleState(compiledRule, wiring.fanOut, sizes, delay, share(first)),
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
