/** Lays a network, or one position of it, out in memory as the records that the kernels read. */
import { boundsOf } from '../../network/delays.js';
import {
  arrivesInSameStep,
  changesOnlySpikingTargets,
  type Program,
  type ProgramLayer,
  type SynapseProgram,
} from '../../network/program.js';
import { inputsOf } from '../../network/nodes/neuron-model.js';
import { countPositions } from '../../network/shape.js';
import type { Wiring } from '../../network/topology/topology.js';
import { shareName } from '../../definitions/samples.js';
import * as layout from './assembly/layout.js';
import type { WasmMemory } from '../../wasm/wasm-memory.js';
import { drawKey, selectionCall } from '../../random/draws.js';
import type { NeuronPlan } from './emit-neurons.js';
import type { RulePlan } from './emit-rules.js';
import { learnsSingly } from './place-single.js';
import type { SynapsePlan } from './emit-synapses.js';
import { padToVector } from './pad-to-vector.js';
import { placeArrivals } from './place-arrivals.js';
import { placeDelivery, type SharedDelivery } from './place-delivery.js';
import { countPastSteps, findSource, listRelays, placePast, placeRelay, type Relay } from './place-relays.js';
import { delayLanes, delayStride, rowStride } from './row-stride.js';
import {
  placeRule,
  type PlacedRule,
  type RuleEnd,
  type SharedRule,
  type VariablePlace,
} from './place-rules.js';
import { type PlacedSynapse, placeSynapse, type SharedSynapse } from './place-synapses.js';

/** What all shards of a simulation share: state that persists, by layer or connection. */
export interface SharedState {
  /** Addresses of the state that outlives an image [position, channel padded to cache lines], by variable, per layer. */
  readonly persistent: readonly ReadonlyMap<string, number>[];
  /** Of defined layers, else null. */
  readonly neurons: readonly (NeuronPlan | null)[];
  /** Addresses of the constant arrays of defined layers, arranged as state that outlives an image. */
  readonly constants: readonly (readonly number[])[];
  /** Address of the weights [row, padded column], per connection; 0 where there are none. */
  readonly weights: readonly number[];
  /** Of connections with compiled rules, else null. */
  readonly rules: readonly (RulePlan | null)[];
  readonly ruleMemory: readonly SharedRule[];
  /** Of connections with synapse models, else null. */
  readonly synapses: readonly (SynapsePlan | null)[];
  readonly synapseMemory: readonly (SharedSynapse | null)[];
  /** What rules read of each step, and whether they take means over images. */
  readonly signals: readonly string[];
  readonly takesMean: boolean;
  /** Address of the delays [row, column padded to 16], per connection; 0 where all synapses have one. */
  readonly delays: readonly number[];
  /** Address of the mask, arranged as the weights, per connection; 0 where all are synapses. */
  readonly masks: readonly number[];
  /** Biases and bounds of connections with weights, else null. */
  readonly deliveries: readonly (SharedDelivery | null)[];
}

export interface Shard {
  readonly address: number;
  readonly scratchBytes: number;
  /** Position of the neuron layer that it simulates; null: all. */
  readonly position: number | null;
  /** Layers that repeat others late: they follow the program's layers. */
  readonly relays: readonly Relay[];
  /** Of each connection, the layer or relay that it starts from. */
  readonly sources: readonly number[];
  /** Addresses of its layer and connection records, indexed as in the program. */
  readonly layers: readonly number[];
  readonly connections: readonly number[];
  /** Scratch offsets of the layers' arrays. */
  readonly offsets: readonly LayerOffsets[];
  /** Where compiled rules keep their variables, per connection; null where there is none. */
  readonly rules: readonly (PlacedRule | null)[];
  /** Where synapse models keep their state, per connection; null where there is none. */
  readonly synapses: readonly (PlacedSynapse | null)[];
  /** Where connections keep their other variables: biases, rates. */
  readonly deliveries: readonly ReadonlyMap<string, VariablePlace>[];
  /** Per input layer: neurons of the whole layer that it sees, ascending; null: all. */
  readonly inputs: readonly (Uint32Array | null)[];
  /** Scratch offset of the signals, in their order. */
  readonly signals: number;
}

export interface LayerOffsets {
  readonly lastSpike: number;
  /** What can be read and set, by variable. */
  readonly variables: Readonly<Record<string, number>>;
  /** What neurons draw, by number of the call; those that no step reads are missing. */
  readonly draws: Map<number, number>;
}

/** In place of a chosen neuron: it is drawn. */
export const drawnChoice = -2;

const vectorLanes = 4;
const cacheLineLanes = 16;

/** Number of (padded) neurons and their arrangement in memory. */
export function arrange(layer: ProgramLayer): { positions: number; channels: number } {
  if (layer.model.kernel === 'input') return { positions: 1, channels: padToVector(layer.size) };
  return { positions: countPositions(layer.shape), channels: padToVector(layer.shape.channels) };
}

/** Memory index of a neuron in engine order. */
export function memoryIndex(layer: ProgramLayer, neuron: number): number {
  if (layer.model.kernel === 'input') return neuron;
  const { channels } = layer.shape;
  return Math.floor(neuron / channels) * padToVector(channels) + (neuron % channels);
}

/** Neurons from one position's theta to the next: whole cache lines. */
export function thetaStride(layer: ProgramLayer): number {
  return Math.ceil(layer.shape.channels / cacheLineLanes) * cacheLineLanes;
}

/** Where the theta of a neuron in engine order lies. */
export function thetaIndex(layer: ProgramLayer, neuron: number): number {
  const { channels } = layer.shape;
  return Math.floor(neuron / channels) * thetaStride(layer) + (neuron % channels);
}

export function buildShard(
  memory: WasmMemory,
  program: Program,
  shared: SharedState,
  position: number | null,
): Shard {
  const relays = listRelays(program);
  const nLayers = program.layers.length + relays.length;
  const sources = program.connections.map((connection) => findSource(program, relays, connection));
  const layerTable = memory.allocate(nLayers * layout.layerRecordSize);
  const connectionTable = memory.allocate(
    Math.max(1, program.connections.length) * layout.connectionRecordSize,
  );
  const address = memory.allocate(layout.shardSize);
  const layers = Array.from({ length: nLayers }, (_, index) => layerTable + index * layout.layerRecordSize);
  const connections = program.connections.map(
    (_, index) => connectionTable + index * layout.connectionRecordSize,
  );
  const inputs = program.layers.map((layer, index) =>
    position === null || layer.model.kernel !== 'input' ? null : findInputs(program, index, position),
  );
  let scratchBytes = padBytes(layout.scratchSpikeLists + nLayers * layout.spikeListSize);
  const reserve = (bytes: number) => {
    const offset = scratchBytes;
    scratchBytes += padBytes(bytes);
    return offset;
  };
  const ownOffsets = program.layers.map((_, index) =>
    writeLayer(memory, program, layers[index], shared, index, position, inputs[index], reserve),
  );
  const pasts = ownOffsets.map(({ variables }, index) =>
    placePast(memory, program, index, layers[index], variables, reserve),
  );
  const offsets: readonly LayerOffsets[] = [
    ...ownOffsets,
    ...relays.map((relay, index) =>
      placeRelay(
        memory,
        relay,
        pasts[relay.source],
        {
          source: layers[relay.source],
          relay: layers[program.layers.length + index],
          emits: program.layers[relay.source].model.emits,
        },
        reserve,
      ),
    ),
  ];
  const signals = reserve(4 * shared.signals.length);
  const share = shared.takesMean ? reserve(4) : 0;
  const signalPlaces = new Map([
    ...shared.signals.map((name, index) => [name, signals + 4 * index] as const),
    [shareName, share],
  ]);
  const endOf = (layer: number): RuleEnd => {
    const size = memory.record(layers[layer], layout.layerRecordSize).getUint32(layout.layerSize, true);
    const { source } = relays[layer - program.layers.length] ?? { source: layer };
    const positions = position === null ? arrange(program.layers[source]).positions : 1;
    return { size, positions, variables: offsets[layer].variables };
  };
  const synapses: (PlacedSynapse | null)[] = program.connections.map(() => null);
  const deliveries = program.connections.map((): ReadonlyMap<string, VariablePlace> => new Map());
  const rules = program.connections.map((connection, index): PlacedRule | null => {
    const record = connections[index];
    const view = memory.record(record, layout.connectionRecordSize);
    const [shortest, longest] = boundsOf(connection.delay);
    view.setUint32(layout.connectionNow, shortest === 0 ? 1 : 0, true);
    view.setUint32(layout.connectionLater, longest > 0 ? 1 : 0, true);
    view.setUint32(layout.connectionLongest, longest, true);
    view.setUint32(layout.connectionInput, offsets[connection.target].variables[connection.into], true);
    if (connection.kind === 'uniform') {
      view.setUint32(layout.connectionKind, layout.kindUniform, true);
      view.setUint32(layout.connectionSource, sources[index], true);
      view.setUint32(layout.connectionTarget, connection.target, true);
      view.setFloat32(layout.connectionWeight, connection.weight, true);
      const { positions, channels } = arrange(program.layers[connection.target]);
      const competing = connection.among === 'layer' ? positions * channels : channels;
      view.setUint32(layout.connectionRowLength, competing, true);
      return null;
    }
    const rows = writeSynapses(
      memory,
      program,
      connection,
      record,
      {
        weights: shared.weights[index],
        mask: shared.masks[index],
        delays: shared.delays[index],
        source: sources[index],
      },
      position,
      inputs,
    );
    const source = program.layers[connection.source];
    const { emits } = source.model;
    memory
      .record(record, layout.connectionRecordSize)
      .setUint32(layout.connectionKind, kindOf(connection, emits !== undefined), true);
    if (typeof connection.delay !== 'number' && emits !== undefined) {
      const kept = pasts[connection.source].values.get(emits) ?? 0;
      memory.record(record, layout.connectionRecordSize).setUint32(layout.connectionPastEmitted, kept, true);
    }
    if (typeof connection.delay !== 'number' && connection.wiring.isSparse && emits === undefined) {
      placeArrivals(memory, connection, record, reserve);
    }
    deliveries[index] = placeDelivery(memory, connection, record, {
      shared: shared.deliveries[index] as SharedDelivery,
      firstRow: rows.firstRow,
      source: endOf(connection.source),
      sourceSize: source.size,
      target: endOf(connection.target),
      position,
      reserve,
    });
    const model = shared.synapses[index];
    if (model) {
      const placed = placeSynapse(memory, connection, {
        plan: model,
        shared: shared.synapseMemory[index] as SharedSynapse,
        seed: program.seed,
        index,
        weights: shared.weights[index],
        ...rows,
        firstKernel: countKernels(shared.rules) + countKernels(shared.synapses.slice(0, index)),
        source: endOf(sources[index]),
        target: endOf(connection.target),
        sources: inputs[connection.source] ?? listSources(source, position),
        input: offsets[connection.target].variables[connection.into],
        reserve,
      });
      synapses[index] = placed;
      const written = memory.record(record, layout.connectionRecordSize);
      written.setUint32(layout.connectionKind, layout.kindModel, true);
      written.setUint32(layout.connectionModel, placed.address, true);
    }
    const plan = shared.rules[index];
    if (!plan) return null;
    const placed = placeRule(memory, connection, {
      plan,
      shared: shared.ruleMemory[index],
      signals: signalPlaces,
      weights: shared.weights[index],
      ...rows,
      firstKernel: countKernels(shared.rules.slice(0, index)),
      source: endOf(sources[index]),
      target: endOf(connection.target),
      reserve,
    });
    memory
      .record(record, layout.connectionRecordSize)
      .setUint32(layout.connectionEquations, placed.address, true);
    return placed;
  });
  const view = memory.record(address, layout.shardSize);
  view.setUint32(layout.shardLayerCount, program.layers.length, true);
  view.setUint32(layout.shardRelayCount, relays.length, true);
  const keepsPast = program.layers.some((_, layer) => countPastSteps(program, layer) > 0);
  view.setUint32(layout.shardKeepsPast, keepsPast ? 1 : 0, true);
  view.setUint32(layout.shardLayers, layerTable, true);
  view.setUint32(layout.shardConnectionCount, connections.length, true);
  view.setUint32(layout.shardConnections, connectionTable, true);
  const hasArrivals =
    program.connections.some(arrivesInSameStep) || shared.deliveries.some((each) => each?.bias);
  view.setUint32(layout.shardHasArrivals, hasArrivals ? 1 : 0, true);
  view.setUint32(layout.shardSignals, signals, true);
  view.setUint32(layout.shardSignalCount, shared.signals.length, true);
  view.setUint32(layout.shardShare, share, true);
  return {
    address,
    scratchBytes,
    position,
    relays,
    sources,
    layers,
    connections,
    offsets,
    rules,
    synapses,
    deliveries,
    inputs,
    signals,
  };
}

/** What a connection delivers, and whether synapse by synapse. */
function kindOf({ wiring, delay }: SynapseProgram, isEmitted: boolean): number {
  if (wiring.isSparse || typeof delay !== 'number')
    return isEmitted ? layout.kindSingleEmitted : layout.kindSingle;
  return isEmitted ? layout.kindEmitted : 0;
}

/** By what a connection learns: nothing, pair STDP by hand, kernels of rows or of single synapses. */
function ruleOf(connection: SynapseProgram): number {
  if (connection.compiledRule) return learnsSingly(connection) ? 3 : 2;
  return connection.rule.kernel === 'post-pre' ? 1 : 0;
}

function countKernels(plans: readonly (RulePlan | SynapsePlan | null)[]): number {
  return plans.reduce((sum, plan) => sum + (plan?.kernels.length ?? 0), 0);
}

function padBytes(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

/** The input neurons with a connection to the position, ascending. */
function findInputs(program: Program, layer: number, position: number): Uint32Array {
  const found = new Set<number>();
  for (const connection of program.connections) {
    if (connection.kind === 'uniform' || connection.source !== layer) continue;
    const { fanOut } = connection.wiring;
    for (let i = 0; i < fanOut.nSources; i++) {
      for (let e = fanOut.start[i]; e < fanOut.start[i + 1]; e++) {
        if (fanOut.target[e] === position * fanOut.rowLength) found.add(i);
      }
    }
  }
  return Uint32Array.from(found).sort();
}

function writeLayer(
  memory: WasmMemory,
  program: Program,
  record: number,
  shared: SharedState,
  index: number,
  position: number | null,
  inputs: Uint32Array | null,
  reserve: (bytes: number) => number,
): LayerOffsets {
  const layer = program.layers[index];
  const isInput = layer.model.kernel === 'input';
  const whole = arrange(layer);
  const positions = position === null ? whole.positions : 1;
  const channels = inputs ? padToVector(inputs.length) : whole.channels;
  const size = positions * channels;
  const map = inputs ? memory.place(invert(inputs, layer.size)) : 0;
  const plan = shared.neurons[index];
  const array = () => reserve(4 * size);
  const state = plan
    ? plan.arrays.flatMap((each) => (each.kind === 'state' ? [each.name] : []))
    : ['v', 'refracCount'];
  const offsets: LayerOffsets = {
    lastSpike: array(),
    draws: new Map(),
    variables: Object.fromEntries([...state, ...inputsOf(layer.model)].map((name) => [name, array()])),
  };
  // One entry beyond the last: lists of input spikes are written before it is known whether they grow.
  const spikes = reserve(4 * (size + 1));
  const active = reserve(4 * (size + 1));
  const activeCount = reserve(4 * positions);
  const delta = reserve(4 * size);
  const view = memory.record(record, layout.layerRecordSize);
  view.setUint32(layout.layerKind, isInput ? 0 : plan ? 2 : 1, true);
  view.setUint32(layout.layerSize, size, true);
  view.setUint32(layout.layerPositions, positions, true);
  view.setUint32(layout.layerChannels, channels, true);
  view.setUint32(layout.layerInputMap, map, true);
  view.setUint32(layout.layerInput, offsets.variables[inputsOf(layer.model)[0]], true);
  view.setUint32(layout.layerLastSpike, offsets.lastSpike, true);
  view.setUint32(layout.layerSpikes, spikes, true);
  view.setUint32(layout.layerActive, active, true);
  view.setUint32(layout.layerActiveCount, activeCount, true);
  view.setUint32(layout.layerDelta, delta, true);
  const stride = 4 * thetaStride(layer);
  const first = (position ?? 0) * stride;
  if (plan) {
    writeArrays(memory, layer, plan, record, { shared, index, offsets, position, size, reserve });
    writeDraws(memory, program, index, record, offsets, position);
    if (layer.model.isExclusive)
      writeSelection(view, drawKey(program.seed, index, selectionCall), reserve(16));
  } else if (!isInput) {
    const thetas = shared.persistent[index];
    const carry = thetas.get('thetaCarry');
    view.setUint32(layout.layerVoltage, offsets.variables.v, true);
    view.setUint32(layout.layerRefracCount, offsets.variables.refracCount, true);
    view.setUint32(layout.layerTheta, (thetas.get('theta') ?? 0) + first, true);
    view.setUint32(layout.layerThetaCarry, carry === undefined ? 0 : carry + first, true);
    view.setUint32(layout.layerThetaStride, stride, true);
    for (const [field, name] of [
      [layout.layerDecay, 'decay'],
      [layout.layerRest, 'rest'],
      [layout.layerReset, 'reset'],
      [layout.layerThresh, 'thresh'],
      [layout.layerRefracSteps, 'refracSteps'],
      [layout.layerThetaPlus, 'thetaPlus'],
      [layout.layerThetaDecay, 'thetaDecay'],
      [layout.layerThetaLoss, 'thetaLoss'],
      [layout.layerResetDrop, 'resetDrop'],
    ] as const) {
      view.setFloat32(field, layer.constants[name], true);
    }
  }
  return offsets;
}

interface ArrayPlaces {
  readonly shared: SharedState;
  readonly index: number;
  readonly offsets: LayerOffsets;
  readonly position: number | null;
  /** Padded neurons of the shard. */
  readonly size: number;
  readonly reserve: (bytes: number) => number;
}

/** Describes the arrays of a defined layer: where each lies, and what a reset gives it. */
function writeArrays(
  memory: WasmMemory,
  layer: ProgramLayer,
  plan: NeuronPlan,
  record: number,
  { shared, index, offsets, position, size, reserve }: ArrayPlaces,
): void {
  const { channels } = arrange(layer);
  const sharedStride = 4 * thetaStride(layer);
  const first = (position ?? 0) * sharedStride;
  const initial = layer.model.initialState(layer.constants);
  // All positions use the same bytes, one after the other.
  const fired = reserve(Math.ceil(channels / 32) * 8);
  let constants = 0;
  let spiked = 0;
  const words = plan.arrays.flatMap((array) => {
    switch (array.kind) {
      case 'persistent':
        return [1, (shared.persistent[index].get(array.name) ?? 0) + first, sharedStride, 0];
      case 'constant':
        return [1, shared.constants[index][constants++] + first, sharedStride, 0];
      case 'state': {
        const values = padNeurons(layer, initial[array.name], channels);
        const own =
          position === null ? values : values.subarray(position * channels, (position + 1) * channels);
        return [0, offsets.variables[array.name], 4 * channels, memory.place(own)];
      }
      case 'input':
        return [0, offsets.variables[array.name], 4 * channels, memory.place(new Float32Array(size))];
      case 'fired':
        return [0, fired, 0, 0];
      case 'draw': {
        const offset = reserve(4 * size);
        offsets.draws.set(array.call, offset);
        return [0, offset, 4 * channels, 0];
      }
      default:
        // Whether it spiked in the step before.
        spiked = reserve(4 * size);
        return [0, spiked, 4 * channels, memory.place(new Float32Array(size))];
    }
  });
  const view = memory.record(record, layout.layerRecordSize);
  for (const [field, value] of [
    [layout.layerModel, shared.neurons.slice(0, index).filter((each) => each !== null).length],
    [layout.layerArrays, memory.place(Uint32Array.from(words))],
    [layout.layerArrayCount, plan.arrays.length],
    [layout.layerAddresses, reserve(4 * plan.arrays.length)],
    [layout.layerFired, fired],
    [layout.layerSpiked, spiked],
    [layout.layerEmitted, layer.model.emits === undefined ? 0 : offsets.variables[layer.model.emits]],
    [layout.layerRealChannels, layer.shape.channels],
  ] as const) {
    view.setUint32(field, value, true);
  }
}

/** Describes what the neurons of a defined layer draw. */
function writeDraws(
  memory: WasmMemory,
  { layers, seed }: Program,
  index: number,
  record: number,
  { draws }: LayerOffsets,
  position: number | null,
): void {
  const layer = layers[index];
  const words = [...draws].flatMap(([call, offset]) => {
    const isNormal = layer.model.draws?.[call].distribution === 'normal';
    return [offset, isNormal ? 1 : 0].concat(drawKey(seed, index, call));
  });
  const view = memory.record(record, layout.layerRecordSize);
  view.setUint32(layout.layerDraws, memory.place(Uint32Array.from(words)), true);
  view.setUint32(layout.layerDrawCount, draws.size, true);
  view.setUint32(layout.layerFirstBlock, ((position ?? 0) * arrange(layer).channels) / vectorLanes, true);
}

/** Describes how the one neuron that spikes is drawn. */
function writeSelection(view: DataView, [low, high]: readonly [number, number], words: number): void {
  view.setUint32(layout.layerIsExclusive, 1, true);
  view.setUint32(layout.layerSelectionKeyLow, low, true);
  view.setUint32(layout.layerSelectionKeyHigh, high, true);
  view.setUint32(layout.layerSelectionWords, words, true);
  view.setInt32(layout.layerChoice, drawnChoice, true);
}

/** Values of a layer's neurons in memory order, so many channels to a position; padding holds 0. */
export function padNeurons(
  layer: ProgramLayer,
  values: number | ArrayLike<number>,
  channels: number,
): Float32Array {
  const real = layer.shape.channels;
  const padded = new Float32Array(countPositions(layer.shape) * channels);
  for (let neuron = 0; neuron < layer.size; neuron++) {
    const at = Math.floor(neuron / real) * channels + (neuron % real);
    padded[at] = typeof values === 'number' ? values : values[neuron];
  }
  return padded;
}

/** Places the delays of synapses; 0 where all have one. */
export function placeDelays(memory: WasmMemory, { wiring, delay }: SynapseProgram): number {
  if (typeof delay === 'number') return 0;
  const { nRows, rowLength } = wiring.fanOut;
  const stride = delayStride(wiring);
  // The last row is read as far as a whole vector.
  const padded = new Uint8Array(nRows * stride + delayLanes);
  for (let row = 0; row < nRows; row++) {
    padded.set(delay.subarray(row * rowLength, (row + 1) * rowLength), row * stride);
  }
  return memory.place(padded);
}

/** Places the mask of a connection as words [row, padded column]; 0 where all weights are synapses. */
export function placeMask(memory: WasmMemory, { fanOut, mask }: Wiring): number {
  if (!mask) return 0;
  const padded = padToVector(fanOut.rowLength);
  const words = new Uint32Array(fanOut.nRows * padded);
  mask.forEach((isSynapse, at) => {
    const place = Math.floor(at / fanOut.rowLength) * padded + (at % fanOut.rowLength);
    if (isSynapse !== 0) words[place] = 0xffff_ffff;
  });
  return memory.place(words);
}

/** Index of every neuron of the whole layer in the selection, −1 for the others. */
function invert(selection: Uint32Array, size: number): Int32Array {
  const index = new Int32Array(size).fill(-1);
  selection.forEach((neuron, at) => {
    index[neuron] = at;
  });
  return index;
}

function writeSynapses(
  memory: WasmMemory,
  program: Program,
  connection: SynapseProgram,
  record: number,
  {
    weights,
    mask,
    delays,
    source: start,
  }: Readonly<Record<'weights' | 'mask' | 'delays' | 'source', number>>,
  position: number | null,
  inputs: readonly (Uint32Array | null)[],
): { readonly firstRow: number; readonly nRows: number; readonly nSources: number } {
  const { fanOut, maskSelf, isSparse } = connection.wiring;
  const source = program.layers[connection.source];
  const target = program.layers[connection.target];
  const rowLength = rowStride(connection.wiring);
  const entries = listEntries(connection, source, target, position, inputs[connection.source]);
  // A position has the rows of its group, or shares all rows with the others.
  const isOneGroup = position !== null && connection.wiring.nGroups === countPositions(target.shape);
  const whole = isSparse ? arrange(target).positions * arrange(target).channels : connection.wiring.nGroups;
  const nGroups = isOneGroup ? 1 : whole;
  const nRows = isOneGroup ? fanOut.nRows / connection.wiring.nGroups : fanOut.nRows;
  const firstRow = isOneGroup ? position * nRows : 0;
  const { normGroups = connection.wiring.nGroups } = connection.wiring;
  const nSources = entries.start.length - 1;
  const sourcePositions = position === null ? arrange(source).positions : 1;
  const identity =
    !isSparse &&
    sourcePositions === 1 &&
    entries.row.length === nSources &&
    entries.row.every((row, i) => row - firstRow === i) &&
    entries.target.every((at) => at === 0) &&
    entries.start.every((start, i) => start === i);
  const columnFlags = memory.allocate(nGroups * rowLength);
  const sums = isSparse && connection.norm !== null ? memory.allocate(8 * nGroups) : 0;
  const fanOutAddresses = identity
    ? [0, 0, 0]
    : [entries.start, isSparse ? null : entries.row.map((row) => row - firstRow), entries.target].map(
        (list) => (list ? memory.place(list) : 0),
      );
  const fanIn =
    identity || (isSparse && !connection.compiledRule)
      ? [0, 0, 0]
      : buildFanIn(entries, firstRow, rowLength, isSparse ? nGroups : arrange(target).positions);
  const fanInAddresses = fanIn.map((list) => (list instanceof Uint32Array ? memory.place(list) : 0));
  const view = memory.record(record, layout.connectionRecordSize);
  const words: readonly (readonly [field: number, value: number])[] = [
    [layout.connectionSource, start],
    [layout.connectionTarget, connection.target],
    [layout.connectionWeights, weights + firstRow * rowLength * 4],
    [layout.connectionRowLength, rowLength],
    [layout.connectionSources, nSources],
    [layout.connectionRows, nRows],
    [layout.connectionColumns, fanOut.rowLength],
    [layout.connectionIdentity, identity ? 1 : 0],
    [layout.connectionStart, fanOutAddresses[0]],
    [layout.connectionRow, fanOutAddresses[1]],
    [layout.connectionEntryTarget, fanOutAddresses[2]],
    [layout.connectionFanInStart, fanInAddresses[0]],
    [layout.connectionFanInSource, fanInAddresses[1]],
    [layout.connectionFanInRow, fanInAddresses[2]],
    [layout.connectionRule, ruleOf(connection)],
    [layout.connectionChangesAll, changesOnlySpikingTargets(connection) ? 0 : 1],
    [layout.connectionPlastic, 1],
    [layout.connectionSparse, isSparse ? 1 : 0],
    [layout.connectionSums, sums],
    [layout.connectionDelays, delays === 0 ? 0 : delays + firstRow * delayStride(connection.wiring)],
    [layout.connectionDelayStride, delayStride(connection.wiring)],
    [layout.connectionMaskSelf, maskSelf ? 1 : 0],
    [layout.connectionMask, mask === 0 ? 0 : mask + firstRow * rowLength * 4],
    [layout.connectionGroups, nGroups],
    [layout.connectionNormGroups, isOneGroup ? normGroups / connection.wiring.nGroups : normGroups],
    [layout.connectionColumnFlags, columnFlags],
  ];
  for (const [field, value] of words) view.setUint32(field, value, true);
  const { nuPre = 0, nuPost = 0, weightDecay = 0 } = connection.rule.constants;
  view.setFloat32(layout.connectionNuPre, nuPre, true);
  view.setFloat32(layout.connectionNuPost, nuPost, true);
  view.setFloat32(layout.connectionWeightDecay, weightDecay, true);
  view.setFloat32(layout.connectionMin, connection.wMin, true);
  view.setFloat32(layout.connectionMax, connection.wMax, true);
  view.setFloat64(layout.connectionNorm, connection.norm ?? 0, true);
  return { firstRow, nRows, nSources };
}

interface Entries {
  readonly start: Uint32Array;
  readonly row: Uint32Array;
  readonly target: Uint32Array;
}

/** The fan-out in the shard's own numbers of neurons; rows keep the numbers of the whole connection. */
function listEntries(
  connection: SynapseProgram,
  source: ProgramLayer,
  target: ProgramLayer,
  position: number | null,
  inputs: Uint32Array | null,
): Entries {
  const { fanOut, isSparse } = connection.wiring;
  const sources = inputs ?? listSources(source, position);
  if (isSparse && inputs === null && arrange(source).positions === 1) {
    const isVector = arrange(target).positions === 1;
    return isVector ? fanOut : { ...fanOut, target: fanOut.target.map((at) => memoryIndex(target, at)) };
  }
  const start: number[] = [0];
  const row: number[] = [];
  const targets: number[] = [];
  for (const neuron of sources) {
    // Padding between the positions of a source has no entries.
    for (let e = fanOut.start[neuron]; e < (fanOut.start[neuron + 1] ?? 0); e++) {
      const at = memoryIndex(target, fanOut.target[e]);
      if (position !== null && fanOut.target[e] !== position * fanOut.rowLength) continue;
      row.push(fanOut.row[e]);
      targets.push(position === null ? at : 0);
    }
    start.push(row.length);
  }
  return { start: Uint32Array.from(start), row: Uint32Array.from(row), target: Uint32Array.from(targets) };
}

/** Engine index of every neuron in memory order; a number beyond the layer stands for padding. */
function listSources(source: ProgramLayer, position: number | null): Uint32Array {
  if (source.model.kernel === 'input') return Uint32Array.from({ length: source.size }, (_, i) => i);
  const { positions, channels } = arrange(source);
  const real = source.shape.channels;
  const list: number[] = [];
  for (let p = position ?? 0; p < (position === null ? positions : position + 1); p++) {
    for (let channel = 0; channel < channels; channel++) {
      list.push(channel < real ? p * real + channel : source.size + 1);
    }
  }
  // Trailing padding needs no entry, which lets a plain row-per-neuron table be recognised.
  while (list.at(-1) === source.size + 1) list.pop();
  return Uint32Array.from(list);
}

/** Sources and rows that reach each target position. */
function buildFanIn(
  entries: Entries,
  firstRow: number,
  rowLength: number,
  nPositions: number,
): Uint32Array[] {
  const start = new Uint32Array(nPositions + 1);
  for (const target of entries.target) start[target / rowLength + 1]++;
  for (let p = 0; p < nPositions; p++) start[p + 1] += start[p];
  const cursor = start.slice(0, nPositions);
  const sources = new Uint32Array(entries.row.length);
  const rows = new Uint32Array(entries.row.length);
  for (let source = 0; source + 1 < entries.start.length; source++) {
    for (let e = entries.start[source]; e < entries.start[source + 1]; e++) {
      const at = cursor[entries.target[e] / rowLength]++;
      sources[at] = source;
      rows[at] = entries.row[e] - firstRow;
    }
  }
  return [start, sources, rows];
}
