/**
 * Lays a layer of defined neurons out for the kernels of the GPU engine.  Their state is [image, row, filter] as that of leaky
 * neurons, but rows 0 … P − 1 hold the spikes themselves, 1 or 0, and a threshold of ½ takes the place of voltages compared with
 * thresholds: so the kernels that count, learn and normalise serve both.  Behind the row of ages follow P rows for each variable.
 */
import { LocusError } from '../../../errors.js';
import { isGiven, rewrite } from '../../definitions/simplify.js';
import type { CompiledNeurons, NeuronGraph } from '../../definitions/neuron-graph.js';
import { inputsOf } from '../../network/nodes/neuron-model.js';
import type { ProgramLayer } from '../../network/program.js';
import { unsupported } from '../../network/simulation.js';
import { countOperations } from './count-operations.js';
import type { NeuronKernelConstants } from './kernels.js';

export interface DefinedPlan {
  readonly compiled: CompiledNeurons;
  /** Names of the state in the order of its rows; what outlives an image comes last. */
  readonly variables: readonly string[];
  /** How many of them begin anew with every image. */
  readonly nRenewed: number;
  /** Whether what outlives an image changes while nothing learns, so that each image depends on the one before. */
  readonly dependsOnOrder: boolean;
}

/** Larger kernels take minutes to compile. */
export const mostVariables = 64;
/** Counted again for each variable that they decide. */
export const mostOperations = 1000;

/** Spikes of defined neurons are 0 or 1. */
const spikeThreshold = 0.5;

/**
 * Null for neurons whose kernels are written by hand.
 *
 * @throws LocusError `ENGINE_UNAVAILABLE` naming what there is no kernel for
 */
export function planDefined({ model, constants }: ProgramLayer): DefinedPlan | null {
  if (model.kernel !== 'defined' || !model.compile) return null;
  if (model.isExclusive) throw unsupported('gpu', "neuron model with select: 'one-of-layer'", model.name);
  if (model.draws?.length) throw unsupported('gpu', 'neuron model that draws', model.name);
  if (model.emits !== undefined) throw unsupported('gpu', 'neuron model without spikes', model.name);
  if (inputsOf(model).join() !== 'input')
    throw unsupported('gpu', 'neuron model with inputs by name', model.name);
  const compiled = model.compile(constants.dt);
  const refuse = (what: string, found: number, most: number) =>
    new LocusError(
      'ENGINE_UNAVAILABLE',
      `engine gpu: neuron model "${model.name}" has ${found} ${what}, above ${most}; the engines "wasm" and "reference" run it`,
    );
  const [frozen, learning] = [compiled.frozen, compiled.learning].map(({ graph, state, spike }) =>
    countOperations(graph, [spike, ...state.values()]),
  );
  const nOperations = Math.max(frozen, learning);
  if (nOperations > mostOperations) throw refuse('operations', nOperations, mostOperations);
  if (compiled.initial.size > mostVariables) {
    throw refuse('variables, those of the last steps included', compiled.initial.size, mostVariables);
  }
  const names = [...compiled.initial.keys()];
  const persistent = names.filter((name) => model.persistent.includes(name));
  const renewed = names.filter((name) => !model.persistent.includes(name));
  return {
    compiled,
    variables: [...renewed, ...persistent],
    nRenewed: renewed.length,
    dependsOnOrder: persistent.some((name) => changes(compiled.frozen, name)),
  };
}

/** Whether a step may leave another value of a variable than it has found. */
function changes({ graph, state }: NeuronGraph, variable: string): boolean {
  const proof = rewrite(graph, state, { known: new Map(), assumesFinite: true });
  return !isGiven(proof.graph, proof.results.get(variable) ?? -1, variable);
}

/** What the kernels of leaky neurons are told where they serve defined ones. */
export function definedConstants(nPositions: number, nFilters: number): NeuronKernelConstants {
  return {
    nPositions,
    nFilters,
    decay: 0,
    rest: 0,
    reset: 0,
    resetDrop: 0,
    thresh: spikeThreshold,
    refracSteps: 0,
  };
}
