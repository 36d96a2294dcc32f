/** Lays a program out for the kernels of the GPU engine: padded sizes, constants, wiring and tables of traces. */
import { LocusError } from '../../../errors.js';
import {
  arrivesInSameStep,
  type Program,
  type ProgramConnection,
  type ProgramLayer,
  type SynapseProgram,
} from '../../network/program.js';
import { countPositions } from '../../network/shape.js';
import { unsupported } from '../../network/simulation.js';
import { type DefinedPlan, definedConstants, planDefined } from './plan-defined.js';
import { planRule, type RulePlan } from './plan-rules.js';
import type {
  AdaptConstants,
  AdvanceConstants,
  LearnConstants,
  NeuronKernelConstants,
  NormalizeConstants,
} from './kernels.js';

/** Age of a neuron that has not spiked; ages of others end one below. */
export const never = 4095;
/** Ages are counted up to `never`, spike counts up to 4095. */
export const mostSteps = 4000;

/** A connection with weights. */
export interface PlannedConnection {
  readonly index: number;
  readonly program: SynapseProgram;
  /** Null where the kernels of its rule are written by hand. */
  readonly rule: RulePlan | null;
}

/** One input layer onto one layer of neurons, with competition in it. */
export interface GpuPlan {
  readonly inputs: { readonly index: number; readonly layer: ProgramLayer };
  readonly neurons: { readonly index: number; readonly layer: ProgramLayer };
  readonly nFilters: number;
  /** Filters are padded so that WebAssembly's vectors have four of them; those added never learn and are never read. */
  readonly paddedFilters: number;
  readonly nPositions: number;
  readonly forward: PlannedConnection;
  readonly lateral: PlannedConnection | null;
  readonly advance: AdvanceConstants;
  /** How thresholds adapt while the network learns; those of defined neurons are part of their state. */
  readonly adaptation: { readonly thetaPlus: number; readonly thetaDecay: number };
  /** Null for leaky neurons. */
  readonly defined: DefinedPlan | null;
  /** Rows of the state of one image. */
  readonly stateRows: number;
}

const sentence =
  'engine gpu: simulates one input layer, one layer of neurons, the connection between them and';

/** @throws LocusError `ENGINE_UNAVAILABLE` naming what there is no kernel for */
export function planNetwork(program: Program): GpuPlan {
  for (const { model } of program.layers) {
    if (!['input', 'leaky', 'defined'].includes(model.kernel))
      throw unsupported('gpu', 'neuron model', model.name);
  }
  for (const connection of program.connections) {
    if (connection.kind !== 'synapses') continue;
    const { rule, compiledRule, compiledSynapse } = connection;
    if (!compiledRule && !['none', 'post-pre'].includes(rule.kernel))
      throw unsupported('gpu', 'learning rule', rule.name);
    if (compiledSynapse) throw unsupported('gpu', 'synapse model', compiledSynapse.name);
  }
  const refuse = (got: string) =>
    new LocusError(
      'ENGINE_UNAVAILABLE',
      `${sentence} competition in one position (LC_SNN, C_SNN, FC_SNN); got ${got}. The engine "reference" runs every network, "wasm" every network of the neuron models and rules that it has kernels for.`,
    );
  const neuronLayers = program.layers.filter(({ model }) => model.kernel !== 'input');
  const inputLayers = program.layers.filter(({ model }) => model.kernel === 'input');
  if (neuronLayers.length !== 1 || inputLayers.length !== 1) {
    throw refuse(`${inputLayers.length} input layers and ${neuronLayers.length} layers of neurons`);
  }
  const inputs = { index: program.layers.indexOf(inputLayers[0]), layer: inputLayers[0] };
  const neurons = { index: program.layers.indexOf(neuronLayers[0]), layer: neuronLayers[0] };
  const [first, second, ...others] = program.connections;
  if (first?.kind !== 'synapses' || first.source !== inputs.index || others.length > 0) {
    throw refuse(`the connections ${program.connections.map(({ name }) => name).join(', ') || 'none'}`);
  }
  if (second && second.source !== neurons.index) throw refuse(`the connection ${second.name}`);
  if (program.connections.some(arrivesInSameStep)) throw refuse('spikes that arrive in the same step');
  const late = program.connections.find(({ delay }) => delay !== 1);
  if (late) throw refuse(`the connection ${late.name}, with a delay above a step`);
  const { layer } = neurons;
  for (const connection of program.connections) {
    if (connection.kind === 'synapses' && connection.wiring.mask)
      throw refuse(`the connection ${connection.name}, which lacks synapses`);
    const feature = findFeature(connection);
    if (feature) throw refuse(`the connection ${connection.name} with ${feature}`);
  }
  const defined = planDefined(layer);
  if (!defined) checkNeurons(layer);
  if (second?.kind === 'synapses' && !second.wiring.maskSelf) throw refuse(`the connection ${second.name}`);
  const { channels } = layer.shape;
  const nPositions = countPositions(layer.shape);
  return {
    inputs,
    neurons,
    nFilters: channels,
    paddedFilters: Math.ceil(channels / 4) * 4,
    nPositions,
    forward: { index: 0, program: first, rule: planRule(first, true) },
    lateral:
      second?.kind === 'synapses' ? { index: 1, program: second, rule: planRule(second, false) } : null,
    advance: {
      ...(defined ? definedConstants(nPositions, channels) : neuronConstants(layer)),
      competition: second === undefined ? 0 : second.kind === 'uniform' ? 1 : 2,
      uniformWeight: second?.kind === 'uniform' ? second.weight : 0,
    },
    adaptation: defined
      ? { thetaPlus: 0, thetaDecay: 1 }
      : { thetaPlus: layer.constants.thetaPlus, thetaDecay: layer.constants.thetaDecay },
    defined,
    stateRows: (2 + (defined?.variables.length ?? 0)) * nPositions,
  };
}

/** What there is no kernel for; null: nothing. */
function findFeature(connection: ProgramConnection): string | null {
  if (connection.kind === 'uniform') return connection.among === 'layer' ? 'competition in the layer' : null;
  const { wiring, bias, ownBounds } = connection;
  const { delivery, nGroups, normGroups = nGroups } = wiring;
  if (delivery) return `a ${delivery.kind} of spikes`;
  if (bias) return 'a bias';
  if (connection.compiledRule?.isSummed) return 'updates of shared weights by a sum';
  if (ownBounds) return 'bounds of every weight';
  return normGroups === nGroups ? null : 'a norm of other weights than those onto a target';
}

/** The kernels compare every voltage with the threshold, so that none may lie above it within a refractory period. */
function checkNeurons({ model, constants, name }: ProgramLayer): void {
  const { reset, resetDrop, thresh, refracSteps } = constants;
  const refuse = (what: string) =>
    new LocusError(
      'ENGINE_UNAVAILABLE',
      `engine gpu: layer ${name} has ${what}; the engines "wasm" and "reference" run it`,
    );
  if (model.persistent.includes('thetaCarry')) throw refuse("thetaDecay 'exact'");
  if (refracSteps > mostSteps)
    throw refuse(`a refractory period of ${refracSteps} steps, above ${mostSteps}`);
  if (refracSteps > 0 && (resetDrop > 0 || reset >= thresh)) {
    throw refuse('a refractory period that a reset may leave above the threshold');
  }
}

function neuronConstants({ constants, shape }: ProgramLayer): NeuronKernelConstants {
  const { decay, rest, reset, resetDrop, thresh, refracSteps } = constants;
  return {
    nPositions: countPositions(shape),
    nFilters: shape.channels,
    decay,
    rest,
    reset,
    resetDrop,
    thresh,
    refracSteps,
  };
}

/** What is left of a trace so many steps after the spike, each from the one before; nothing where there was no spike. */
export function traceTable(decay: number): Float32Array {
  const table = new Float32Array(never + 1);
  table[0] = 1;
  for (let age = 1; age < never; age++) table[age] = table[age - 1] * decay;
  return table;
}

export function adaptConstants(plan: GpuPlan, nMembers: number): AdaptConstants {
  return { ...plan.advance, ...plan.adaptation, nMembers };
}

/** Numbers of a rule; `products` are kept as rows of plain arrays, to be wrapped for gpu.js. */
export function learnConstants(
  plan: GpuPlan,
  { source, rule, wMin, wMax }: SynapseProgram,
  nMembers: number,
): Omit<LearnConstants, 'products'> & { readonly products: Float32Array } {
  const { nuPre = 0, nuPost = 0, weightDecay = 0 } = rule.constants;
  const targetTrace = traceTable(plan.neurons.layer.tracePostDecay);
  const sourceLayer = source === plan.inputs.index ? plan.inputs.layer : plan.neurons.layer;
  const sourceTrace = traceTable(sourceLayer.tracePreDecay);
  const products = new Float32Array(2 * (never + 1));
  for (let age = 0; age <= never; age++) {
    products[age] = nuPre * targetTrace[age];
    products[never + 1 + age] = nuPost * sourceTrace[age];
  }
  const largest = Math.fround(3e38);
  return {
    ...plan.advance,
    nMembers,
    share: rule.reduction === 'sum' ? 1 : Math.fround(1 / nMembers),
    weightDecay,
    wMin: Math.max(wMin, -largest),
    wMax: Math.min(wMax, largest),
    products,
  };
}

/** Which pairs (source, position) share each row of weights, ascending by source: places, then pairs. */
export function fanInTable({ wiring: { fanOut } }: SynapseProgram): Float32Array {
  const { nSources, nRows, rowLength, start, row, target } = fanOut;
  const table = new Float32Array(nRows + 1 + 2 * row.length);
  for (const at of row) table[at + 1]++;
  for (let r = 0; r < nRows; r++) table[r + 1] += table[r];
  const cursor = table.slice(0, nRows);
  for (let source = 0; source < nSources; source++) {
    for (let entry = start[source]; entry < start[source + 1]; entry++) {
      const at = nRows + 1 + 2 * cursor[row[entry]]++;
      table[at] = source;
      table[at + 1] = target[entry] / rowLength;
    }
  }
  return table;
}

export function normalizeConstants(
  plan: GpuPlan,
  { wiring, norm }: SynapseProgram,
  nMembers: number,
): NormalizeConstants {
  const sum = norm ?? 0;
  return {
    ...plan.advance,
    nMembers,
    groupRows: wiring.fanOut.nRows / wiring.nGroups,
    groupIsPosition: wiring.nGroups === 1 ? 0 : 1,
    norm: Math.fround(sum),
    normRest: Math.fround(sum - Math.fround(sum)),
  };
}

/** Rows of weights with the padding that the device has. */
export function padRows(plan: GpuPlan, rows: Float32Array): Float32Array {
  const { nFilters, paddedFilters } = plan;
  const nRows = rows.length / nFilters;
  const padded = new Float32Array(nRows * paddedFilters);
  for (let row = 0; row < nRows; row++) {
    padded.set(rows.subarray(row * nFilters, (row + 1) * nFilters), row * paddedFilters);
  }
  return padded;
}

/** Rows of weights without the padding. */
export function unpadRows(plan: GpuPlan, padded: Float32Array): Float32Array {
  const { nFilters, paddedFilters } = plan;
  const nRows = padded.length / paddedFilters;
  const rows = new Float32Array(nRows * nFilters);
  for (let row = 0; row < nRows; row++) {
    rows.set(padded.subarray(row * paddedFilters, row * paddedFilters + nFilters), row * nFilters);
  }
  return rows;
}
