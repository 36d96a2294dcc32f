/**
 * Lays a defined learning rule out for the kernels of the GPU engine.  The state of synapses is one array [row, filter] as the weights
 * are, with the rows of each variable behind those of the one before.  What a step knows of the neurons at the ends of the synapses
 * lies in two arrays:
 *
 * - `ends` [row, filter], P rows for each block: of the layer of neurons, made by a kernel in every step;
 * - `sources` [step, place]: of the inputs, a place of each for each block, and behind them the signals, all known before.
 *
 * Their first blocks say whether a neuron spikes, and whether it has spiked since the reset.
 */
import { LocusError } from '../../../errors.js';
import type { CompiledRule, CompiledTrace } from '../../definitions/rule-graph.js';
import type { RulePass } from '../../definitions/rule-passes.js';
import type { Side } from '../../definitions/rule-definition.js';
import { hasOwnWeights } from '../../definitions/rule-state.js';
import type { SynapseProgram } from '../../network/program.js';
import { countOperations } from './count-operations.js';
import { mostOperations } from './plan-defined.js';

/** What a block holds, by the name that the rule gives it. */
export interface Block {
  /**
   * `trace`: after the spikes of the step; `before`: the same without them, behind the trace itself; `variable`: state of neurons.
   */
  readonly kind: 'spikes' | 'active' | 'trace' | 'before' | 'variable';
  readonly name: string;
}

export interface RulePlan {
  readonly compiled: CompiledRule;
  /** One synapse after the other; where synapses share weights, clause after clause. */
  readonly passes: readonly RulePass[];
  readonly sharesWeights: boolean;
  /** State of synapses in the order of its rows. */
  readonly variables: readonly string[];
  /** Whether the sources are inputs, and not the layer of neurons itself. */
  readonly hasInputs: boolean;
  readonly ends: readonly Block[];
  readonly sources: readonly Block[];
  /** Sources whose places `sources` has: the inputs, or none. */
  readonly nListed: number;
}

export const spikesBlock = 0;
export const activeBlock = 1;

const spikeBlocks: readonly Block[] = [
  { kind: 'spikes', name: '' },
  { kind: 'active', name: '' },
];

/**
 * Null for rules whose kernels are written by hand.
 *
 * @param hasInputs whether the sources are inputs
 * @throws LocusError `ENGINE_UNAVAILABLE` for a rule that is too large to compile
 */
export function planRule(connection: SynapseProgram, hasInputs: boolean): RulePlan | null {
  const { compiledRule: compiled, rule, wiring } = connection;
  if (!compiled) return null;
  const sharesWeights = !hasOwnWeights(wiring.fanOut);
  const passes = sharesWeights ? compiled.byClause.flat() : compiled.whole;
  const variables = [...compiled.synapse.keys()];
  const nOperations = passes.reduce((sum, pass) => sum + countPass(pass), 0);
  // Where a weight changes in turn, its kernel and that of each variable compute everything.
  const found = sharesWeights ? nOperations * (1 + variables.length) : nOperations;
  if (found > mostOperations) {
    throw new LocusError(
      'ENGINE_UNAVAILABLE',
      `engine gpu: learning rule "${rule.name}" has ${found} operations, above ${mostOperations}; the engines "wasm" and "reference" run it`,
    );
  }
  const isOf = (side: Side) => (hasInputs ? (each: { of: Side }) => each.of === side : () => true);
  const variablesOfNeurons = [...compiled.neurons].filter(([, neuron]) => isOf('target')(neuron));
  return {
    compiled,
    passes,
    sharesWeights,
    variables,
    hasInputs,
    ends: [
      ...spikeBlocks,
      ...compiled.traces.filter(isOf('target')).flatMap(blocksOf),
      ...variablesOfNeurons.map(([name]): Block => ({ kind: 'variable', name })),
    ],
    sources: hasInputs
      ? [
          ...spikeBlocks,
          ...compiled.traces.filter(isOf('source')).map(({ name }): Block => ({ kind: 'trace', name })),
        ]
      : [],
    nListed: hasInputs ? wiring.fanOut.nSources : 0,
  };
}

function blocksOf({ name, readsBefore }: CompiledTrace): Block[] {
  return [{ kind: 'trace', name }, ...(readsBefore ? ([{ kind: 'before', name }] as const) : [])];
}

function countPass({ graphs, ofWeight }: RulePass): number {
  const printed = ofWeight ? [graphs[0][0]] : graphs.flat();
  return printed.reduce((sum, { graph, results }) => sum + countOperations(graph, results.values()), 0);
}

/** Whether any synapse's state can change. */
export function changesState({ passes }: RulePlan): boolean {
  return passes.some(({ changes }) => changes.some((name) => name !== 'w'));
}

/** Numbers that `sources` has for a step. */
export function sourcesWidth({ sources, nListed, compiled }: RulePlan): number {
  return Math.max(1, sources.length * nListed + compiled.signals.length);
}
