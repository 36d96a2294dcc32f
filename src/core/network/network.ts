/** A network as a user describes it, and its simulation step by step with monitors. */
import { checkSpikeTrain, type SpikeTrain } from '../encoding/spike-train.js';
import { invalidArgument, LocusError, unknownName } from '../../errors.js';
import {
  abortSignal,
  callback,
  count,
  custom,
  filledText,
  flag,
  instance,
  list,
  number,
  numbers,
  oneOf,
  readOptions,
  record,
  type Schema,
} from '../../options.js';
import { type FloatArrays, type Floats, makeFloats, type Precision, precisions } from '../precision.js';
import { seedField } from '../random/stream.js';
import { type ConnectionDescription, compileNetwork, type NamedConnection } from './compile-network.js';
import { describeNetwork, type DescribedNetwork } from './description/describe-network.js';
import { type DrawingLayer, GivenRun } from './given-draws.js';
import { Turns } from '../engine/turns.js';
import { feedSources } from './source-spikes.js';
import { type GuardedSimulation, guardSimulation } from './guard-simulation.js';
import { makeSteps, type RecordedPlace, recordStep } from './make-steps.js';
import { Monitor } from './monitors.js';
import type { LayerDescription } from './nodes/neuron-model.js';
import { type NetworkOutline, outlineNetwork } from './outline-network.js';
import { presentImages } from './present/present-images.js';
import type { Presented, PresentImagesOptions } from './present/present-options.js';
import type { Images } from './present/shown-images.js';
import { type Program, type Propagation, type SynapseProgram, propagations } from './program.js';
import { drawWeights } from './initial-weights.js';
import { type GivenInputs, givenSchema, RunInputs } from './run-inputs.js';
import {
  engineOrder,
  invertOrder,
  isInEngineOrder,
  toEngineOrder,
  toEngineSpikes,
  toPublishedOrder,
} from './shape.js';
import {
  checkPrecision,
  type EngineOptions,
  engineSchema,
  getEngine,
  type RunSteps,
  type Simulation,
} from './simulation.js';
import { countSteps } from './steps.js';
import { checkSigns, takeSign } from './weight-bounds.js';
import { warnOnce } from '../../warn.js';
import { noteSlowDecays, summarizeNetwork } from './summarize-network.js';
import { ownerOf, ownersOf } from './connection-variables.js';
import { type NetworkState, readState, writeState } from './network-state.js';
import { StateLog } from './state-log.js';
import { checkSignals, listSignals, type RunSignal, runSignalField, signalValue } from './rule-inputs.js';
import type { Pairs } from './topology/draw-pairs.js';
import { listPairs } from './topology/sparse-connection.js';
import { checkSameShape, type SynapticConnection } from './topology/topology.js';

export interface NetworkParameters<P extends Precision = 'single'> {
  /** Length of a step [ms]. Default: 1. */
  dt?: number;
  /** Seed of the initial weights, and of all that neurons and their parameters draw. Default: 0. */
  seed?: number;
  /** Whether spikes reach layers that were added later within the step, or all layers at the next step (default). */
  propagation?: Propagation;
  /** Name of the engine that runs it. Default: wasm. */
  engine?: string;
  /**
   * What it computes in: float32 (default), or float64 on the engine reference, to tell rounding from error. Draws, and initial weights
   * that are drawn, are the same float32 numbers in both.
   */
  precision?: P;
  /** Default: 1. Results do not depend on it. */
  threads?: number;
  /** Images evaluated at the same time (engine gpu). */
  gpuBatch?: number;
  /** @deprecated Former name of `gpuBatch`. */
  batch?: number;
}

export interface RunOptions extends GivenInputs {
  /** Number of steps; the length of the inputs if left out. */
  time?: number;
  /** Whether weights and adaptive thresholds change. Default: true. */
  learn?: boolean;
  /**
   * What learning rules read, such as `reward`: a number, one for every step, or a function that is called before each step and may read
   * the network.
   */
  signals?: Readonly<Record<string, RunSignal>>;
  /** Numbers that layers take instead of what they would draw [step, neuron, call], by layer, published order. */
  draws?: Readonly<Record<string, Float32Array>>;
  /** The neuron that spikes in each step (−1: none), by layer of which one neuron at most does, published order. */
  choices?: Readonly<Record<string, ArrayLike<number>>>;
  /** Called now and then, and at the end, with the number of steps made (engines reference and wasm). */
  onProgress?: (steps: number) => void;
  /** Ends the run between two steps (engines reference and wasm). */
  signal?: AbortSignal;
}

export const networkSchema: Schema<NetworkParameters<Precision>> = {
  dt: number({ above: 0, unit: 'ms' }),
  seed: seedField,
  propagation: oneOf(propagations),
  engine: filledText,
  precision: oneOf(precisions),
  ...engineSchema,
};

interface SetWeightsOptions {
  normalized?: boolean;
}

const setWeightsSchema: Schema<SetWeightsOptions> = { normalized: flag };

const draws = custom<Float32Array>('to be a Float32Array', (value) => value instanceof Float32Array);

const floats = custom<Floats>(
  'to be a Float32Array or Float64Array',
  (value) => value instanceof Float32Array || value instanceof Float64Array,
);

const runSchema: Schema<RunOptions> = {
  time: count({ least: 0, unit: 'steps' }),
  learn: flag,
  draws: record(draws),
  choices: record(numbers),
  signals: record(runSignalField),
  onProgress: callback(),
  signal: abortSignal,
  ...givenSchema,
};

const layerField = custom<LayerDescription>('to be a layer, such as new LIF({ shape: 10 })', (value) => {
  const { model, shape, constants } = (value ?? {}) as Partial<LayerDescription>;
  return typeof model === 'object' && typeof shape === 'object' && typeof constants === 'function';
});

const connectionField = custom<ConnectionDescription>(
  'to be a connection, such as new Connection({ norm: 1 })',
  (value) => {
    const { kind } = (value ?? {}) as Partial<ConnectionDescription>;
    return kind === 'uniform' || kind === 'synapses';
  },
);

const monitorField = instance(Monitor);

const duration = number({ least: 0, unit: 'ms' });
const names = list(filledText, { least: 1 });

/** By the name of a layer; whether spikes fit it, `checkSpikeTrain` sees. */
const spikeTrains = record<SpikeTrain>(
  custom('to be spikes as encoders make them', (value) => typeof value === 'object'),
);

/** Layers by name, connections between them, monitors; `run` simulates. Its numbers are Float64Arrays in double precision. */
export class Network<P extends Precision = 'single'> {
  readonly dt: number;
  readonly seed: number;
  readonly propagation: Propagation;
  readonly precision: P;
  readonly #engine: string;
  readonly #engineOptions: EngineOptions;
  readonly #layers = new Map<string, LayerDescription>();
  readonly #connections: NamedConnection[] = [];
  readonly #monitors: { readonly of: string; readonly monitor: Monitor<P> }[] = [];
  /** Engine index of every published index, by layer. */
  readonly #orders = new Map<number, Uint32Array>();
  #simulation: GuardedSimulation<P> | undefined;
  /** Of the simulation. */
  #log: StateLog | undefined;
  readonly #presentations = new Turns();
  #revision = 0;
  #isWarned = false;
  #isDisposed = false;

  constructor(parameters: NetworkParameters<P> = {}) {
    const given = readOptions('Network', networkSchema, parameters);
    const { dt = 1, seed = 0, propagation = 'next-step', engine = 'wasm', threads = 1, gpuBatch } = given;
    this.dt = dt;
    this.seed = seed;
    this.propagation = propagation;
    this.precision = (given.precision ?? 'single') as P;
    this.#engine = engine;
    this.#engineOptions = { threads, gpuBatch };
  }

  /** Adds a layer; layers are stepped in the order they were added. */
  addLayer(name: string, layer: LayerDescription): this {
    this.#assertOpen();
    filledText('Network.addLayer', 'name', name);
    layerField('Network.addLayer', 'layer', layer);
    if (this.#layers.has(name))
      throw new LocusError('NAME_TAKEN', `Network: there is a layer "${name}" already`);
    this.#layers.set(name, layer);
    return this;
  }

  /** Connects two layers; the connection's name is `source->target` unless it is given one. */
  addConnection(source: string, target: string, connection: ConnectionDescription, name?: string): this {
    this.#assertOpen();
    for (const layer of [source, target]) {
      if (!this.#layers.has(layer)) throw unknownName('Network', 'layer', layer, [...this.#layers.keys()]);
    }
    connectionField('Network.addConnection', 'connection', connection);
    if (name !== undefined) filledText('Network.addConnection', 'name', name);
    const chosen = name ?? `${source}->${target}`;
    if (this.#layers.get(target)?.model.kernel === 'input') {
      throw invalidArgument(
        `Network connection ${chosen}`,
        'a target of neurons, because the spikes of an Input are given',
        target,
      );
    }
    if (this.#connections.some((other) => other.name === chosen)) {
      throw new LocusError(
        'NAME_TAKEN',
        `Network: there is a connection "${chosen}" already; give this one a name`,
      );
    }
    if (connection.kind === 'uniform') this.#checkCompetition(source, target, `Network connection ${chosen}`);
    this.#connections.push({ name: chosen, source, target, connection });
    return this;
  }

  /**
   * Records variables of a layer or connection, or of several, during `run`.
   *
   * @param of their names
   */
  addMonitor(of: string | readonly string[], monitor: Monitor<P>): this {
    const known = [...this.#layers.keys(), ...this.#connections.map(({ name }) => name)];
    const places = typeof of === 'string' ? [of] : names('Network.addMonitor', 'of', of);
    const unknown = places.find((each) => !known.includes(each));
    if (unknown !== undefined) throw unknownName('Network', 'layer or connection', unknown, known);
    monitorField('Network.addMonitor', 'monitor', monitor);
    if (monitor.precision !== this.precision) {
      throw invalidArgument(
        'Network.addMonitor',
        `a monitor of precision "${this.precision}"`,
        monitor.precision,
      );
    }
    for (const place of places) {
      monitor.track(place, this.dt);
      this.#monitors.push({ of: place, monitor });
    }
    return this;
  }

  /** The flat program that engines run. */
  compile(): Program {
    const { dt, seed, propagation, precision } = this;
    return compileNetwork({ dt, seed, propagation, precision }, this.#layers, this.#connections);
  }

  /** Its layers and connections, and how many neurons, synapses and bytes they are. */
  outline(): NetworkOutline {
    return outlineNetwork(this.compile());
  }

  /** The outline in words, a line for each layer and connection, with notes on what float32 cannot keep. */
  summary(): string {
    return summarizeNetwork(this.compile(), this.#layers);
  }

  /**
   * What the network is made of, as plain JSON with large arrays beside it, from which `networkFromDescription` makes it again. It holds no
   * weights or state of a running network (`getState`).
   *
   * @throws LocusError `INVALID_ARGUMENT` naming the layer or connection of a class that no description can hold
   */
  describe(): DescribedNetwork {
    return describeNetwork(this, this.#layers, this.#connections);
  }

  /**
   * All that training changes and a reset between two images keeps: weights, variables such as thresholds, what learns, signals. Voltages
   * and traces of an image that is not over are no part of it.
   */
  getState(): NetworkState<P> {
    const { program } = this.simulation;
    return readState(this, program, this.#log as StateLog);
  }

  /**
   * Goes on from a state of this network, or of one of the same description: the same spikes and weights, to the bit. The state of the present
   * image is reset.
   *
   * @throws LocusError naming the array or connection that does not fit
   */
  setState(state: NetworkState<P>): void {
    const { program } = this.simulation;
    writeState(this, program, this.#log as StateLog, state);
  }

  #warnOfSlowDecays(): void {
    if (this.#isWarned) return;
    this.#isWarned = true;
    for (const note of noteSlowDecays(this, this.#layers)) warnOnce(note, { code: 'LOCUS_SLOW_DECAY' });
  }

  /** The running network; made with its initial weights at the first call, after which the description is closed. */
  get simulation(): GuardedSimulation<P> {
    if (!this.#simulation) {
      if (this.#isDisposed)
        throw new LocusError('DISPOSED', 'Network: was disposed before it ran; make a new one.');
      const engine = getEngine(this.#engine);
      checkPrecision(engine, this.precision);
      const program = this.compile();
      const revision = this.#revision;
      const prepared = engine.prepare(program, this.#engineOptions) as Simulation<P>;
      this.#log = new StateLog(program);
      this.#simulation = guardSimulation(this.#log.follow(feedSources(prepared)), (write) => {
        this.#revision += 1;
        if (write === 'learn') this.#warnOfSlowDecays();
      });
      this.#connections.forEach(({ connection }, index) => {
        if (connection.kind === 'uniform') return;
        this.#setInitialWeights(connection, index);
      });
      // Initial weights follow from the description: they change nothing.
      this.#revision = revision;
    }
    return this.#simulation;
  }

  /**
   * Grows with every call that may change what is learned or set: `setWeights`, `setVariable`, `normalize`, `dispose`, and each
   * step, run or presentation that learns. The same number means the same weights and thresholds.
   */
  get revision(): number {
    return this.#revision;
  }

  /** Weights of a connection in their published shape. */
  getWeights(name: string): { shape: readonly number[]; data: FloatArrays[P] } {
    const [index, program] = this.#synapses(name);
    const rows = this.simulation.getWeights(index);
    const { weightShape, engineIndex } = program.wiring;
    // A loop: `from` with a function takes ten times as long, which a live view would feel.
    const data = makeFloats(this.precision, engineIndex.length);
    for (let i = 0; i < data.length; i++) data[i] = rows[engineIndex[i]];
    return { shape: weightShape, data };
  }

  /** Source and target of every weight of a sparse connection, in published numbers of neurons and the order of its weights. */
  getPairs(name: string): Pairs {
    const [, { wiring, source, target }] = this.#synapses(name);
    if (!wiring.isSparse) throw invalidArgument('Network.getPairs', 'a sparse connection', name);
    const { layers } = this.simulation.program;
    return listPairs(wiring, layers[source].shape, layers[target].shape);
  }

  /**
   * Sets the weights of a connection, in their published shape; where the connection has no synapse, such as from a neuron onto
   * itself, they become 0.  `normalized` says that the weights sum to its norm already.
   */
  setWeights(name: string, weights: Floats, options: SetWeightsOptions = {}): void {
    const place = 'Network.setWeights';
    const { normalized = false } = readOptions(place, setWeightsSchema, options);
    floats(place, 'weights', weights);
    const [index, program] = this.#synapses(name);
    const { engineIndex, weightShape, fanOut, maskSelf, mask } = program.wiring;
    if (weights.length !== engineIndex.length) {
      throw invalidArgument(
        `Network connection ${name}`,
        `${engineIndex.length} weights (${weightShape.join(' × ')})`,
        weights.length,
      );
    }
    const rows = makeFloats(this.precision, fanOut.nRows * fanOut.rowLength);
    for (let i = 0; i < weights.length; i++) rows[engineIndex[i]] = weights[i];
    mask?.forEach((isSynapse, at) => {
      if (isSynapse === 0) rows[at] = 0;
    });
    if (maskSelf) {
      for (let row = 0; row < fanOut.nRows; row++)
        rows[row * fanOut.rowLength + (row % fanOut.rowLength)] = 0;
    }
    checkSigns(weights, program, program.wiring, `Network connection ${name}`);
    this.simulation.setWeights(index, rows, normalized);
  }

  /** Whether a connection learns when the network does (true at first). */
  setPlastic(name: string, plastic: boolean): void {
    flag('Network.setPlastic', 'plastic', plastic);
    const [index] = this.#synapses(name);
    this.simulation.setPlastic(index, plastic);
  }

  /**
   * A variable of a layer, published order; or of a connection: the `bias` of its targets, the `rate` of the sources of max pooling, and of
   * a rule or synapse model made of equations a trace or state of its sources, in the order of its neurons, or state of its synapses, in
   * the order of its weights.
   */
  getVariable(of: string, variable: string): FloatArrays[P] {
    if (this.#hasVariables(of)) {
      const { index, order } = this.#connectionVariable(of, variable);
      return toPublishedOrder(this.#readConnectionVariable(index, variable), order);
    }
    const [index, order] = this.#layer(of);
    return toPublishedOrder(this.simulation.getVariable(index, variable), order);
  }

  /** Sets what learning rules read, such as `reward`, from the next step on. */
  setSignal(name: string, value: number): void {
    filledText('Network.setSignal', 'name', name);
    this.simulation.setSignal(name, signalValue('Network.setSignal', 'value', value));
  }

  /** Sets a variable of a layer or connection, in the order of `getVariable`. */
  setVariable(layer: string, variable: string, values: Floats): void {
    floats('Network.setVariable', 'values', values);
    if (this.#hasVariables(layer)) {
      const { index, order, size } = this.#connectionVariable(layer, variable);
      if (values.length !== order.length) {
        const expectation = `${order.length} values of ${variable}`;
        throw invalidArgument(`Network connection ${layer}`, expectation, values.length);
      }
      const ordered = toEngineOrder(values, order, this.precision, size);
      this.simulation.setConnectionVariable(index, variable, ordered);
      return;
    }
    const [index, order] = this.#layer(layer);
    if (values.length !== order.length) {
      throw invalidArgument(`Network layer ${layer}`, `${order.length} values of ${variable}`, values.length);
    }
    this.simulation.setVariable(index, variable, toEngineOrder(values, order, this.precision));
  }

  /** Resets voltages, refractory counters, traces, spikes and inputs, as before an image. */
  resetState(): void {
    this.simulation.resetState();
  }

  /** Normalises the weights that learned, as after a training image. */
  normalize(): void {
    this.simulation.normalize();
  }

  /**
   * Simulates from the present state on with the given spikes, and what else is given from outside; monitors record every step.
   *
   * @param given spikes by layer, published order: all that an Input has; a layer of neurons makes them beside its own, as those of
   *   `clamp`. Or how long to run without any [ms], for networks with sources
   * @returns number of steps made: all, unless the signal ended the run
   */
  async run(given: Readonly<Record<string, SpikeTrain>> | number, options: RunOptions = {}): Promise<number> {
    const read = readOptions('Network.run', runSchema, options);
    const {
      time,
      learn = true,
      signals = {},
      draws = {},
      choices = {},
      onProgress,
      signal,
      ...others
    } = read;
    const { simulation } = this;
    const { inputs, ofDuration } = this.#readInputs(given, time);
    const trains = new Map<number, SpikeTrain>();
    const forced: Record<string, SpikeTrain> = {};
    for (const [name, train] of Object.entries(inputs)) {
      const [index, order] = this.#layer(name);
      const { model, shape, spikes } = simulation.program.layers[index];
      if (spikes) throw invalidArgument('Network.run', 'inputs for layers without spikes of their own', name);
      if (model.kernel === 'input') {
        checkSpikeTrain(train, order.length, `Network.run input ${name}`);
        trains.set(index, toEngineSpikes(train, shape, order));
      } else if (Object.hasOwn(others.clamp ?? {}, name)) {
        throw invalidArgument('Network.run', `spikes of ${name} as inputs or as clamp, not both`, 'both');
      } else forced[name] = train;
    }
    const asGiven = { ...others, clamp: { ...others.clamp, ...forced } };
    const outside = new RunInputs(asGiven, (name) => {
      const [index, order] = this.#layer(name);
      return { index, order, layer: simulation.program.layers[index] };
    });
    const steps =
      ofDuration ?? time ?? Math.max(outside.steps, ...[...trains.values()].map((train) => train.steps));
    outside.check(steps, simulation);
    for (const train of trains.values()) {
      if (train.steps < steps)
        throw invalidArgument('Network.run', `inputs of at least ${steps} steps`, train.steps);
    }
    checkSignals(signals, listSignals(simulation.program), steps, 'Network.run');
    const layerOf = (name: string): DrawingLayer => {
      const [index, order] = this.#layer(name);
      return { layer: simulation.program.layers[index], index, order };
    };
    const drawn = new GivenRun(draws, choices, steps, layerOf);
    const isClosedLoop = Object.values(signals).some((each) => typeof each === 'function');
    return simulation.exclusively(learn, async (engine) => {
      const recorded = this.#listRecorded();
      if (!engine.run || isClosedLoop) {
        const run = { steps, learn, trains, outside, given: drawn, signals, recorded, onProgress, signal };
        return makeSteps(engine, run);
      }
      const recordWeights = this.#monitors.some(
        ({ of, monitor }) => monitor.variables.includes('w') || this.#hasVariables(of),
      );
      await engine.run({
        inputs: trains,
        steps,
        learn,
        recordWeights,
        signals: new Map(Object.entries(signals)) as RunSteps['signals'],
        onStep: () => {
          for (const place of recorded) recordStep(place, engine);
        },
      });
      return steps;
    });
  }

  /**
   * Shows many images, the state reset before each, and counts spikes. Weights are normalised after each image that the network learned
   * from, or minibatch. What is asked for while another presentation runs begins after it. Monitors record nothing.
   *
   * Image number n of a presentation is image n of the data, or `order[n]`; beyond their end they begin anew. Random numbers of encoders
   * and neurons depend on seed, purpose and n alone: a presentation that ends at n and one that goes on from there (`from: n`) leave
   * the bits of one without a break.
   *
   * Engines show images in batches. Step by step, on one thread and not on a GPU, goes what they cannot take so: several layers, or neurons, that images
   * are shown to, `reset: false`, `currents`, `voltages`, `clamp`, `unclamp`, a `SpikeSource`.
   *
   * @param images [image, pixel] bytes, or brightness in [0, 1]; a split of a data set; spikes of every image; or one of these by layer. A
   *   layer of neurons makes the spikes it is shown beside its own. `{}`: no images, for networks with sources; `to` says how many times
   * @throws LocusError that names the option, the layer, or the connection
   */
  present(
    images: Images | Readonly<Record<string, Images>>,
    options: PresentImagesOptions = {},
  ): Promise<Presented> {
    return this.#presentations.take(async () => {
      const presented = await presentImages(this.simulation, this.seed, images, options);
      if (options.learn !== false) (this.#log as StateLog).images += presented.images;
      return presented;
    });
  }

  /** The spikes that a run is given, and its steps where a duration says them. */
  #readInputs(given: Readonly<Record<string, SpikeTrain>> | number, time: number | undefined) {
    const place = 'Network.run';
    if (typeof given !== 'number') return { inputs: spikeTrains(place, 'inputs', given) };
    if (time !== undefined) throw invalidArgument(place, 'a duration or time, not both', time);
    return { inputs: {}, ofDuration: countSteps(duration(place, 'duration', given), this.dt, place) };
  }

  /**
   * Frees the engine's memory and threads; what was set or learned is lost, and the network cannot be used again. A second call
   * does nothing.
   *
   * @throws LocusError `BUSY` while `run` or a presentation is at work
   */
  dispose(): void {
    this.#simulation?.dispose();
    this.#revision += 1;
    this.#isDisposed = true;
  }

  /** What monitors record, and how it is read. */
  #listRecorded(): RecordedPlace<P>[] {
    return this.#monitors.map(({ of, monitor }) => ({
      track: monitor.track(of, this.dt),
      layer: monitor.variables.includes('spikes') ? this.#publishedLayer(of) : null,
      read: (variable) => (variable === 'w' ? this.getWeights(of).data : this.getVariable(of, variable)),
    }));
  }

  #publishedLayer(name: string): NonNullable<RecordedPlace<P>['layer']> {
    const [index, order] = this.#layer(name);
    const { shape } = this.simulation.program.layers[index];
    return { index, published: isInEngineOrder(shape) ? null : invertOrder(order) };
  }

  #layer(name: string): [index: number, order: Uint32Array] {
    const index = [...this.#layers.keys()].indexOf(name);
    if (index < 0) throw unknownName('Network', 'layer', name, [...this.#layers.keys()]);
    let order = this.#orders.get(index);
    if (!order) {
      order = engineOrder(this.simulation.program.layers[index].shape);
      this.#orders.set(index, order);
    }
    return [index, order];
  }

  #synapses(name: string) {
    const index = this.#connections.findIndex((connection) => connection.name === name);
    const program = this.simulation.program.connections[index];
    if (program?.kind !== 'synapses') {
      const known = this.#connections.filter(({ connection }) => connection.kind === 'synapses');
      throw unknownName(
        'Network',
        'connection with weights',
        name,
        known.map((connection) => connection.name),
      );
    }
    return [index, program] as const;
  }

  /** Whether a name is that of a connection with variables, and of no layer. */
  #hasVariables(name: string): boolean {
    if (this.#layers.has(name)) return false;
    const index = this.#connections.findIndex((each) => each.name === name);
    const program = this.simulation.program.connections[index];
    return program?.kind === 'synapses' && ownersOf(program).size > 0;
  }

  /** Index of a connection, the published order of a variable of it, and how many values engines keep of that. */
  #connectionVariable(
    connection: string,
    variable: string,
  ): { readonly index: number; readonly order: Uint32Array; readonly size: number } {
    const [index, program] = this.#synapses(connection);
    const owner = ownerOf(program, variable);
    const { engineIndex, fanOut } = program.wiring;
    if (owner === 'synapse') return { index, order: engineIndex, size: fanOut.nRows * fanOut.rowLength };
    const { shape, size } = this.simulation.program.layers[program[owner]];
    return { index, order: engineOrder(shape), size };
  }

  /** Variables of sources without synapses are 0: engines need not follow them. */
  #readConnectionVariable(index: number, variable: string): FloatArrays[P] {
    const values = this.simulation.getConnectionVariable(index, variable);
    const program = this.simulation.program.connections[index] as SynapseProgram;
    const { start } = program.wiring.fanOut;
    if (ownerOf(program, variable) !== 'source') return values;
    for (let i = 0; i < values.length; i++) if (start[i] === start[i + 1]) values[i] = 0;
    return values;
  }

  #setInitialWeights(connection: SynapticConnection, index: number): void {
    const { name } = this.#connections[index];
    const [, program] = this.#synapses(name);
    const size = program.wiring.engineIndex.length;
    const { w } = connection;
    if (w instanceof Float32Array || w instanceof Float64Array) {
      this.setWeights(name, w);
    } else {
      const weights =
        typeof w === 'number'
          ? makeFloats(this.precision, size).fill(w)
          : drawWeights(this.seed, index, size, w);
      this.setWeights(name, takeSign<Floats>(weights, program, program.wiring));
    }
    if (connection.normalizeInitially) this.simulation.normalize(index);
  }

  #checkCompetition(source: string, target: string, place: string): void {
    const [from, onto] = [source, target].map((name) => this.#layers.get(name) as LayerDescription);
    if (from.model.kernel === 'input' || from.model.emits !== undefined)
      throw invalidArgument(place, 'competition from a layer of neurons that spike', source);
    checkSameShape(from.shape, onto.shape, place);
  }

  #assertOpen(): void {
    if (this.#simulation) {
      throw invalidArgument(
        'Network',
        'layers and connections to be added before it runs',
        'a running network',
      );
    }
  }
}
