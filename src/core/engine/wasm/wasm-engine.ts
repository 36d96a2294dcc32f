/** The fast engine: event-driven SIMD kernels over shared memory, on one thread or several. */
import { intervalTables } from '../../encoding/interval-table.js';
import type { SpikeTrain } from '../../encoding/spike-train.js';
import type { PoissonStimulus } from '../../encoding/stimulus.js';
import { invalidArgument } from '../../../errors.js';
import { readOptions } from '../../../options.js';
import { hasOwnWeights } from '../../definitions/rule-state.js';
import { checkBatchSize, checkPresentation, readSpikes } from '../../network/check-presentation.js';
import { ownerOf } from '../../network/connection-variables.js';
import { checkVariable } from '../../network/layer-variables.js';
import { programOfMinibatches } from '../../network/minibatches.js';
import type { Program, SynapseProgram } from '../../network/program.js';
import { Signals } from '../../network/rule-inputs.js';
import {
  countedLayers,
  type Engine,
  type EngineOptions,
  engineSchema,
  type GivenDraws,
  type ImageMoment,
  itemOf,
  type Presentation,
  type PresentOptions,
  purposeOf,
  type Simulation,
  type StepBlock,
  unsupported,
} from '../../network/simulation.js';
import { seedKey } from '../../random/stream.js';
import { letEventsIn } from '../let-events-in.js';
import { Turns } from '../turns.js';
import * as layout from './assembly/layout.js';
import { emitModule } from './emit-module.js';
import { type Kernels, KernelThreads } from './kernel-threads.js';
import { independentPositions } from './partition.js';
import type { VariablePlace } from './place-rules.js';
import { learnsSingly } from './place-single.js';
import { rowStride } from './row-stride.js';
import {
  arrange,
  buildShard,
  drawnChoice,
  memoryIndex,
  type Shard,
  type SharedState,
  thetaIndex,
  thetaStride,
} from './shard.js';
import { shareState } from './share-state.js';
import { joinSpikes, StepBlocks } from './step-blocks.js';
import type { StartThread } from '../../wasm/thread.js';
import { WasmMemory } from '../../wasm/wasm-memory.js';

/** Images per batch: enough that handing them over costs nothing, few enough that progress and Ctrl-C stay prompt. */
const firstBatch = 16;
const largestBatch = 512;
const batchMilliseconds = { oneThread: 60, threads: 150 };
/** Counts of a batch in many windows take no more than this. */
const largestCountBytes = 64 << 20;

class WasmSimulation implements Simulation {
  readonly engine = 'wasm';
  readonly #memory = new WasmMemory();
  readonly #kernels: Kernels;
  readonly #runtime: KernelThreads;
  readonly #threads: number;
  readonly #startThread: StartThread;
  readonly #turns = new Turns();
  readonly #signals: Signals;
  /** What all shards share; addresses of the weights; of the state that outlives an image, by variable, per layer. */
  readonly #shared: SharedState;
  readonly #learnShards: Shard[];
  readonly #evaluateShards: Shard[];
  readonly #scratchBytes: number;
  /** Of every thread, for single images; made for the first. */
  #scratch: number[] | undefined;
  /** Of minibatches; made for the first. */
  #together: Together | undefined;
  /** Scratch of the shards that are stepped; made at the first step. */
  #stepScratch: number[] = [];
  /** Steps made since the state was reset. */
  #stepped = 0;
  /** Resets and presentations so far. */
  #runs = 0;
  /** What the draws of steps depend on: the number of the run, or an image. */
  #image: ImageMoment = { purpose: 0, item: 0 };
  /** Per input layer: step of every neuron's last spike, −1: none.  Shards know only the inputs that reach them. */
  readonly #lastInputSpikes: (Int32Array | null)[];
  #traceSteps = 0;
  /** Addresses of what the next step forces and forbids, per layer and shard; made when a layer is clamped. */
  readonly #clampBuffers: number[][] = [];
  #buffers: BatchBuffers | undefined;
  /** Made for the first block of steps. */
  #blocks: StepBlocks | undefined;
  #tables: { key: string; thresholds: number; guide: number } | undefined;

  constructor(
    readonly program: Program,
    options: EngineOptions,
    startThread: StartThread,
  ) {
    const { threads = 1 } = readOptions('engine wasm', engineSchema, options);
    checkKernels(program);
    this.#threads = threads;
    this.#startThread = startThread;
    const memory = this.#memory;
    this.#signals = new Signals(program);
    this.#shared = shareState(memory, program, this.#signals.names, null);
    this.#runtime = this.#start(this.#shared);
    this.#kernels = this.#runtime.kernels;
    this.#lastInputSpikes = program.layers.map(({ model, size }) =>
      model.kernel === 'input' ? new Int32Array(size).fill(-1) : null,
    );
    const learnPositions = independentPositions(program, true);
    const evaluatePositions = independentPositions(program, false);
    const build = (positions: number[] | null) =>
      (positions ?? [null]).map((position) => buildShard(memory, program, this.#shared, position));
    this.#learnShards = build(learnPositions);
    this.#evaluateShards =
      learnPositions?.length === evaluatePositions?.length ? this.#learnShards : build(evaluatePositions);
    this.#scratchBytes = Math.max(...this.#shards.map(({ scratchBytes }) => scratchBytes));
  }

  get #shards(): Shard[] {
    const evaluating = this.#learnShards === this.#evaluateShards ? [] : this.#evaluateShards;
    return [...this.#learnShards, ...evaluating, ...(this.#together?.shards ?? [])];
  }

  getWeights(connection: number): Float32Array {
    const synapses = this.#synapses(connection);
    const { nRows, rowLength } = synapses.wiring.fanOut;
    const padded = rowStride(synapses.wiring);
    const memory = this.#memory.float32(this.#shared.weights[connection], nRows * padded);
    if (padded === rowLength) return memory.slice();
    const weights = new Float32Array(nRows * rowLength);
    for (let row = 0; row < nRows; row++) {
      weights.set(memory.subarray(row * padded, row * padded + rowLength), row * rowLength);
    }
    return weights;
  }

  setWeights(connection: number, weights: Float32Array, normalized: boolean): void {
    const synapses = this.#synapses(connection);
    const { nRows, rowLength } = synapses.wiring.fanOut;
    const padded = rowStride(synapses.wiring);
    const memory = this.#memory.float32(this.#shared.weights[connection], nRows * padded);
    if (padded === rowLength) memory.set(weights);
    else {
      for (let row = 0; row < nRows; row++) {
        memory.set(weights.subarray(row * rowLength, (row + 1) * rowLength), row * padded);
      }
    }
    for (const shard of this.#learnShards) {
      const address = shard.connections[connection];
      const record = this.#memory.record(address, layout.connectionRecordSize);
      record.setUint32(layout.connectionNormalized, normalized ? 1 : 0, true);
      record.setUint32(layout.connectionLearned, 0, true);
      this.#kernels.findOutOfBounds(address);
    }
  }

  getVariable(layer: number, variable: string): Float32Array {
    const program = this.program.layers[layer];
    checkVariable(program, variable, 'get');
    const values = new Float32Array(program.size);
    const outliving = this.#outliving(layer, variable);
    if (outliving) return values.map((_, neuron) => outliving[thetaIndex(program, neuron)]);
    this.#prepareSteps();
    const inputSpikes = this.#lastInputSpikes[layer];
    if (inputSpikes) {
      const read = this.#readSpikes(this.#learnShards[0].layers[layer], variable, inputSpikes);
      return values.map((_, neuron) => read(neuron));
    }
    this.#learnShards.forEach((shard, index) => {
      const read = this.#readVariable(shard, this.#stepScratch[index], layer, variable);
      this.#eachNeuron(shard, layer, (neuron, local) => {
        values[neuron] = read(local);
      });
    });
    return values;
  }

  setVariable(layer: number, variable: string, values: Float32Array): void {
    checkVariable(this.program.layers[layer], variable, 'set');
    this.#change(layer, variable, (_, neuron) => values[neuron]);
  }

  inject(layer: number, variable: string, values: Float32Array): void {
    checkVariable(this.program.layers[layer], variable, 'set');
    this.#change(layer, variable, (value, neuron) => value + values[neuron]);
  }

  /** Gives every neuron's variable what becomes of it. */
  #change(layer: number, variable: string, become: (value: number, neuron: number) => number): void {
    const program = this.program.layers[layer];
    const outliving = this.#outliving(layer, variable);
    if (outliving) {
      for (let neuron = 0; neuron < program.size; neuron++) {
        const at = thetaIndex(program, neuron);
        outliving[at] = become(outliving[at], neuron);
      }
      return;
    }
    this.#prepareSteps();
    this.#learnShards.forEach((shard, index) => {
      const offset = settableOffset(shard, layer, variable) as number;
      const size = this.#layerSize(shard, layer);
      const memory = this.#memory.float32(this.#stepScratch[index] + offset, size);
      this.#eachNeuron(shard, layer, (neuron, local) => {
        memory[local] = become(memory[local], neuron);
      });
    });
  }

  getConnectionVariable(connection: number, variable: string): Float32Array {
    const values = new Float32Array(this.#variableSize(connection, variable));
    this.#eachValue(connection, variable, (memory, local, index) => {
      values[index] = memory[local];
    });
    return values;
  }

  setConnectionVariable(connection: number, variable: string, values: Float32Array): void {
    this.#eachValue(connection, variable, (memory, local, index) => {
      memory[local] = values[index];
    });
    const isOfRule = this.#learnShards[0].rules[connection]?.variables.has(variable);
    if (!isOfRule) return;
    for (const { rules } of this.#learnShards) {
      const address = rules[connection]?.address as number;
      this.#memory.record(address, layout.ruleRecordSize).setUint32(layout.ruleIsSetByHand, 1, true);
    }
  }

  setSignal(name: string, value: number): void {
    this.#signals.set(name, value);
  }

  #variableSize(connection: number, variable: string): number {
    const program = this.#synapses(connection);
    const owner = ownerOf(program, variable);
    const { nRows, rowLength } = program.wiring.fanOut;
    return owner === 'synapse' ? nRows * rowLength : this.program.layers[program[owner]].size;
  }

  /** Makes the traces of sources that are not decayed in every step. */
  #refreshTraces(connection: number): void {
    const now = this.#stepped - 1;
    this.#learnShards.forEach((shard, index) => {
      const rule = shard.rules[connection];
      const { [connection]: source } = shard.sources;
      const isSetByHand =
        rule &&
        this.#memory.record(rule.address, layout.ruleRecordSize).getUint32(layout.ruleIsSetByHand, true) !==
          0;
      if (!rule || isSetByHand) return;
      const scratch = this.#stepScratch[index];
      const last = this.#memory.int32(
        scratch + shard.offsets[source].lastSpike,
        this.#layerSize(shard, source),
      );
      for (const { trace, record } of rule.lazyTraces) {
        const address = this.#memory
          .record(record, layout.traceRecordSize)
          .getUint32(layout.traceTable, true);
        const table = this.#memory.float32(address, this.#traceSteps + 1);
        const { base } = rule.variables.get(trace.name) as VariablePlace;
        const values = this.#memory.float32(scratch + base, last.length);
        last.forEach((step, i) => {
          values[i] = step < 0 ? 0 : table[now - step];
        });
      }
    });
  }

  /** Visits all values of a variable of a rule or synapse model: memory and index of a value there, and its index in engine order. */
  #eachValue(
    connection: number,
    variable: string,
    visit: (memory: Float32Array, local: number, index: number) => void,
  ): void {
    const program = this.#synapses(connection);
    const owner = ownerOf(program, variable);
    this.#prepareSteps();
    this.#refreshTraces(connection);
    this.#learnShards.forEach((shard, index) => {
      if (shard.rules[connection])
        this.#kernels.catchUp(shard.connections[connection], this.#stepScratch[index]);
      const {
        rules: { [connection]: rule },
        synapses: { [connection]: synapse },
        deliveries: { [connection]: own },
      } = shard;
      const place = [rule?.variables, synapse?.variables, own]
        .map((variables) => variables?.get(variable))
        .find((each) => each !== undefined) as VariablePlace;
      const base = place.isShared ? place.base : this.#stepScratch[index] + place.base;
      const memory = this.#memory.float32(base, place.bytes / 4);
      if (owner !== 'synapse') {
        this.#eachLocalNeuron(shard, program[owner], (neuron, local) => visit(memory, local, neuron));
        return;
      }
      const { rowLength, nRows } = program.wiring.fanOut;
      const padded = rowStride(program.wiring);
      const firstRow = (rule ?? synapse)?.firstRow ?? 0;
      const rows = Math.min(nRows - firstRow, memory.length / padded);
      for (let row = 0; row < rows; row++) {
        for (let k = 0; k < rowLength; k++) visit(memory, row * padded + k, (firstRow + row) * rowLength + k);
      }
    });
  }

  /** As `#eachNeuron`, for inputs too. */
  #eachLocalNeuron(shard: Shard, layer: number, visit: (neuron: number, local: number) => void): void {
    if (this.program.layers[layer].model.kernel !== 'input') {
      this.#eachNeuron(shard, layer, visit);
      return;
    }
    const inputs = shard.inputs[layer] ?? this.#lastInputSpikes[layer]?.keys() ?? [];
    let local = 0;
    for (const neuron of inputs) visit(neuron, local++);
  }

  clamp(layer: number, forced: Uint32Array, forbidden: Uint32Array): void {
    this.#prepareSteps();
    const clamps = new Uint8Array(this.program.layers[layer].size);
    for (const neuron of forced) clamps[neuron] |= layout.clampForced;
    for (const neuron of forbidden) clamps[neuron] |= layout.clampForbidden;
    this.#clampBuffers[layer] ??= this.#learnShards.map((shard) =>
      this.#memory.allocate(this.#layerSize(shard, layer)),
    );
    this.#learnShards.forEach((shard, index) => {
      const address = this.#clampBuffers[layer][index];
      const memory = this.#memory.uint8(address, this.#layerSize(shard, layer));
      memory.fill(0);
      this.#eachNeuron(shard, layer, (neuron, local) => {
        memory[local] = clamps[neuron];
      });
      this.#memory
        .record(shard.layers[layer], layout.layerRecordSize)
        .setUint32(layout.layerClamp, address, true);
    });
  }

  /** Memory of a variable that outlives an image; null for any other. */
  #outliving(layer: number, variable: string): Float32Array | null {
    const address = this.#shared.persistent[layer].get(variable);
    if (address === undefined) return null;
    const program = this.program.layers[layer];
    return this.#memory.float32(address, arrange(program).positions * thetaStride(program));
  }

  setPlastic(connection: number, plastic: boolean): void {
    this.#synapses(connection);
    for (const shard of this.#learnShards) {
      this.#memory
        .record(shard.connections[connection], layout.connectionRecordSize)
        .setUint32(layout.connectionPlastic, plastic ? 1 : 0, true);
    }
  }

  isPlastic(connection: number): boolean {
    this.#synapses(connection);
    const [{ connections }] = this.#learnShards;
    return (
      this.#memory
        .record(connections[connection], layout.connectionRecordSize)
        .getUint32(layout.connectionPlastic, true) === 1
    );
  }

  resetState(image: ImageMoment = { purpose: 0, item: this.#runs + 1 }): void {
    this.#prepareSteps();
    if (image.purpose === 0) this.#runs = image.item;
    this.#image = image;
    this.#reset();
  }

  #reset(): void {
    this.#stepped = 0;
    for (const last of this.#lastInputSpikes) last?.fill(-1);
    this.#learnShards.forEach((shard, index) =>
      this.#kernels.resetShard(shard.address, this.#stepScratch[index]),
    );
  }

  step(
    inputs: ReadonlyMap<number, Uint32Array>,
    learn: boolean,
    draws?: ReadonlyMap<number, GivenDraws>,
  ): void {
    const signals = learn ? this.#signals.names.map((name) => this.#signals.get(name)) : [];
    this.#prepareSteps();
    this.#prepareTraces(this.#stepped + 1);
    const given = this.#memoryForSpikes();
    for (const [layer, neurons] of inputs) {
      this.#memory.uint32(given[layer], neurons.length).set(neurons);
      for (const neuron of neurons) (this.#lastInputSpikes[layer] as Int32Array)[neuron] = this.#stepped;
    }
    this.#kernels.beginImage(this.#image.purpose, this.#image.item);
    this.#learnShards.forEach((shard, index) => {
      const scratch = this.#stepScratch[index];
      for (const [layer, given] of draws ?? []) this.#giveDraws(shard, scratch, layer, given);
      if (learn) this.#memory.float32(scratch + shard.signals, signals.length).set(signals);
      this.program.layers.forEach(({ model }, layer) => {
        if (model.kernel !== 'input') return;
        const count = inputs.get(layer)?.length ?? 0;
        this.#kernels.giveInput(shard.address, scratch, layer, this.#stepped, given[layer], count, true);
      });
      this.#kernels.stepShard(shard.address, scratch, this.#stepped, learn, true, 0);
      for (const layer of draws?.keys() ?? []) this.#markGiven(shard, layer, {});
    });
    this.#stepped++;
  }

  advance(block: StepBlock): readonly SpikeTrain[] {
    const { inputs, steps, learn, spikesOf, setSignals } = block;
    this.#prepareSteps();
    this.#prepareTraces(this.#stepped + steps);
    this.#blocks ??= new StepBlocks(this.#memory, this.program);
    const { names } = this.#signals;
    const signals = new Float32Array(learn ? steps * names.length : 0);
    for (let t = 0; t < steps && signals.length > 0; t++) {
      setSignals(t);
      names.forEach((name, index) => {
        signals[t * names.length + index] = this.#signals.get(name);
      });
    }
    for (const [layer, train] of inputs) this.#noteInputs(layer, train);
    const address = this.#blocks.place(block, this.#stepped, signals);
    this.#kernels.beginImage(this.#image.purpose, this.#image.item);
    const found = this.#learnShards.map((shard, index) => {
      this.#kernels.makeSteps(address, shard.address, this.#stepScratch[index]);
      return spikesOf.map((layer) => (this.#blocks as StepBlocks).read(shard, layer, steps));
    });
    this.#stepped += steps;
    return spikesOf.map((_, index) => joinSpikes(found.map((trains) => trains[index])));
  }

  /** Notes when inputs spike last in the steps that follow. */
  #noteInputs(layer: number, { steps, offsets, neurons }: SpikeTrain): void {
    const last = this.#lastInputSpikes[layer] as Int32Array;
    for (let t = 0, e = 0; t < steps; t++) {
      const now = this.#stepped + t;
      for (const end = offsets[t + 1]; e < end; e++) last[neurons[e]] = now;
    }
  }

  /** Gives a layer what its neurons would draw in this step. */
  #giveDraws(shard: Shard, scratch: number, layer: number, given: GivenDraws): void {
    this.#markGiven(shard, layer, given);
    const { values } = given;
    if (!values) return;
    const { size } = this.program.layers[layer];
    for (const [call, offset] of shard.offsets[layer].draws) {
      const memory = this.#memory.float32(scratch + offset, this.#layerSize(shard, layer));
      this.#eachNeuron(shard, layer, (neuron, local) => {
        memory[local] = values[call * size + neuron];
      });
    }
  }

  /** Says what of the next step's draws is given. */
  #markGiven(shard: Shard, layer: number, { values, choice }: GivenDraws): void {
    const record = this.#memory.record(shard.layers[layer], layout.layerRecordSize);
    record.setUint32(layout.layerDrawsGiven, values ? 1 : 0, true);
    const isNeuron = choice !== undefined && choice >= 0;
    const chosen = isNeuron ? memoryIndex(this.program.layers[layer], choice) : (choice ?? drawnChoice);
    record.setInt32(layout.layerChoice, chosen, true);
  }

  normalize(connection?: number): void {
    this.#prepareSteps();
    this.#learnShards.forEach((shard, index) => {
      const scratch = this.#stepScratch[index];
      if (connection === undefined) {
        this.#kernels.normalizeShard(shard.address, scratch);
      } else {
        const { target } = this.#synapses(connection);
        this.#kernels.normalizeConnection(shard.connections[connection], shard.layers[target], scratch);
      }
    });
  }

  present(presentation: Presentation, options: PresentOptions): Promise<number> {
    return this.#turns.take(() => this.#present(presentation, options));
  }

  async #present(presentation: Presentation, options: PresentOptions): Promise<number> {
    checkPresentation(this.program, presentation, options);
    const { count } = presentation;
    const members = options.learn ? checkBatchSize(options.batchSize ?? 1, 'engine wasm') : 1;
    if (options.learn && !presentation.signals) this.#checkSignals();
    this.resetState();
    // A last minibatch of one image is that image alone.
    const together = members > 1 ? count - (count % members === 1 ? 1 : 0) : 0;
    const done = together > 0 ? await this.#presentTogether(presentation, options, members, together) : 0;
    if (done < together) return done;
    return this.#presentImages(presentation, options, this.#single(options.learn), done, count);
  }

  async #presentTogether(
    presentation: Presentation,
    options: PresentOptions,
    members: number,
    end: number,
  ): Promise<number> {
    this.#together ??= this.#prepareTogether();
    const { shards } = this.#together;
    const scratch =
      this.#together.scratch.get(members) ?? this.#reserveScratch(this.#together.scratchBytes * members);
    this.#together.scratch.set(members, scratch);
    this.#carryOver(this.#learnShards, shards);
    try {
      return await this.#presentImages(
        presentation,
        options,
        { ...this.#together, scratch, members },
        0,
        end,
      );
    } finally {
      this.#carryOver(shards, this.#learnShards);
    }
  }

  /** Images one by one, by kernels for one image. */
  #single(learn: boolean): Presenting {
    const shards = learn ? this.#learnShards : this.#evaluateShards;
    this.#scratch ??= this.#reserveScratch(this.#scratchBytes);
    return {
      shards,
      runtime: this.#runtime,
      scratch: this.#scratch,
      scratchBytes: this.#scratchBytes,
      members: 1,
    };
  }

  /** Of every thread. */
  #reserveScratch(bytes: number): number[] {
    return Array.from({ length: this.#threads }, () => this.#memory.allocate(bytes));
  }

  /** Equations for images that learn at once, on the same weights. */
  #prepareTogether(): Together {
    const program = programOfMinibatches(this.program, 'wasm');
    const shared = shareState(this.#memory, program, this.#signals.names, this.#shared);
    const positions = this.#learnShards.map(({ position }) => position);
    const shards = positions.map((position) => buildShard(this.#memory, program, shared, position));
    // Their tables of traces are made with those of the others.
    this.#traceSteps = 0;
    return {
      shards,
      runtime: this.#start(shared),
      scratchBytes: Math.max(...shards.map(({ scratchBytes }) => scratchBytes)),
      scratch: new Map(),
    };
  }

  /** Tells shards what others have learned of their connections: whether these are plastic, sum to the norm, and keep their bounds. */
  #carryOver(from: readonly Shard[], to: readonly Shard[]): void {
    from.forEach(({ connections }, index) =>
      this.program.connections.forEach(({ kind }, connection) => {
        if (kind === 'uniform') return;
        const address = to[index].connections[connection];
        const before = this.#memory.record(connections[connection], layout.connectionRecordSize);
        const after = this.#memory.record(address, layout.connectionRecordSize);
        for (const field of [
          layout.connectionPlastic,
          layout.connectionNormalized,
          layout.connectionLearned,
        ]) {
          after.setUint32(field, before.getUint32(field, true), true);
        }
        this.#kernels.findOutOfBounds(address);
      }),
    );
  }

  /** Shows the images from `first` up to, not including, `end`; returns where it ended. */
  async #presentImages(
    presentation: Presentation,
    options: PresentOptions,
    { shards, runtime, scratch, scratchBytes, members }: Presenting,
    first: number,
    end: number,
  ): Promise<number> {
    const { steps } = presentation;
    const counted = countedLayers(options);
    const size = counted.reduce((sum, layer) => sum + this.program.layers[layer].size, 0);
    const threads = options.learn ? Math.min(this.#threads, shards.length) : this.#threads;
    this.#prepareTraces(steps);
    this.#chooseCounted(shards, counted);
    const { countEvery = steps } = options;
    const windows = Math.ceil(steps / countEvery);
    const imageCounts = windows * size;
    const nLayers = this.program.layers.length;
    const most = Math.min(largestBatch, Math.floor(largestCountBytes / (2 * imageCounts)));
    const whole = (images: number) => members * Math.max(1, Math.floor(images / members));
    const limit = whole(most);
    const buffers = this.#prepareBuffers(presentation, { size, windows, countEvery, limit }, shards);
    let done = first;
    let batch = whole(Math.min(firstBatch, limit));
    while (done < end) {
      if (options.signal?.aborted) break;
      const began = performance.now();
      const n = Math.min(batch, end - done);
      await this.#encode(presentation, buffers, done, n);
      if (options.learn) this.#placeSignals(presentation, buffers, done, n);
      this.#memory.uint16(buffers.counts, n * imageCounts).fill(0);
      this.#memory.uint32(buffers.totals, n * nLayers).fill(0);
      const job = this.#memory.record(buffers.job, layout.jobSize);
      job.setUint32(layout.jobLearn, options.learn ? 1 : 0, true);
      job.setUint32(layout.jobImageCount, n, true);
      job.setUint32(layout.jobNext, 0, true);
      job.setUint32(layout.jobMembers, members, true);
      job.setUint32(layout.jobScratchStride, scratchBytes, true);
      for (const shard of shards) {
        this.#memory.record(shard.address, layout.shardSize).setUint32(layout.shardProgress, 0, true);
      }
      // A shard that learns moves its weights to the core that simulates it, so it stays there for longer.
      const largest = options.learn ? 64 : 16;
      const quantum = Math.max(1, Math.min(largest, Math.ceil(n / members / (4 * threads))));
      await runtime.run(
        'presentImages',
        scratch.slice(0, threads).map((own) => [buffers.job, own, quantum]),
      );
      options.onCounts?.(this.#memory.uint16(buffers.counts, n * imageCounts), done);
      options.onSpikes?.(this.#memory.uint32(buffers.totals, n * nLayers), done);
      done += n;
      options.onProgress?.(done);
      const target = threads === 1 ? batchMilliseconds.oneThread : batchMilliseconds.threads;
      const ideal = (n * target) / Math.max(0.1, performance.now() - began);
      batch = whole(Math.min(limit, 2 * batch, Math.round(ideal)));
      await letEventsIn();
    }
    return done;
  }

  dispose(): void {
    this.#runtime.dispose();
    this.#together?.runtime.dispose();
  }

  #start(shared: SharedState): KernelThreads {
    const emitted = emitModule(
      shared.neurons.filter((plan) => plan !== null),
      shared.rules.filter((plan) => plan !== null),
      shared.synapses.filter((plan) => plan !== null),
    );
    return new KernelThreads(this.#memory, emitted, this.#startThread, this.#threads);
  }

  /** Writes what rules read of the images of a batch. */
  #placeSignals(presentation: Presentation, buffers: BatchBuffers, first: number, n: number): void {
    const { names } = this.#signals;
    if (names.length === 0) return;
    const rows = Array.from({ length: presentation.signals ? n : 1 }, (_, image) =>
      this.#signals.ofImage(presentation, first + image),
    );
    const [{ length }] = rows;
    const bytes = 4 * rows.length * length;
    if (bytes > buffers.signalBytes) {
      buffers.signals = this.#memory.allocate(bytes);
      buffers.signalBytes = bytes;
    }
    rows.forEach((row, image) => this.#memory.float32(buffers.signals + 4 * image * length, length).set(row));
    const job = this.#memory.record(buffers.job, layout.jobSize);
    job.setUint32(layout.jobSignals, buffers.signals, true);
    job.setUint32(layout.jobSignalImage, presentation.signals ? 4 * length : 0, true);
    job.setUint32(layout.jobSignalStep, 4 * names.length, true);
  }

  #checkSignals(): void {
    for (const name of this.#signals.names) this.#signals.get(name);
  }

  #synapses(connection: number): SynapseProgram {
    const program = this.program.connections[connection];
    if (program?.kind !== 'synapses') {
      throw invalidArgument('simulation', 'a connection with weights', connection);
    }
    return program;
  }

  async #encode(presentation: Presentation, buffers: BatchBuffers, first: number, n: number): Promise<void> {
    const { poisson } = presentation;
    const items = this.#memory.uint32(buffers.items, n);
    for (let i = 0; i < n; i++) items[i] = itemOf(presentation, first + i);
    if (!poisson) {
      this.#placeSpikes(presentation, buffers, first, n);
      return;
    }
    const { nPixels } = poisson;
    this.#memory
      .uint8(buffers.images, n * nPixels)
      .set(poisson.images.subarray(first * nPixels, (first + n) * nPixels));
    this.#reserveArena(
      buffers,
      n * 4 * (presentation.steps + 1) + expectedSpikeBytes(poisson, presentation.steps, first, n),
    );
    while (true) {
      const job = this.#memory.record(buffers.job, layout.jobSize);
      job.setUint32(layout.jobImageCount, n, true);
      job.setUint32(layout.jobNext, 0, true);
      job.setUint32(layout.jobArenaNext, buffers.arena, true);
      job.setUint32(layout.jobArenaEnd, buffers.arena + buffers.arenaBytes, true);
      job.setUint32(layout.jobOverflow, 0, true);
      const threads = n < 8 ? 1 : this.#threads;
      await this.#runtime.run(
        'encodeImages',
        buffers.encodeScratch.slice(0, threads).map((scratch) => [buffers.job, scratch]),
      );
      const after = this.#memory.record(buffers.job, layout.jobSize);
      if (after.getUint32(layout.jobOverflow, true) === 0) return;
      // More spikes than the rates let expect: encoding is a pure function, so it is simply done again in more space.
      this.#reserveArena(buffers, 2 * buffers.arenaBytes);
    }
  }

  #placeSpikes(presentation: Presentation, buffers: BatchBuffers, first: number, n: number): void {
    const trains = Array.from({ length: n }, (_, image) =>
      readSpikes(this.program, presentation, first + image),
    );
    this.#reserveArena(
      buffers,
      trains.reduce((bytes, train) => bytes + 4 * (train.offsets.length + train.neurons.length), 0),
    );
    let at = buffers.arena;
    trains.forEach((train, image) => {
      this.#memory.uint32(buffers.events, n)[image] = at;
      this.#memory.uint32(at, train.offsets.length).set(train.offsets);
      at += 4 * train.offsets.length;
      this.#memory.uint32(at, train.neurons.length).set(train.neurons);
      at += 4 * train.neurons.length;
    });
  }

  #reserveArena(buffers: BatchBuffers, bytes: number): void {
    if (bytes <= buffers.arenaBytes) return;
    buffers.arena = this.#memory.allocate(bytes);
    buffers.arenaBytes = bytes;
  }

  #prepareBuffers(presentation: Presentation, counting: Counting, shards: Shard[]): BatchBuffers {
    const { steps, poisson } = presentation;
    const nPixels = poisson?.nPixels ?? this.program.layers[presentation.layer].size;
    const { size: countSize, windows, countEvery, limit } = counting;
    const capacity = Math.max(largestBatch, limit);
    const key = [steps, nPixels, countSize, windows, capacity].join();
    const memory = this.#memory;
    if (this.#buffers?.key !== key) {
      this.#buffers = {
        key,
        job: memory.allocate(layout.jobSize),
        events: memory.allocate(4 * capacity),
        counts: memory.allocate(2 * limit * windows * countSize),
        totals: memory.allocate(4 * capacity * this.program.layers.length),
        images: memory.allocate(capacity * nPixels),
        items: memory.allocate(4 * capacity),
        signals: 0,
        signalBytes: 0,
        shards: memory.allocate(4 * Math.max(this.#learnShards.length, this.#evaluateShards.length)),
        encodeScratch: Array.from({ length: this.#threads }, () =>
          memory.allocate(16 + 4 * (steps + 2) + 8 * nPixels * steps),
        ),
        arena: 0,
        arenaBytes: 0,
      };
    }
    const buffers = this.#buffers;
    memory.uint32(buffers.shards, shards.length).set(shards.map(({ address }) => address));
    const tables = poisson ? this.#prepareTables(poisson, steps) : { thresholds: 0, guide: 0 };
    const [seedLow, seedHigh] = seedKey(poisson?.seed ?? 0);
    const job = memory.record(buffers.job, layout.jobSize);
    for (const [field, value] of [
      [layout.jobSteps, steps],
      [layout.jobShards, buffers.shards],
      [layout.jobShardCount, shards.length],
      [layout.jobInputLayer, presentation.layer],
      [layout.jobEvents, buffers.events],
      [layout.jobCounts, buffers.counts],
      [layout.jobCountSize, countSize],
      [layout.jobCountWindows, windows],
      [layout.jobCountEvery, countEvery],
      [layout.jobSpikeTotals, buffers.totals],
      [layout.jobPixels, nPixels],
      [layout.jobImages, buffers.images],
      [layout.jobItems, buffers.items],
      [layout.jobSeedLow, seedLow],
      [layout.jobSeedHigh, seedHigh],
      [layout.jobPurpose, purposeOf(presentation)],
      [layout.jobThresholds, tables.thresholds],
      [layout.jobGuide, tables.guide],
    ] as const) {
      job.setUint32(field, value, true);
    }
    return buffers;
  }

  #prepareTables({ intensity, dt }: PoissonStimulus, steps: number): { thresholds: number; guide: number } {
    const key = [intensity, dt, steps].join();
    if (this.#tables?.key !== key) {
      const { thresholds, guide } = intervalTables(intensity, dt, steps);
      this.#tables = { key, thresholds: this.#memory.place(thresholds), guide: this.#memory.place(guide) };
    }
    return this.#tables;
  }

  #chooseCounted(shards: Shard[], counted: readonly number[]): void {
    const bases = new Map<number, number>();
    let first = 0;
    for (const index of counted) {
      bases.set(index, this.#countBase(index, first));
      first += this.program.layers[index].size;
    }
    for (const shard of shards) {
      shard.layers.forEach((record, index) => {
        const address = bases.get(index);
        const base = address === undefined ? 0 : address + 4 * (shard.position ?? 0);
        this.#memory.record(record, layout.layerRecordSize).setUint32(layout.layerCountBase, base, true);
      });
    }
  }

  /** Address of where the counts of every position of a layer begin, which itself begins at `first`. */
  #countBase(index: number, first: number): number {
    const layer = this.program.layers[index];
    const { positions } = arrange(layer);
    const key = `${index} ${first}`;
    const address =
      this.#countBases.get(key) ??
      this.#memory.place(
        Uint32Array.from({ length: positions }, (_, position) => first + position * layer.shape.channels),
      );
    this.#countBases.set(key, address);
    return address;
  }

  readonly #countBases = new Map<string, number>();

  /** Tables of what is left of a trace after so many steps: exact, because a spike sets it to 1. */
  #prepareTraces(steps: number): void {
    if (steps < this.#traceSteps) return;
    this.#traceSteps = Math.max(1024, 2 * steps);
    for (const index of this.#shared.rules.keys()) {
      const placed = new Map<string, number>();
      for (const { rules } of this.#shards) {
        for (const { trace, record } of rules[index]?.lazyTraces ?? []) {
          const table =
            placed.get(trace.name) ??
            this.#memory.place(decayTable(trace.decay, this.#traceSteps, trace.scale));
          placed.set(trace.name, table);
          this.#memory.record(record, layout.traceRecordSize).setUint32(layout.traceTable, table, true);
        }
      }
    }
    this.program.layers.forEach((layer, index) => {
      const pre = this.#memory.place(decayTable(layer.tracePreDecay, this.#traceSteps));
      const post = this.#memory.place(decayTable(layer.tracePostDecay, this.#traceSteps));
      for (const shard of this.#shards) {
        const view = this.#memory.record(shard.layers[index], layout.layerRecordSize);
        view.setUint32(layout.layerTracePre, pre, true);
        view.setUint32(layout.layerTracePost, post, true);
        shard.relays.forEach(({ source }, relay) => {
          if (source !== index) return;
          const record = shard.layers[this.program.layers.length + relay];
          this.#memory.record(record, layout.layerRecordSize).setUint32(layout.layerTracePre, pre, true);
        });
      }
    });
  }

  #prepareSteps(): void {
    if (this.#stepScratch.length > 0) return;
    this.#prepareTraces(0);
    this.#stepScratch = this.#learnShards.map((shard) => this.#memory.allocate(shard.scratchBytes));
    this.#reset();
  }

  #memoryForSpikes(): number[] {
    this.#spikeInputs ??= this.program.layers.map((layer) =>
      layer.model.kernel === 'input' ? this.#memory.allocate(4 * layer.size) : 0,
    );
    return this.#spikeInputs;
  }

  #spikeInputs: number[] | undefined;

  #layerSize(shard: Shard, layer: number): number {
    return this.#memory.record(shard.layers[layer], layout.layerRecordSize).getUint32(layout.layerSize, true);
  }

  /** Visits the neurons of a leaky layer that a shard holds: engine index, and index in the shard's arrays. */
  #eachNeuron(shard: Shard, layer: number, visit: (neuron: number, local: number) => void): void {
    const program = this.program.layers[layer];
    const { channels } = program.shape;
    const first = (shard.position ?? 0) * channels;
    const end = shard.position === null ? program.size : first + channels;
    const base = memoryIndex(program, first);
    for (let neuron = first; neuron < end; neuron++) visit(neuron, memoryIndex(program, neuron) - base);
  }

  #readVariable(shard: Shard, scratch: number, layer: number, variable: string): (local: number) => number {
    const size = this.#layerSize(shard, layer);
    const stored = settableOffset(shard, layer, variable);
    if (stored !== undefined) {
      const memory = this.#memory.float32(scratch + stored, size);
      return (local) => memory[local];
    }
    const last = this.#memory.int32(scratch + shard.offsets[layer].lastSpike, size);
    return this.#readSpikes(shard.layers[layer], variable, last);
  }

  /** Spikes of the last step, or traces, from the steps of the last spikes. */
  #readSpikes(record: number, variable: string, last: Int32Array): (index: number) => number {
    const now = this.#stepped - 1;
    if (variable === 'spikes') return (index) => (last[index] >= 0 && last[index] === now ? 1 : 0);
    const field = variable === 'tracePre' ? layout.layerTracePre : layout.layerTracePost;
    const address = this.#memory.record(record, layout.layerRecordSize).getUint32(field, true);
    const table = this.#memory.float32(address, this.#traceSteps + 1);
    return (index) => (last[index] < 0 ? 0 : table[now - last[index]]);
  }
}

/** What learns from images at once. */
interface Together {
  readonly shards: Shard[];
  readonly runtime: KernelThreads;
  /** Of one image. */
  readonly scratchBytes: number;
  /** Of every thread, by the number of images. */
  readonly scratch: Map<number, number[]>;
}

/** What images are presented to, so many at once. */
interface Presenting extends Omit<Together, 'scratch'> {
  readonly scratch: readonly number[];
  readonly members: number;
}

/** What is counted of an image: a layer of `size` neurons, in windows. */
interface Counting {
  readonly size: number;
  readonly windows: number;
  readonly countEvery: number;
  /** Images of the largest batch. */
  readonly limit: number;
}

interface BatchBuffers {
  readonly key: string;
  readonly job: number;
  readonly events: number;
  readonly counts: number;
  readonly totals: number;
  readonly images: number;
  readonly items: number;
  readonly shards: number;
  /** Of what rules read, and its bytes. */
  signals: number;
  signalBytes: number;
  readonly encodeScratch: readonly number[];
  arena: number;
  arenaBytes: number;
}

function settableOffset(shard: Shard, layer: number, variable: string): number | undefined {
  const { variables } = shard.offsets[layer];
  return Object.hasOwn(variables, variable) ? variables[variable] : undefined;
}

/** What is left of a scale after 0, 1, … steps in float32, each from the one before. */
function decayTable(decay: number, steps: number, scale = 1): Float32Array {
  const table = new Float32Array(steps + 1).fill(scale);
  for (let t = 1; t <= steps; t++) table[t] = table[t - 1] * decay;
  return table;
}

/** Bytes of the spikes to expect of a batch, with room to spare; a pixel spikes once a step at most. */
function expectedSpikeBytes(poisson: PoissonStimulus, steps: number, first: number, n: number): number {
  let brightness = 0;
  for (let at = first * poisson.nPixels; at < (first + n) * poisson.nPixels; at++)
    brightness += poisson.images[at];
  const expected = (brightness / 255) * poisson.intensity * (poisson.dt / 1000) * steps;
  return 4 * Math.ceil(Math.min(1.25 * expected + 4096, n * poisson.nPixels * steps));
}

function checkKernels(program: Program): void {
  for (const { model } of program.layers) {
    if (!['input', 'leaky'].includes(model.kernel) && !(model.kernel === 'defined' && model.compile)) {
      throw unsupported('wasm', 'neuron model', model.name);
    }
  }
  for (const connection of program.connections) {
    if (connection.kind === 'uniform') continue;
    if (connection.wiring.isSparse && connection.compiledSynapse) {
      throw unsupported('wasm', 'synapse model of sparse synapses', connection.compiledSynapse.name);
    }
    if (learnsSingly(connection) && !connection.wiring.isSparse && !hasOwnWeights(connection.wiring.fanOut)) {
      throw unsupported('wasm', 'learning rule of shared weights with delays', connection.rule.name);
    }
    if (!['none', 'post-pre'].includes(connection.rule.kernel) && !connection.compiledRule) {
      throw unsupported('wasm', 'learning rule', connection.rule.name);
    }
  }
}

/** The engine on a platform that starts its threads so. */
export function createWasmEngine(startThread: StartThread): Engine {
  return {
    name: 'wasm',
    prepare: (program, options = {}) => new WasmSimulation(program, options, startThread),
  };
}
