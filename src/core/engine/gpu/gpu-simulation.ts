/**
 * A network on a GPU: whole batches of images at a time.  Between two calls its state lies here, so that it can be read and
 * set without waiting; gpu.js's pipelines take and give arrays.
 */
import type { SpikeTrain } from '../../encoding/spike-train.js';
import { spikesAt } from '../../encoding/spike-train.js';
import { invalidArgument, LocusError } from '../../../errors.js';
import { readOptions } from '../../../options.js';
import { checkBatchSize, checkPresentation, readSpikes } from '../../network/check-presentation.js';
import { checkVariable } from '../../network/layer-variables.js';
import type { Program } from '../../network/program.js';
import {
  type EngineOptions,
  engineSchema,
  type Presentation,
  type PresentOptions,
  type RunSteps,
  type Simulation,
  unsupported,
} from '../../network/simulation.js';
import { letEventsIn } from '../let-events-in.js';
import { Turns } from '../turns.js';
import { chooseBatch, chooseImagesPerCall, countTrainingImages } from './choose-batch.js';
import { DefinedRules, type NeuronsFound } from './defined-rules.js';
import { DeviceSession } from './device-session.js';
import { DeviceWeights } from './device-weights.js';
import {
  decayedThresholds,
  grownThresholds,
  initialState,
  paddedIndex,
  padNeurons,
  renewState,
  variableRows,
} from './neuron-state.js';
import {
  type GpuPlan,
  mostSteps,
  never,
  type PlannedConnection,
  planNetwork,
  traceTable,
  unpadRows,
} from './plan-network.js';
import type { SignalRows } from './rule-mirror.js';
import {
  needsAges,
  type LearnedRecord,
  type PipelineOutput,
  type PipelineShape,
  type StepRecord,
} from './run-pipeline.js';
import type { GpuRuntime } from './runtime.js';
import { listAges, listSpikes, nextAge } from './spike-lists.js';
import { SynapseWeights } from './synapse-weights.js';

const { fround } = Math;

/** State of the neurons after the last step, as the device has it (see kernels.ts), padded; one member. */
interface NeuronMirror {
  state: Float32Array;
  /** Thresholds' adaptive part that the last step compared with. */
  compared: Float32Array;
  /** The same with what the last step's spikes added. */
  theta: Float32Array;
  /** Inputs that spiked in the last step, and steps since every input's last spike. */
  inputSpikes: Uint32Array;
  inputAges: Uint16Array;
}

export class GpuSimulation implements Simulation {
  readonly plan: GpuPlan;
  readonly #session: DeviceSession;
  readonly #turns = new Turns();
  readonly #synapses: (SynapseWeights | null)[];
  readonly #rules: DefinedRules;
  /** Weights of competition; one row of nothing where there is none to learn. */
  readonly #lateral: DeviceWeights;
  readonly #mirror: NeuronMirror;
  readonly #gpuBatch: number | undefined;
  /** Room for weight rows in the lists of spikes, by members and images of a call: it is part of a pipeline. */
  readonly #capacities = new Map<string, number>();

  constructor(
    readonly engine: string,
    readonly program: Program,
    open: () => Promise<GpuRuntime>,
    options: EngineOptions,
  ) {
    const { gpuBatch, threads = 1 } = readOptions('engine gpu', engineSchema, options);
    this.#gpuBatch = gpuBatch;
    this.plan = planNetwork(program);
    this.#synapses = program.connections.map((connection) =>
      connection.kind === 'uniform' ? null : new SynapseWeights(this.plan, connection),
    );
    const { forward, lateral } = this.plan;
    this.#rules = new DefinedRules(this.plan, program);
    this.#lateral = lateral
      ? this.#synapse(lateral.index).device
      : new DeviceWeights(new Float32Array(this.plan.paddedFilters));
    const weights = [this.#synapse(forward.index).device, this.#lateral, ...this.#rules.devices];
    this.#session = new DeviceSession(this.plan, open, threads > 1, weights);
    const { inputs } = this.plan;
    this.#mirror = {
      state: initialState(this.plan),
      compared: padNeurons(this.plan, new Float32Array(this.plan.neurons.layer.size)),
      theta: padNeurons(this.plan, new Float32Array(this.plan.neurons.layer.size)),
      inputSpikes: new Uint32Array(),
      inputAges: new Uint16Array(inputs.layer.size),
    };
    this.resetState();
  }

  getWeights(connection: number): Float32Array {
    return this.#synapse(connection).values.slice();
  }

  setWeights(connection: number, weights: Float32Array, normalized: boolean): void {
    this.#synapse(connection).set(weights.slice(), normalized);
  }

  getVariable(layer: number, variable: string): Float32Array {
    checkVariable(this.program.layers[layer], variable, 'get');
    if (layer === this.plan.inputs.index) return this.#getInputVariable(variable);
    const { layer: neurons } = this.plan.neurons;
    const { reset, resetDrop, refracSteps } = neurons.constants;
    if (variable === 'input') {
      throw new LocusError(
        'ENGINE_UNAVAILABLE',
        'engine gpu: does not keep the input of neurons; the engines "wasm" and "reference" do',
      );
    }
    const rows = variableRows(this.plan, this.#mirror.state, variable);
    if (rows) return unpadRows(this.plan, rows);
    if (variable === 'theta') return unpadRows(this.plan, this.#mirror.theta);
    const trace = traceTable(variable === 'tracePre' ? neurons.tracePreDecay : neurons.tracePostDecay);
    return Float32Array.from({ length: neurons.size }, (_, neuron) => {
      const { voltage, spiked, age } = this.#neuron(neuron);
      if (variable === 'spikes') return spiked ? 1 : 0;
      if (variable === 'refracCount') return age === never ? 0 : Math.max(0, refracSteps - age);
      if (variable !== 'v') return trace[age];
      if (!spiked) return voltage;
      return resetDrop > 0 ? fround(voltage - resetDrop) : reset;
    });
  }

  setVariable(layer: number, variable: string, values: Float32Array): void {
    checkVariable(this.program.layers[layer], variable, 'set');
    const padded = padNeurons(this.plan, values);
    const rows = variableRows(this.plan, this.#mirror.state, variable);
    if (rows) {
      rows.set(padded);
      return;
    }
    if (variable === 'theta') {
      this.#mirror.theta = padded;
      // Without a spike in the last step nothing was compared with the former threshold that still counts.
      if (!this.#hasSpiked()) this.#mirror.compared = padded;
      return;
    }
    if (variable !== 'v' || this.#hasSpiked()) {
      throw new LocusError(
        'ENGINE_UNAVAILABLE',
        `engine gpu: cannot set ${variable}${variable === 'v' ? ' right after a spike' : ''}; the engines "wasm" and "reference" can`,
      );
    }
    const { thresh } = this.plan.advance;
    const above = values.findIndex(
      (v, neuron) => v >= fround(thresh + this.#mirror.theta[paddedIndex(this.plan, neuron)]),
    );
    if (above >= 0) throw invalidArgument('engine gpu', 'voltages below the threshold', values[above]);
    this.#mirror.state.set(padded.subarray(0, padded.length));
  }

  getConnectionVariable(connection: number, variable: string): Float32Array {
    return this.#rules.get(connection, variable);
  }

  setConnectionVariable(connection: number, variable: string, values: Float32Array): void {
    this.#rules.set(connection, variable, values);
  }

  setSignal(name: string, value: number): void {
    this.#rules.setSignal(name, value);
  }

  setPlastic(connection: number, plastic: boolean): void {
    this.#synapse(connection).plastic = plastic;
  }

  isPlastic(connection: number): boolean {
    return this.#synapse(connection).plastic;
  }

  resetState(): void {
    this.#resetNeurons();
    this.#rules.reset();
  }

  /** All but what defined rules keep. */
  #resetNeurons(): void {
    const { state, inputAges } = this.#mirror;
    renewState(this.plan, state);
    this.#mirror.inputSpikes = new Uint32Array();
    inputAges.fill(never);
    this.#mirror.compared = this.#mirror.theta;
    for (const synapse of this.#synapses) synapse?.beginImage();
  }

  step(): void {
    throw new LocusError(
      'ENGINE_UNAVAILABLE',
      'engine gpu: simulates many steps at a time (run, present), not one by one; the engines "wasm" and "reference" do',
    );
  }

  normalize(only?: number): void {
    this.#synapses.forEach((synapse, index) => {
      if (!synapse || synapse.program.norm === null) return;
      if (only === undefined ? !synapse.plastic : index !== only) return;
      synapse.normalize((filter, position) => this.#hasSpikedInImage(filter, position));
    });
  }

  present(presentation: Presentation, options: PresentOptions): Promise<number> {
    return this.#turns.take(() =>
      options.learn
        ? this.#orAsBefore(() => this.#train(presentation, options))
        : this.#evaluate(presentation, options),
    );
  }

  run(steps: RunSteps): Promise<void> {
    return this.#turns.take(() => this.#orAsBefore(() => this.#run(steps)));
  }

  dispose(): void {
    this.#session.close();
  }

  async #evaluate(presentation: Presentation, options: PresentOptions): Promise<number> {
    this.#checkPresentation(presentation, options);
    this.#rules.checkSignals(presentation);
    const { count, steps } = presentation;
    const runtime = await this.#session.open();
    const largest = chooseBatch(this.plan, runtime, steps, this.#imagesAtOnce());
    // Batches of one size, so that one pipeline serves them all.
    const members = Math.ceil(count / Math.max(1, Math.ceil(count / largest)));
    const silent = silence(this.plan, steps);
    let done = 0;
    while (done < count && !options.signal?.aborted) {
      const n = Math.min(members, count - done);
      const shown = Array.from({ length: members }, (_, member) => [
        member < n ? readSpikes(this.program, presentation, done + member) : silent,
      ]);
      const { counts, state } = await this.#call(
        { members, images: 1, steps, learn: false, normalize: false },
        shown,
      );
      if (state) renewState(this.plan, this.#mirror.state, state);
      this.#report(options, counts[0], shown.slice(0, n), 0, done);
      done += n;
      options.onProgress?.(done);
      await letEventsIn();
    }
    this.resetState();
    return done;
  }

  /** How many images an evaluation is asked to show at once. */
  #imagesAtOnce(): number | undefined {
    const { defined, neurons } = this.plan;
    if (!defined?.dependsOnOrder) return this.#gpuBatch;
    if (this.#gpuBatch === undefined || this.#gpuBatch === 1) return 1;
    throw invalidArgument(
      'engine gpu',
      `gpuBatch 1, because persistent state of ${neurons.layer.model.name} changes from image to image`,
      this.#gpuBatch,
    );
  }

  async #train(presentation: Presentation, options: PresentOptions): Promise<number> {
    this.#checkPresentation(presentation, options);
    const { count, steps } = presentation;
    const batchSize = checkBatchSize(options.batchSize ?? 1, 'engine gpu');
    const { model } = this.plan.neurons.layer;
    if (batchSize > 1 && model.kernel === 'defined' && model.persistent.length > 0) {
      throw unsupported('gpu', 'neuron model with persistent state in minibatches', model.name);
    }
    for (const { rule, program } of this.#connections()) {
      if (batchSize > 1 && rule) throw unsupported('gpu', 'learning rule in minibatches', program.rule.name);
    }
    // What the first image lacks is an error before any work.
    if (count > 0) this.#rules.signalsOf(presentation, 0, 1);
    const runtime = await this.#session.open();
    chooseBatch(this.plan, runtime, steps, batchSize);
    const mostImages = countTrainingImages(this.plan, runtime, steps);
    let done = 0;
    let imagesPerCall = 1;
    while (done < count && !options.signal?.aborted) {
      const left = count - done;
      const members = Math.min(batchSize, left);
      const images =
        members < batchSize ? 1 : Math.min(imagesPerCall, mostImages, Math.floor(left / batchSize));
      const shown = Array.from({ length: members }, (_, member) =>
        Array.from({ length: images }, (_, image) =>
          readSpikes(this.program, presentation, done + image * members + member),
        ),
      );
      // The device itself begins the state of synapses anew with every image.
      this.#resetNeurons();
      const began = performance.now();
      const shape = { members, images, steps, learn: true, normalize: true };
      const output = await this.#call(shape, shown, this.#rules.signalsOf(presentation, done, images));
      const milliseconds = (performance.now() - began) / images;
      this.#endImages(output, members);
      for (const [image, counts] of output.counts.entries()) {
        this.#report(options, counts, shown, image, done);
        done += members;
        options.onProgress?.(done);
      }
      imagesPerCall = chooseImagesPerCall(
        imagesPerCall,
        milliseconds,
        Math.floor((count - done) / batchSize),
      );
      await letEventsIn();
    }
    await this.#session.download();
    for (const synapse of this.#synapses) synapse?.settle();
    for (const { index } of this.#connections()) this.#rules.show(index, null);
    this.resetState();
    return done;
  }

  /** Work that learns; where it fails, what only the device had learned is lost, and nothing has changed. */
  async #orAsBefore<T>(work: () => Promise<T>): Promise<T> {
    const { state, inputAges } = this.#mirror;
    const before = { ...this.#mirror, state: state.slice(), inputAges: inputAges.slice() };
    const kept = this.#synapses.map((synapse) => synapse?.keep());
    const rules = this.#rules.keep();
    return work().catch((error: unknown) => {
      Object.assign(this.#mirror, before);
      this.#rules.restore(rules);
      this.#synapses.forEach((synapse, index) => {
        const weights = kept[index];
        if (weights) synapse?.restore(weights);
      });
      throw error;
    });
  }

  /** Hands over the counts of the images that the members were shown at one place of a call. */
  #report(
    { onCounts, onSpikes }: PresentOptions,
    padded: Float32Array,
    shown: readonly (readonly SpikeTrain[])[],
    image: number,
    first: number,
  ): void {
    const { inputs, neurons } = this.plan;
    const { size } = neurons.layer;
    const counts = toCounts(this.plan, padded).subarray(0, shown.length * size);
    onCounts?.(counts, first);
    if (!onSpikes) return;
    const nLayers = this.program.layers.length;
    const spikes = new Uint32Array(shown.length * nLayers);
    shown.forEach((trains, member) => {
      const answer = counts.subarray(member * size, (member + 1) * size);
      spikes[member * nLayers + inputs.index] = trains[image].neurons.length;
      spikes[member * nLayers + neurons.index] = answer.reduce((sum, count) => sum + count, 0);
    });
    onSpikes(spikes, first);
  }

  /** Simulates steps from the present state on, and calls back after each with its state to be read. */
  async #run({ inputs, steps, learn, recordWeights, signals: given, onStep }: RunSteps): Promise<void> {
    if (steps === 0) return;
    this.#checkSteps(steps);
    const learns = (connection: number) => learn && this.isPlastic(connection);
    const signals = this.#rules.readSignals(steps, learns, given);
    await this.#session.open();
    const train = inputs.get(this.plan.inputs.index) ?? silence(this.plan, steps);
    const shown = [[train.steps === steps ? train : { ...train, steps }]];
    const before = { ...this.#mirror, inputAges: this.#mirror.inputAges.slice() };
    const { states } = await this.#call(
      {
        members: 1,
        images: 1,
        steps,
        learn,
        normalize: false,
        record: recordWeights ? 'states and weights' : 'states',
      },
      shown,
      signals,
    );
    await this.#session.download();
    Object.assign(this.#mirror, before);
    states.forEach((record, t) => {
      this.#stepMirror(record, spikesAt(train, t), learn);
      if (t === steps - 1 && learn) this.#showLearned();
      onStep?.();
    });
  }

  #stepMirror(record: StepRecord, inputSpikes: Uint32Array, learn: boolean): void {
    const mirror = this.#mirror;
    mirror.state = record.state.slice();
    mirror.compared = record.theta;
    mirror.theta = learn ? grownThresholds(this.plan, record.state, record.theta, 1) : mirror.theta;
    mirror.inputSpikes = inputSpikes.slice();
    for (let source = 0; source < mirror.inputAges.length; source++) {
      mirror.inputAges[source] = nextAge(mirror.inputAges[source]);
    }
    for (const source of inputSpikes) mirror.inputAges[source] = 0;
    this.#rules.follow(this.#found());
    this.#showRecord(this.plan.forward.index, record.forward);
    if (this.plan.lateral) this.#showRecord(this.plan.lateral.index, record.lateral);
  }

  #showRecord(connection: number, { weights, synapse }: LearnedRecord): void {
    if (weights) this.#synapse(connection).show(weights);
    if (synapse) this.#rules.show(connection, synapse);
  }

  #showLearned(): void {
    this.#synapses.forEach((synapse, connection) => {
      if (!synapse?.learns) return;
      synapse.show(synapse.device.values);
      this.#rules.show(connection, null);
    });
  }

  /** Thresholds after training images, the device having normalised the weights after each. */
  #endImages({ state, theta }: PipelineOutput, members: number): void {
    if (!state || !theta) throw new TypeError('a pipeline that learns gives state and thresholds');
    this.#mirror.theta = grownThresholds(this.plan, state, theta, members);
    renewState(this.plan, this.#mirror.state, state);
    for (const synapse of this.#synapses) synapse?.endImages();
  }

  async #call(
    given: Pick<PipelineShape, 'members' | 'images' | 'steps' | 'learn' | 'normalize'> & {
      readonly record?: PipelineShape['record'];
    },
    shown: SpikeTrain[][],
    signals: SignalRows = new Map(),
  ): Promise<PipelineOutput> {
    const { plan } = this;
    const { members, steps, learn } = given;
    const sizes = [members, given.images, steps].join();
    const capacity = this.#capacities.get(sizes) ?? 0;
    const lists = listSpikes(plan, shown, steps, this.#mirror.inputSpikes, capacity);
    this.#capacities.set(sizes, lists.rows.length);
    const forward = this.#synapse(plan.forward.index);
    const lateral = plan.lateral ? this.#synapse(plan.lateral.index) : null;
    const tally = new Float32Array((plan.nPositions + 1) * members);
    for (let neuron = 0; neuron < plan.neurons.layer.size; neuron++) {
      if (!this.#neuron(neuron).spiked) continue;
      const position = Math.floor(neuron / plan.nFilters);
      for (let member = 0; member < members; member++) tally[member * (plan.nPositions + 1) + position]++;
    }
    const { state } = this.#mirror;
    const states = new Float32Array(members * state.length);
    for (let member = 0; member < members; member++) states.set(state, member * state.length);
    const giveRule = (connection: PlannedConnection | null) =>
      connection && learn && this.isPlastic(connection.index)
        ? this.#rules.give(connection.index, shown[0], steps, this.#found(), signals)
        : null;
    return this.#session.run(
      {
        record: 'counts',
        ...given,
        forwardLearns: learn && forward.plastic,
        lateralLearns: learn && lateral?.plastic === true,
        capacity: lists.rows.length,
      },
      {
        state: states,
        tally,
        compared: this.#mirror.compared,
        theta: learn ? decayedThresholds(plan, this.#mirror.theta) : this.#mirror.theta,
        offsets: lists.offsets,
        rows: lists.rows,
        forward: forward.device,
        lateral: this.#lateral,
        ages: needsAges(plan, learn)
          ? listAges(plan, shown, steps, this.#mirror.inputAges)
          : new Float32Array(1),
        everyForward: forward.normalizesEveryColumn,
        everyLateral: lateral?.normalizesEveryColumn === true,
        forwardRule: giveRule(plan.forward),
        lateralRule: giveRule(plan.lateral),
      },
    );
  }

  #connections(): readonly PlannedConnection[] {
    const { forward, lateral } = this.plan;
    return lateral ? [forward, lateral] : [forward];
  }

  #found(): NeuronsFound {
    return { inputAges: this.#mirror.inputAges, ageOf: (neuron) => this.#neuron(neuron).age };
  }

  #checkPresentation(presentation: Presentation, options: PresentOptions): void {
    checkPresentation(this.program, presentation, options);
    this.#checkSteps(presentation.steps);
    const { countEvery = presentation.steps } = options;
    if (countEvery < presentation.steps) {
      throw new LocusError(
        'ENGINE_UNAVAILABLE',
        'engine gpu: counts all spikes of an image, not in windows of countEvery steps; the engines "wasm" and "reference" do',
      );
    }
    const { rest, thresh } = this.plan.advance;
    this.resetState();
    if (this.plan.defined) return;
    const low = unpadRows(this.plan, this.#mirror.theta).find((theta) => rest >= fround(thresh + theta));
    if (low !== undefined) {
      throw invalidArgument('engine gpu', 'thresholds above rest', `theta ${low} mV`);
    }
  }

  #checkSteps(steps: number): void {
    if (steps > mostSteps) {
      throw new LocusError(
        'ENGINE_UNAVAILABLE',
        `engine gpu: simulates at most ${mostSteps} steps at a time, got ${steps}; the engines "wasm" and "reference" simulate more`,
      );
    }
  }

  #synapse(connection: number): SynapseWeights {
    const synapse = this.#synapses[connection];
    if (!synapse) throw invalidArgument('simulation', 'a connection with weights', connection);
    return synapse;
  }

  #getInputVariable(variable: string): Float32Array {
    const { layer } = this.plan.inputs;
    const { inputSpikes, inputAges } = this.#mirror;
    if (variable === 'spikes') {
      const spikes = new Float32Array(layer.size);
      for (const source of inputSpikes) spikes[source] = 1;
      return spikes;
    }
    const trace = traceTable(variable === 'tracePre' ? layer.tracePreDecay : layer.tracePostDecay);
    return Float32Array.from(inputAges, (age) => trace[age]);
  }

  /** A neuron in engine order as the last step left it; its voltage before the reset that a spike brings. */
  #neuron(neuron: number): { voltage: number; spiked: boolean; age: number } {
    const { nPositions, paddedFilters, advance } = this.plan;
    const { state, compared } = this.#mirror;
    const at = paddedIndex(this.plan, neuron);
    const voltage = state[at];
    const spiked = voltage >= fround(advance.thresh + compared[at]);
    const age = spiked ? 0 : nextAge(state[nPositions * paddedFilters + at] % (never + 1));
    return { voltage, spiked, age };
  }

  #hasSpiked(): boolean {
    for (let neuron = 0; neuron < this.plan.neurons.layer.size; neuron++) {
      if (this.#neuron(neuron).spiked) return true;
    }
    return false;
  }

  /** Whether the neuron of this filter has spiked since the state was reset, at one position or (null) at any. */
  #hasSpikedInImage(filter: number, position: number | null): boolean {
    const { nFilters, nPositions } = this.plan;
    const [from, to] = position === null ? [0, nPositions] : [position, position + 1];
    for (let p = from; p < to; p++) if (this.#neuron(p * nFilters + filter).age < never) return true;
    return false;
  }
}

function silence({ inputs }: GpuPlan, steps: number): SpikeTrain {
  return { steps, size: inputs.layer.size, offsets: new Uint32Array(steps + 1), neurons: new Uint32Array() };
}

/** Spike counts [member, neuron] in engine order. */
function toCounts(plan: GpuPlan, padded: Float32Array): Uint16Array {
  return Uint16Array.from(unpadRows(plan, padded));
}
