/** Which synapses a step can leave alone because their next visit repeats what it would have made of them. */
import { Graph, GraphCopy } from './graph.js';
import { Interpreter } from './interpret.js';
import { makeFloats } from '../precision.js';
import type { RulePass, SynapseGraph, Visits } from './rule-passes.js';
import { givenNames } from './simplify.js';

/** Spikes that must be visited, where a visit first repeats the steps since the last one. */
export interface LazyVisits {
  readonly source: Visits;
  readonly target: Visits;
  /** A step between silent neurons: state of synapses from that state and constants. */
  readonly step: SynapseGraph;
}

/**
 * The visits of a pass whose steps between silent neurons can be repeated; null: these look at more than the state of the synapse, change
 * its weight, or change nothing.
 *
 * @param state names of the state of synapses
 * @param initial state of synapses that a reset gives one value
 */
export function findLazyVisits(
  { graphs, idle, ofWeight }: RulePass,
  state: ReadonlySet<string>,
  initial: ReadonlyMap<string, number>,
): LazyVisits | null {
  const [[silent, atTarget], [atSource]] = graphs;
  if (idle === 'never' || ofWeight || silent.results.has('w')) return null;
  const step = copyTo(new Graph(silent.graph.precision), silent);
  const given = givenNames(step.graph, step.results.values());
  if (![...given].every((name) => state.has(name))) return null;
  // What is repeated began at the reset, and not when both neurons had spiked.
  if (idle === 'both' && !isFixedPoint(step, given, initial)) return null;
  const visits = (spike: SynapseGraph): Visits => {
    if (isSame(silent, spike)) return 'never';
    return idle === 'both' ? 'active' : 'always';
  };
  return { source: visits(atSource), target: visits(atTarget), step };
}

/** Copies what results are computed from. */
function copyTo(graph: Graph, { graph: { nodes }, results }: SynapseGraph): SynapseGraph {
  const copy = new GraphCopy(nodes, graph);
  return { graph, results: new Map([...results].map(([name, node]) => [name, copy.take(node)])) };
}

/** Whether a step leaves every bit of the initial state. */
function isFixedPoint(
  { graph, results }: SynapseGraph,
  given: ReadonlySet<string>,
  initial: ReadonlyMap<string, number>,
): boolean {
  const names = [...new Set([...results.keys(), ...given])];
  if (!names.every((name) => initial.has(name))) return false;
  const constants = graph.nodes.flatMap((node) => (node.kind === 'constant' ? [node.value] : []));
  const size = Math.max(1, ...constants.map((value) => (typeof value === 'number' ? 1 : value.length)));
  const state = Object.fromEntries(
    names.map((name) => [name, makeFloats(graph.precision, size).fill(initial.get(name) as number)]),
  );
  const interpreter = new Interpreter(graph, size);
  interpreter.run(state);
  return [...results].every(([name, node]) =>
    interpreter.read(node).every((value, index) => Object.is(value, state[name][index])),
  );
}

/** Whether two graphs make the same of a synapse by the same operations. */
function isSame(one: SynapseGraph, other: SynapseGraph): boolean {
  const graph = new Graph(one.graph.precision);
  const [first, second] = [one, other].map((each) => copyTo(graph, each).results);
  return first.size === second.size && [...first].every(([name, node]) => second.get(name) === node);
}
