/** A network compiled to what engines run: layers and connections by index, constants rounded, wiring in engine order. */
import type { SpikeTrain } from '../encoding/spike-train.js';
import type { CompiledSynapse } from '../definitions/synapse-graph.js';
import type { CompiledRule } from '../definitions/rule-graph.js';
import { boundsOf, type DelaySteps } from './delays.js';
import type { LearningRule } from './learning/learning-rule.js';
import type { NeuronConstants, NeuronModel } from './nodes/neuron-model.js';
import type { LayerShape } from './shape.js';
import type { Precision } from '../precision.js';
import type { Floats } from '../precision.js';
import type { Wiring } from './topology/topology.js';
import type { WeightBounds } from './weight-bounds.js';

export interface ProgramLayer {
  readonly name: string;
  readonly model: NeuronModel;
  /** The model as equations; null where it has none. */
  equations(): NeuronModel | null;
  readonly constants: NeuronConstants;
  readonly shape: LayerShape;
  readonly size: number;
  /** Spikes that the layer brings, engine order; null: they are given, or its neurons make them. */
  readonly spikes: SpikeTrain | null;
  /** Per-step factors of the traces this layer offers as a source and as a target. */
  readonly tracePreDecay: number;
  readonly tracePostDecay: number;
}

export interface SynapseProgram extends WeightBounds {
  readonly kind: 'synapses';
  readonly name: string;
  /** Indices of layers. */
  readonly source: number;
  readonly target: number;
  /** Which of the target's inputs it adds to. */
  readonly into: string;
  readonly wiring: Wiring;
  readonly rule: LearningRule;
  /** The rule as graphs; null where it is written for the engines. */
  readonly compiledRule: CompiledRule | null;
  /** What it sends in place of its weights; null: the weights. */
  readonly compiledSynapse: CompiledSynapse | null;
  /**
   * The rule as graphs for the images of a minibatch; null where it has no equations, or learns nothing.
   *
   * @throws LocusError `INVALID_ARGUMENT` naming what the images cannot share
   */
  compileTogether(): CompiledRule | null;
  readonly norm: number | null;
  /** Steps until a spike is part of the target's input. */
  readonly delay: DelaySteps;
  /** What its targets receive in every step beside the spikes, when the simulation begins; null: nothing. */
  readonly bias: Floats | null;
}

export interface UniformProgram {
  readonly kind: 'uniform';
  readonly name: string;
  readonly source: number;
  readonly target: number;
  readonly into: string;
  /** Rounded to the precision. */
  readonly weight: number;
  /** Steps until a spike is part of the target's input. */
  readonly delay: number;
  /** Whose spikes count: those of a position, or of the layer. */
  readonly among: 'field' | 'layer';
}

export type ProgramConnection = SynapseProgram | UniformProgram;

/**
 * The delay of connections that are given none.  `next-step`: one step, whatever the connection.  `same-step`: none from a layer onto one
 * that was added after it, so that a spike can cross a feed-forward network in one step; one step for all others (onto the layer itself or
 * backwards).
 */
export type Propagation = 'next-step' | 'same-step';

export const propagations: readonly Propagation[] = ['next-step', 'same-step'];

export interface Program {
  /** Length of a step [ms]. */
  readonly dt: number;
  /** Of all that is drawn while it runs. */
  readonly seed: number;
  readonly precision: Precision;
  readonly layers: readonly ProgramLayer[];
  readonly connections: readonly ProgramConnection[];
}

/** Whether only weights onto targets that have spiked since the image began can change. */
export function changesOnlySpikingTargets({ compiledRule, rule }: SynapseProgram): boolean {
  return compiledRule?.changesOnlySpikingTargets ?? rule.changesOnlySpikingTargets ?? false;
}

/** Whether spikes of a step reach the target before its neurons are stepped. */
export function arrivesInSameStep({ delay }: Pick<ProgramConnection, 'delay'>): boolean {
  const [shortest] = boundsOf(delay);
  return shortest === 0;
}
