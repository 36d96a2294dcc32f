/** The passes of a learning rule over synapses, and which of these each can leave alone. */
import { build, choose, Graph, type Known, type Meaning, toNode } from './graph.js';
import { findLazyVisits, type LazyVisits } from './lazy-visits.js';
import { type Precision, roundTo } from '../precision.js';
import type { Clause, RuleEquations, Side } from './rule-definition.js';
import { cannotShare, Samples, shareName } from './samples.js';
import { givenNames, isGiven, rewrite } from './simplify.js';

/** How the changes that the samples of a minibatch make of a weight become one. */
export type Reduction = 'mean' | 'sum';

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
  /** What must be visited if a visit first repeats the steps since the last one; null: it cannot. */
  readonly lazy: LazyVisits | null;
  /** Whether it looks at the weight alone and not at the neurons that it joins: once for every weight, however many share it. */
  readonly ofWeight: boolean;
  /** Of a minibatch: once for all samples, after each of them has made the passes before. */
  readonly forAll: boolean;
}

/** What the graphs of a rule are made of. */
export interface PassBuilder {
  readonly equations: RuleEquations;
  /** Parameters and `dt`. */
  readonly constants: ReadonlyMap<string, Meaning>;
  readonly wMin: Known;
  readonly wMax: Known;
  readonly precision?: Precision;
}

/** The pass of some clauses, in one image. @param initial values of the state of synapses that may be relied upon */
export function buildPass(
  builder: PassBuilder,
  initial: ReadonlyMap<string, Known>,
  chosen: readonly Clause[],
): RulePass {
  const { equations } = builder;
  const graph = new Graph(builder.precision);
  const results = runClauses(graph, builder, chosen, null);
  const ofWeight = !readsNeurons(graph, changedNodes(graph, results).values(), equations);
  const uniform = onlyUniform(initial, equations);
  const pass = makePass({ graph, results }, equations, uniform, ofWeight);
  return { ...pass, lazy: findLazyVisits(pass, new Set(equations.synapse.keys()), uniform) };
}

/**
 * The passes of some clauses, in a minibatch. Sums over the samples are state of the synapse, to which each sample adds in a pass of its own,
 * and which one pass for all then makes the change of: it leaves them at 0.
 */
export function buildTogether(
  builder: PassBuilder,
  reduction: Reduction,
  initial: ReadonlyMap<string, Known>,
  chosen: readonly Clause[],
): RulePass[] {
  const { equations } = builder;
  const graph = new Graph(builder.precision);
  const shared = sharedNames(equations);
  const share: Meaning = { node: graph.given(shareName) };
  const samples = new Samples(graph, (name) => !shared.has(name), reduction === 'mean' ? share : null);
  const { sums } = samples;
  const changed = changedNodes(graph, runClauses(graph, builder, chosen, samples));
  /** How many rounds of sums must be known before nodes can be computed. */
  const countRounds = (nodes: Iterable<number>): number => {
    const read = givenNames(graph, nodes);
    return Math.max(
      0,
      ...sums.filter(({ name }) => read.has(name)).map(({ node }) => 1 + countRounds([node])),
    );
  };
  const own = [...changed].filter(([variable]) => !shared.has(variable));
  const rounds = sums.map(({ node }) => countRounds([node]));
  // What samples have of their own changes last, since every pass reads what the step has found.
  const lastRound = Math.max(
    ...rounds,
    ...(own.length > 0 ? [countRounds(own.map(([, node]) => node))] : []),
    -1,
  );
  const adding = sums.map(({ name, node }) => [name, graph.operation('+', graph.given(name), node)] as const);
  const ofWeight = !readsNeurons(graph, [...changed.values(), ...sums.map(({ node }) => node)], equations);
  const uniform = onlyUniform(initial, equations);
  const all = { graph, results: new Map([...adding, ...own]) };
  // State may be relied upon if no sample's passes change it before both neurons have spiked.
  const { idle, source, target } = makePass(all, equations, uniform, ofWeight);
  const reliable = [idle, source, target].includes('always') ? new Map<string, number>() : uniform;
  const passes = Array.from({ length: lastRound + 1 }, (_, round) => {
    const results = adding.filter((__, sum) => rounds[sum] === round);
    return makePass(
      { graph, results: new Map([...results, ...(round === lastRound ? own : [])]) },
      equations,
      reliable,
      ofWeight,
    );
  });
  const together = [...changed].filter(([variable]) => shared.has(variable));
  const cleared = sums.map(({ name }) => [name, graph.constant(0)] as const);
  const forAll = { graph, results: new Map([...together, ...cleared]) };
  return [
    ...passes,
    makePassForAll(
      forAll,
      sums.map(({ name }) => name),
    ),
  ].filter(({ changes }) => changes.length > 0);
}

/** What the samples of a minibatch share. */
function sharedNames({ definition }: RuleEquations): Set<string> {
  return new Set(['w', ...(definition.persistent ?? [])]);
}

/** Adds clauses to a graph: nodes of the weight and of the state of synapses that they leave. */
function runClauses(
  graph: Graph,
  { equations, constants, wMin, wMax }: PassBuilder,
  chosen: readonly Clause[],
  samples: Samples | null,
): Map<string, number> {
  const { definition, traces, synapse } = equations;
  const { name, neurons = {}, signals = [] } = definition;
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
  const shared = samples ? sharedNames(equations) : new Set<string>();
  for (const clause of chosen) {
    // Names that a clause makes are its own.
    const names = new Map(base);
    const spike = { onSource: 'sourceSpike', onTarget: 'targetSpike', onStep: undefined, end: undefined }[
      clause
    ];
    const condition = spike === undefined ? null : (base.get(spike) as Meaning);
    for (const { target, value, at } of equations.clauses[clause]) {
      const found = build(graph, value, names, `${name}.${clause}`);
      if (!samples || !shared.has(target)) {
        names.set(target, found);
        continue;
      }
      const together = samples.assign(names.get(target) as Meaning, found, condition);
      if (!together) throw cannotShare(`${name}.${clause} (${at.line}:${at.column})`, target);
      names.set(target, together);
    }
    for (const variable of state) {
      const [before, after] = [base.get(variable), names.get(variable)] as [Meaning, Meaning];
      if (before === after) continue;
      const isEvery = condition === null || shared.has(variable);
      const left = isEvery ? after : choose(graph, condition, after, before);
      base.set(variable, { node: toNode(graph, left) });
    }
  }
  return new Map(state.map((variable) => [variable, toNode(graph, base.get(variable) as Meaning)]));
}

function changedNodes(graph: Graph, results: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...results].filter(([variable, node]) => !isGiven(graph, node, variable)));
}

function readsNeurons(graph: Graph, nodes: Iterable<number>, { definition, traces }: RuleEquations): boolean {
  const read = givenNames(graph, nodes);
  const ofNeurons = [
    'sourceSpike',
    'targetSpike',
    ...traces.keys(),
    ...Object.keys(definition.neurons ?? {}),
  ];
  return ofNeurons.some((each) => read.has(each));
}

/** State that a reset gives one value. */
function onlyUniform(
  initial: ReadonlyMap<string, Known>,
  { definition }: RuleEquations,
): Map<string, number> {
  return new Map(
    [...initial].flatMap(([variable, value]) =>
      typeof value === 'number' && !definition.persistent?.includes(variable) ? [[variable, value]] : [],
    ),
  );
}

/** @param initial state of synapses that a reset gives one value */
function makePass(
  all: SynapseGraph,
  { traces }: RuleEquations,
  initial: ReadonlyMap<string, number>,
  ofWeight: boolean,
): RulePass {
  const graphs = [0, 1].map((source) => [0, 1].map((target) => specialize(all, spikesOf(source, target))));
  return {
    graphs,
    changes: [...all.results.keys()].filter((variable) =>
      graphs.flat().some(({ results }) => results.has(variable)),
    ),
    ...findVisits(all, graphs, traces, initial),
    lazy: null,
    ofWeight,
    forAll: false,
  };
}

/** @param sums that are 0 where no sample adds anything */
function makePassForAll(all: SynapseGraph, sums: readonly string[]): RulePass {
  const graph = specialize(all, []);
  const isQuiet = isUnchanged(
    all,
    sums.map((sum) => [sum, 0]),
  );
  return {
    graphs: [
      [graph, graph],
      [graph, graph],
    ],
    changes: [...graph.results.keys()],
    idle: isQuiet ? 'never' : 'always',
    source: 'never',
    target: 'never',
    lazy: null,
    ofWeight: true,
    forAll: true,
  };
}

type Values = readonly (readonly [name: string, value: number])[];

const spikesOf = (source: number, target: number): Values => [
  ['sourceSpike', source],
  ['targetSpike', target],
];

function specialize({ graph, results }: SynapseGraph, known: Values): SynapseGraph {
  const simple = rewrite(graph, results, { known: new Map(known), assumesFinite: true });
  return { graph: simple.graph, results: changedNodes(simple.graph, simple.results) };
}

/** Whether nothing changes where these values are known. */
function isUnchanged({ graph, results }: SynapseGraph, known: Values): boolean {
  const values = new Map(known);
  const proof = rewrite(graph, results, { known: values, assumesFinite: true });
  return [...proof.results].every(([variable, node]) => {
    const found = proof.graph.nodes[node];
    const value = values.get(variable);
    if (value === undefined) return isGiven(proof.graph, node, variable);
    return found.kind === 'constant' && found.value === roundTo[graph.precision](value);
  });
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
  const silent = (side: Side): Values =>
    [...traces].filter(([, { of }]) => of === side).map(([name]) => [name, 0]);
  const isNever = (source: number, target: number) => graphs[source][target].results.size === 0;
  const visits = (source: number, target: number, partner: Side): Visits => {
    if (isNever(source, target)) return 'never';
    const known = [...spikesOf(source, target), ...silent(partner), ...initial];
    return isUnchanged(pass, known) ? 'active' : 'always';
  };
  const source = visits(1, 0, 'target');
  const target = visits(0, 1, 'source');
  if (isNever(0, 0)) return { idle: 'never', source, target };
  const staysInitial =
    source !== 'always' && target !== 'always' && isUnchanged(pass, [...spikesOf(0, 0), ...initial]);
  return { idle: staysInitial ? 'both' : 'always', source, target };
}
