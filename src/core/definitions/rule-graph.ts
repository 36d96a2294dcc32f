/** The graphs of a learning rule: what one step makes of a synapse, and which synapses it can leave alone. */
import { build, choose, Graph, type Known, type Meaning, toNode } from './graph.js';
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
import { givenNames, isGiven, rewrite } from './simplify.js';
import type { Expression } from './tree.js';

/** What a rule is compiled for. */
export interface RuleContext {
  /** Length of a step [ms]. */
  readonly dt: number;
  /** Engine index [row, column] of every published weight. */
  readonly engineIndex: Uint32Array;
  readonly wMin: number;
  readonly wMax: number;
  /** Time constants [ms] of the traces that the two layers offer. */
  readonly tcSource: number;
  readonly tcTarget: number;
  /** Default: single. */
  readonly precision?: Precision;
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

/**
 * When the synapses of a neuron that spikes must be visited, its partner being silent: never, only where the partner has spiked since
 * the reset (its traces are 0 before), or always.
 */
export type Visits = 'never' | 'active' | 'always';

/**
 * When synapses between silent neurons must be visited: never, once both have spiked since the reset (their state is what it was
 * before), or always.
 */
export type IdleVisits = 'never' | 'both' | 'always';

/** What a step makes of a synapse: `w`, state of synapses, traces and all others are given. */
export interface SynapseGraph {
  readonly graph: Graph;
  /** Nodes of what it leaves: `w` and state of synapses, where they change. */
  readonly results: ReadonlyMap<string, number>;
}

/** Assignments to every synapse in turn. */
export interface RulePass {
  /**
   * By whether the source and whether the target spikes: [source][target], 0 or 1. Terms that a missing spike multiplies by 0 are
   * gone: finite values are assumed.
   */
  readonly graphs: readonly (readonly SynapseGraph[])[];
  /** `w` and what changes of the state of synapses, in any of the graphs. */
  readonly changes: readonly string[];
  readonly idle: IdleVisits;
  readonly source: Visits;
  readonly target: Visits;
  /** Whether it looks at the weight alone and not at the neurons that it joins: once for every weight, however many share it. */
  readonly ofWeight: boolean;
}

export interface CompiledRule {
  readonly precision: Precision;
  readonly traces: readonly CompiledTrace[];
  /** Initial values of the state of synapses. */
  readonly synapse: ReadonlyMap<string, Known>;
  readonly persistent: readonly string[];
  readonly neurons: ReadonlyMap<string, NeuronVariable>;
  readonly signals: readonly string[];
  /** All clauses, one synapse after the other: for connections whose synapses have weights of their own. */
  readonly whole: RulePass;
  /** Clause after clause, each over all synapses: for shared weights, which every synapse changes in turn. */
  readonly byClause: readonly RulePass[];
  /** Whether only weights onto targets that have spiked since the image began can change. */
  readonly changesOnlySpikingTargets: boolean;
}

/**
 * @param parameters values in mV, ms, pA: one, or one for every synapse [row, column] in engine order
 * @throws LocusError `UNKNOWN_NAME` with place, line, column and a suggestion
 */
export function compileRule(
  equations: RuleEquations,
  parameters: ReadonlyMap<string, Known>,
  context: Omit<RuleContext, 'engineIndex'>,
): CompiledRule {
  const { definition, synapse } = equations;
  const { name, persistent = [], neurons = {}, signals = [] } = definition;
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
  const whole = buildPass(equations, constants, context, initial, clauses);
  const byClause = clauses
    .filter((clause) => equations.clauses[clause].length > 0)
    // A weight that other synapses share may be in any state.
    .map((clause) => buildPass(equations, constants, context, new Map(), [clause]));
  return {
    precision: context.precision ?? 'single',
    traces: compileTraces(equations, context, evaluate),
    synapse: initial,
    persistent,
    neurons: new Map(Object.entries(neurons)),
    signals,
    whole,
    byClause: byClause.filter(({ changes }) => changes.length > 0),
    changesOnlySpikingTargets: whole.idle !== 'always' && whole.source !== 'always',
  };
}

function compileTraces(
  { definition, traces }: RuleEquations,
  { dt, tcSource, tcTarget, precision = 'single' }: Omit<RuleContext, 'engineIndex'>,
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

function buildPass(
  { definition, traces, synapse, ...equations }: RuleEquations,
  constants: ReadonlyMap<string, Meaning>,
  { wMin, wMax, precision }: Pick<RuleContext, 'wMin' | 'wMax' | 'precision'>,
  initialState: ReadonlyMap<string, Known>,
  chosen: readonly Clause[],
): RulePass {
  const { name, neurons = {}, signals = [], persistent = [] } = definition;
  const graph = new Graph(precision);
  const state = ['w', ...synapse.keys()];
  const given = [
    ...state,
    'sourceSpike',
    'targetSpike',
    ...traces.keys(),
    ...Object.keys(neurons),
    ...signals,
  ];
  const base = new Map<string, Meaning>([
    ...constants,
    ['wMin', { known: wMin }],
    ['wMax', { known: wMax }],
    ...given.map((each): [string, Meaning] => [each, { node: graph.given(each) }]),
  ]);
  for (const clause of chosen) {
    // Names that a clause makes are its own.
    const names = new Map(base);
    const condition = { onSource: 'sourceSpike', onTarget: 'targetSpike', onStep: undefined, end: undefined }[
      clause
    ];
    for (const { target, value } of equations.clauses[clause]) {
      names.set(target, build(graph, value, names, `${name}.${clause}`));
    }
    for (const variable of state) {
      const [before, after] = [base.get(variable), names.get(variable)] as [Meaning, Meaning];
      if (before === after) continue;
      const spikes = condition === undefined ? { known: 1 } : (base.get(condition) as Meaning);
      base.set(variable, { node: toNode(graph, choose(graph, spikes, after, before)) });
    }
  }
  const all = new Map(state.map((variable) => [variable, toNode(graph, base.get(variable) as Meaning)]));
  const graphs = [0, 1].map((source) =>
    [0, 1].map((target) => specialize(graph, all, spikesOf(source, target))),
  );
  const initial = new Map(
    [...initialState].flatMap(([variable, value]) =>
      typeof value === 'number' && !persistent.includes(variable) ? [[variable, value]] : [],
    ),
  );
  const ofNeurons = ['sourceSpike', 'targetSpike', ...traces.keys(), ...Object.keys(neurons)];
  const changed = [...all].filter(([variable, node]) => !isGiven(graph, node, variable));
  const read = givenNames(
    graph,
    changed.map(([, node]) => node),
  );
  return {
    graphs,
    changes: state.filter((variable) => graphs.flat().some(({ results }) => results.has(variable))),
    ...findVisits({ graph, results: all }, graphs, traces, initial),
    ofWeight: !ofNeurons.some((each) => read.has(each)),
  };
}

type Values = readonly (readonly [name: string, value: number])[];

const spikesOf = (source: number, target: number): Values => [
  ['sourceSpike', source],
  ['targetSpike', target],
];

function specialize(graph: Graph, all: ReadonlyMap<string, number>, known: Values): SynapseGraph {
  const simple = rewrite(graph, all, { known: new Map(known), assumesFinite: true });
  const results = [...simple.results].filter(([variable, node]) => !isGiven(simple.graph, node, variable));
  return { graph: simple.graph, results: new Map(results) };
}

/**
 * What the equations prove of the synapses that a step need not visit.
 *
 * @param pass the graph before anything is known of spikes
 * @param graphs by spikes of the two ends
 * @param initial state of synapses that a reset gives one value
 */
function findVisits(
  pass: SynapseGraph,
  graphs: RulePass['graphs'],
  traces: RuleEquations['traces'],
  initial: ReadonlyMap<string, number>,
): Pick<RulePass, 'idle' | 'source' | 'target'> {
  const { precision } = pass.graph;
  /** Whether nothing changes where these values are known. */
  const isUnchanged = (known: Values) => {
    const values = new Map(known);
    const proof = rewrite(pass.graph, pass.results, { known: values, assumesFinite: true });
    return [...proof.results].every(([variable, node]) => {
      const found = proof.graph.nodes[node];
      const value = values.get(variable);
      if (value === undefined) return isGiven(proof.graph, node, variable);
      return found.kind === 'constant' && found.value === roundTo[precision](value);
    });
  };
  const silent = (side: Side): Values =>
    [...traces].filter(([, { of }]) => of === side).map(([name]) => [name, 0]);
  const isNever = (source: number, target: number) => graphs[source][target].results.size === 0;
  const visits = (source: number, target: number, partner: Side): Visits => {
    if (isNever(source, target)) return 'never';
    const known = [...spikesOf(source, target), ...silent(partner), ...initial];
    return isUnchanged(known) ? 'active' : 'always';
  };
  const source = visits(1, 0, 'target');
  const target = visits(0, 1, 'source');
  if (isNever(0, 0)) return { idle: 'never', source, target };
  const staysInitial =
    source !== 'always' && target !== 'always' && isUnchanged([...spikesOf(0, 0), ...initial]);
  return { idle: staysInitial ? 'both' : 'always', source, target };
}
