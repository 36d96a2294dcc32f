/** The graphs of a learning rule: what one step makes of a synapse, of one image or of all in a minibatch. */
import { build, Graph, type Known, type Meaning } from './graph.js';
import { invalidArgument } from '../../errors.js';
import { decayPerStep } from '../network/nodes/neuron-model.js';
import { type Precision, roundTo } from '../precision.js';
import {
  type Clause,
  clauses,
  type NeuronVariable,
  type RuleEquations,
  type Side,
} from './rule-definition.js';
import { buildPass, buildTogether, type Reduction, type RulePass } from './rule-passes.js';
import { isSum, shareName } from './samples.js';
import type { Expression } from './tree.js';

/** What a rule is compiled for. */
export interface RuleContext {
  /** Length of a step [ms]. */
  readonly dt: number;
  /** Engine index [row, column] of every published weight. */
  readonly engineIndex: Uint32Array;
  /** Weights that engines keep [row, column], those without a synapse included. */
  readonly size: number;
  readonly wMin: Known;
  readonly wMax: Known;
  /** Time constants [ms] of the traces that the two layers offer. */
  readonly tcSource: number;
  readonly tcTarget: number;
  /** Default: single. */
  readonly precision?: Precision;
  /** Whether for the samples of a minibatch, which learn at once. Default: false. */
  readonly together?: boolean;
  /** Whether synapses that share a weight change it at once, by the sum of what each makes of it. Default: false, in turn. */
  readonly summed?: boolean;
}

export interface CompiledTrace {
  readonly name: string;
  readonly of: Side;
  /** Rounded: factor of a step, and what a spike sets or adds. */
  readonly decay: number;
  readonly scale: number;
  readonly adds: boolean;
  /** Whether equations see it before the spikes of the step. */
  readonly readsBefore: boolean;
}

export interface CompiledRule {
  readonly precision: Precision;
  readonly traces: readonly CompiledTrace[];
  /** Initial values of the state of synapses. */
  readonly synapse: ReadonlyMap<string, Known>;
  readonly persistent: readonly string[];
  readonly neurons: ReadonlyMap<string, NeuronVariable>;
  readonly signals: readonly string[];
  /**
   * All clauses, one synapse after the other: for connections whose synapses have weights of their own. One pass; in minibatches several,
   * each over all synapses.
   */
  readonly whole: readonly RulePass[];
  /** Clause after clause, each over all synapses: for shared weights, which every synapse changes in turn by all passes of a clause. */
  readonly byClause: readonly (readonly RulePass[])[];
  /** Whether synapses that share a weight make the passes of `whole` over all of them, and change it by their sum. */
  readonly isSummed: boolean;
  /** Whether only weights onto targets that have spiked since the image began can change. */
  readonly changesOnlySpikingTargets: boolean;
}

/**
 * @param parameters values in mV, ms, pA: one, or one for every synapse [row, column] in engine order
 * @param reduction of the changes that samples make, where they learn together
 * @throws LocusError `UNKNOWN_NAME` with place, line, column and a suggestion; `INVALID_ARGUMENT` with the place of what samples cannot share
 */
export function compileRule(
  equations: RuleEquations,
  parameters: ReadonlyMap<string, Known>,
  context: Omit<RuleContext, 'engineIndex' | 'size'>,
  reduction: Reduction = 'mean',
): CompiledRule {
  const { definition, synapse } = equations;
  const { name, neurons = {} } = definition;
  const constants = new Map<string, Meaning>([
    ...[...parameters].map(([parameter, known]): [string, Meaning] => [parameter, { known }]),
    ['dt', { known: context.dt }],
  ]);
  const evaluate = (expression: Expression, place: string): Known => {
    const meaning = build(new Graph(), expression, constants, place);
    return 'known' in meaning ? meaning.known : NaN;
  };
  const initial = new Map(
    [...synapse].map(([variable, expression]) => [
      variable,
      evaluate(expression, `${name}.synapse.${variable}`),
    ]),
  );
  const { summed = false } = context;
  if (summed && synapse.size > 0) {
    const expectation = 'a rule without state of synapses, where shared weights change by a sum';
    throw invalidArgument(`${name}.synapse`, expectation, [...synapse.keys()].join(', '));
  }
  const together = summed || context.together === true;
  // The synapses of one image add what each of them makes; images may take the mean of their sums.
  const reductionOf = context.together ? reduction : 'sum';
  const builder = { equations, constants, ...context };
  const one = buildPass(builder, initial, clauses);
  const make = (chosen: readonly Clause[], starts: ReadonlyMap<string, Known>) =>
    together ? buildTogether(builder, reductionOf, starts, chosen) : [buildPass(builder, starts, chosen)];
  const whole = make(clauses, initial);
  // A weight that other synapses share may be in any state.
  const byClause = clauses.map((clause) => make([clause], new Map()));
  const sums = [whole, ...byClause].flat().flatMap(({ changes }) => changes.filter(isSum));
  return {
    precision: context.precision ?? 'single',
    traces: compileTraces(equations, context, evaluate),
    synapse: new Map([...initial, ...sums.map((sum) => [sum, 0] as const)]),
    persistent: [...new Set([...(definition.persistent ?? []), ...sums])],
    neurons: new Map(Object.entries(neurons)),
    signals: [...(definition.signals ?? []), ...(together && reductionOf === 'mean' ? [shareName] : [])],
    whole,
    byClause: byClause.filter((passes) => passes.some(({ changes }) => changes.length > 0)),
    isSummed: summed,
    changesOnlySpikingTargets: one.idle !== 'always' && one.source !== 'always',
  };
}

function compileTraces(
  { definition, traces }: RuleEquations,
  { dt, tcSource, tcTarget, precision = 'single' }: Omit<RuleContext, 'engineIndex' | 'size'>,
  evaluate: (expression: Expression, place: string) => Known,
): CompiledTrace[] {
  return [...traces].map(([name, { of, tcExpression, scaleExpression, mode, reads }]) => {
    const place = `${definition.name}.traces.${name}`;
    const own = of === 'source' ? tcSource : tcTarget;
    const tc = tcExpression ? evaluate(tcExpression, `${place}.tc`) : own;
    const scale = evaluate(scaleExpression, `${place}.scale`);
    if (typeof tc !== 'number' || !(tc > 0))
      throw invalidArgument(`${place}.tc`, 'a time constant > 0 ms', tc);
    if (typeof scale !== 'number' || !Number.isFinite(Math.fround(scale))) {
      throw invalidArgument(`${place}.scale`, 'one finite number', scale);
    }
    return {
      name,
      of,
      decay: decayPerStep(dt, tc, precision),
      scale: roundTo[precision](scale),
      adds: mode === 'add',
      readsBefore: reads === 'before',
    };
  });
}
