/**
 * The graphs of a synapse model: what its source decides, once for every source, and what is left for every synapse. Nobody says which is
 * which: it is derived from the equations.
 */
import type { Precision } from '../precision.js';
import type { Draw } from '../random/draws.js';
import { build, Graph, GraphCopy, type GraphNode, type Known, type Meaning, toNode } from './graph.js';
import type { NeuronVariable } from './rule-definition.js';
import { givenNames, isGiven, rewrite } from './simplify.js';
import type { SynapseEquations } from './synapse-definition.js';
import type { Assignment, Expression } from './tree.js';

/** What a value depends on: nothing that changes, the source alone, or the synapse. */
export type Reach = 'constant' | 'source' | 'synapse';

const reaches: readonly Reach[] = ['constant', 'source', 'synapse'];

export interface SynapseContext {
  /** Length of a step [ms]. */
  readonly dt: number;
  /** What parameters that are lists have a value for. Default: every source. */
  readonly listsOf?: 'source' | 'synapse';
  /** Default: single. */
  readonly precision?: Precision;
}

export interface CompiledState {
  readonly of: 'source' | 'synapse';
  /** One value, or one for every source or synapse in engine order. */
  readonly initial: Known;
}

export interface ResultGraph {
  readonly graph: Graph;
  /** Nodes of what it leaves. */
  readonly results: ReadonlyMap<string, number>;
}

/** Assignments to all synapses, or to those of the sources that spike. */
export interface SynapsePass {
  readonly over: 'all' | 'spiking';
  /** Leaves state of the source, and values that it passes on to its synapses. */
  readonly source: ResultGraph;
  /** Leaves state of the synapse, and `sent`; of the source it knows what that passes on. */
  readonly synapse: ResultGraph;
  /** Calls whose draws its synapses need. */
  readonly draws: readonly number[];
}

export interface CompiledSynapse {
  readonly name: string;
  readonly precision: Precision;
  readonly state: ReadonlyMap<string, CompiledState>;
  readonly neurons: ReadonlyMap<string, NeuronVariable>;
  readonly draws: readonly Draw[];
  /** Whether it needs sources that spike. */
  readonly needsSpikes: boolean;
  /** In their order. */
  readonly passes: readonly SynapsePass[];
}

/** The result of a synapse that is added to the target's input; no variable can have this name. */
export const sent = 'sent to the target';

/** The name of a value that a source passes on to its synapses. */
const namePassed = (index: number) => `passed on ${index}`;

/**
 * @param parameters values in mV, ms, pA: one, or a list in engine order
 * @throws LocusError `UNKNOWN_NAME` with place, line, column and a suggestion
 */
export function compileSynapse(
  equations: SynapseEquations,
  parameters: ReadonlyMap<string, Known>,
  { dt, listsOf = 'source', precision = 'single' }: SynapseContext,
): CompiledSynapse {
  const { definition, draws } = equations;
  const { name, neurons = {} } = definition;
  const constants = new Map<string, Meaning>([
    ...[...parameters].map(([parameter, known]): [string, Meaning] => [parameter, { known }]),
    ['dt', { known: dt }],
  ]);
  const initial = new Map(
    [...equations.state].map(([variable, expression]): [string, Known] => {
      const meaning = build(new Graph(), expression, constants, `${name}.state.${variable}`);
      return [variable, 'known' in meaning ? meaning.known : NaN];
    }),
  );
  const whole = buildPasses(equations, constants, precision);
  /** Reach of what a graph is given, by name. */
  const given = new Map<string, Reach>([
    ['w', 'synapse'],
    ...Object.entries(neurons).map(([variable, { of }]): [string, Reach] => [
      variable,
      of === 'source' ? 'source' : 'synapse',
    ]),
    ...draws.map((draw): [string, Reach] => [draw.name, 'synapse']),
    ...[...initial].map(([variable, value]): [string, Reach] => [
      variable,
      typeof value === 'number' ? 'source' : listsOf,
    ]),
  ]);
  findStateOfSynapses(whole, given, listsOf);
  const passes = whole.map(({ over, ...pass }): SynapsePass => {
    const { source, synapse } = split(gatherFactors(pass, given, listsOf), given, listsOf);
    const read = givenNames(synapse.graph, synapse.results.values());
    const drawn = draws.flatMap((draw, call) => (read.has(draw.name) ? [call] : []));
    return { over, source, synapse, draws: drawn };
  });
  return {
    name,
    precision,
    state: new Map(
      [...initial].map(([variable, value]) => [
        variable,
        { of: given.get(variable) === 'source' ? 'source' : 'synapse', initial: value },
      ]),
    ),
    neurons: new Map(Object.entries(neurons)),
    draws,
    needsSpikes: passes.some(({ over }) => over === 'spiking'),
    passes,
  };
}

type WholePass = ResultGraph & Pick<SynapsePass, 'over'>;

/** What sources and synapses do, in one graph: those passes that change or send something. */
function buildPasses(
  { definition: { name, neurons = {} }, state, draws, step, onSource, send, each }: SynapseEquations,
  constants: ReadonlyMap<string, Meaning>,
  precision: Precision,
): WholePass[] {
  const pass = (
    over: WholePass['over'],
    clause: 'step' | 'onSource',
    assignments: readonly Assignment[],
    sending: Expression | null,
  ): WholePass => {
    const graph = new Graph(precision);
    const variables = ['w', ...state.keys(), ...Object.keys(neurons), ...draws.map((draw) => draw.name)];
    const names = new Map<string, Meaning>([
      ...constants,
      ...variables.map((each): [string, Meaning] => [each, { node: graph.given(each) }]),
    ]);
    for (const { target, value } of assignments) {
      names.set(target, build(graph, value, names, `${name}.${clause}`));
    }
    const results = new Map(
      [...state.keys()].map((each) => [each, toNode(graph, names.get(each) as Meaning)]),
    );
    if (sending) results.set(sent, toNode(graph, build(graph, sending, names, `${name}.send`)));
    const simple = rewrite(graph, results, { known: new Map() });
    const changed = [...simple.results].filter(([each, node]) => !isGiven(simple.graph, node, each));
    return { over, graph: simple.graph, results: new Map(changed) };
  };
  const passes =
    each === 'spike'
      ? [pass('all', 'step', step, null), pass('spiking', 'onSource', onSource, send)]
      : [
          pass('all', 'step', step, null),
          pass('spiking', 'onSource', onSource, null),
          pass('all', 'step', [], send),
        ];
  return passes.filter(({ results }) => results.size > 0);
}

/** Marks the state that something else than the source changes: until no other state depends on it. */
function findStateOfSynapses(passes: readonly WholePass[], given: Map<string, Reach>, listsOf: Reach): void {
  for (;;) {
    const found = passes.flatMap(({ graph, results }) => {
      const reach = measureReach(graph.nodes, given, listsOf);
      return [...results].filter(([name, node]) => given.get(name) === 'source' && reach[node] === 'synapse');
    });
    if (found.length === 0) return;
    for (const [name] of found) given.set(name, 'synapse');
  }
}

/** The reach of every node of a graph. */
function measureReach(
  nodes: readonly GraphNode[],
  given: ReadonlyMap<string, Reach>,
  listsOf: Reach,
): Reach[] {
  const found: Reach[] = [];
  for (const node of nodes) {
    if (node.kind === 'given') found.push(given.get(node.name) ?? 'synapse');
    else if (node.kind === 'constant') found.push(typeof node.value === 'number' ? 'constant' : listsOf);
    else found.push(widest(node.operands.map((operand) => found[operand])));
  }
  return found;
}

function widest(all: readonly Reach[]): Reach {
  return reaches[Math.max(0, ...all.map((each) => reaches.indexOf(each)))];
}

/** Of a product that is sent, the factors that the source decides are multiplied first: one multiplication is left for a synapse. */
function gatherFactors(
  { graph, results }: ResultGraph,
  given: ReadonlyMap<string, Reach>,
  listsOf: Reach,
): ResultGraph {
  const product = results.get(sent);
  if (product === undefined) return { graph, results };
  const reach = measureReach(graph.nodes, given, listsOf);
  const opened = new Set<number>();
  const listFactors = (index: number): number[] => {
    const node = graph.nodes[index];
    const isProduct = node.kind === 'operation' && node.operation === '*' && reach[index] === 'synapse';
    // A product that stands in a power is opened once: powers of powers would have more factors than memory holds.
    if (!isProduct || opened.has(index)) return [index];
    opened.add(index);
    return node.operands.flatMap(listFactors);
  };
  const factors = listFactors(product);
  const own = factors.filter((index) => reach[index] === 'synapse');
  const others = factors.filter((index) => reach[index] !== 'synapse');
  if (own.length === 0 || others.length < 2) return { graph, results };
  const multiply = (all: readonly number[]) => all.reduce((left, right) => graph.operation('*', left, right));
  return { graph, results: new Map([...results, [sent, multiply([multiply(own), multiply(others)])]]) };
}

/** Two graphs: what the source decides, and what is left for each of its synapses. */
function split(
  { graph: { nodes, precision }, results }: ResultGraph,
  given: ReadonlyMap<string, Reach>,
  listsOf: Reach,
): Pick<SynapsePass, 'source' | 'synapse'> {
  const reach = measureReach(nodes, given, listsOf);
  const passed = new Map<number, string>();
  const ofSource = new GraphCopy(nodes, new Graph(precision));
  const ofSynapse = new GraphCopy(nodes, new Graph(precision), (index) => {
    if (reach[index] !== 'source') return undefined;
    if (!passed.has(index)) passed.set(index, namePassed(passed.size));
    return passed.get(index);
  });
  const isOfSource = (name: string) => given.get(name) === 'source';
  const take = (copy: GraphCopy, chosen: readonly (readonly [string, number])[]) =>
    new Map(chosen.map(([name, index]) => [name, copy.take(index)]));
  const all = [...results];
  const synapse = take(
    ofSynapse,
    all.filter(([name]) => !isOfSource(name)),
  );
  const source = take(ofSource, [
    ...all.filter(([name]) => isOfSource(name)),
    ...[...passed].map(([index, name]) => [name, index] as const),
  ]);
  return {
    source: { graph: ofSource.graph, results: source },
    synapse: { graph: ofSynapse.graph, results: synapse },
  };
}
