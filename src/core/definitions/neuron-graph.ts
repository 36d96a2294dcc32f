/** The graph of one step of a defined neuron: from what a step finds to the state and the spikes that it leaves. */
import { countSteps } from '../network/steps.js';
import type { Precision } from '../precision.js';
import {
  type History,
  type Kernels,
  measureHistories,
  nameConvolution,
  nameEarlier,
} from './convolutions.js';
import { apply, build, choose, Graph, isTruth, type Known, type Meaning, toNode } from './graph.js';
import { integrate } from './integrate.js';
import type { NeuronEquations } from './neuron-definition.js';
import { cannotShare, Samples, type SampleSum } from './samples.js';
import type { Assignment, Expression } from './tree.js';

export interface NeuronGraph {
  readonly graph: Graph;
  /** Nodes of the state that the step leaves, by variable. */
  readonly state: ReadonlyMap<string, number>;
  /** The same where the neuron does not spike, which is cheaper. */
  readonly quiet: ReadonlyMap<string, number>;
  /** Node that is 1 where the neuron spikes, and 0 elsewhere. */
  readonly spike: number;
}

/** A step of several samples that learn at once and share what is persistent. */
export interface SampledNeurons extends Omit<NeuronGraph, 'quiet'> {
  readonly sums: readonly SampleSum[];
  /** Whether a node is the same for all samples. */
  isShared(node: number): boolean;
}

/** The step of a layer, ready for engines, in engine order. */
export interface CompiledNeurons {
  /** Initial values by variable. */
  readonly initial: ReadonlyMap<string, Known>;
  readonly frozen: NeuronGraph;
  readonly learning: NeuronGraph;
  /**
   * While the samples of a minibatch learn.
   *
   * @throws LocusError `INVALID_ARGUMENT` naming the place of what the samples cannot share
   */
  together(): SampledNeurons;
}

/** The variable that counts what is left of a refractory period [steps]. */
export const refractoryCount = 'refracCount';

/**
 * @param parameters values in mV, ms, pA: one, or one for every neuron in engine order
 * @param dt length of a step [ms]
 * @param kernels weights that convolutions give to the last steps
 * @throws LocusError `UNKNOWN_NAME` with place, line, column and a suggestion
 */
export function compileNeurons(
  equations: NeuronEquations,
  parameters: ReadonlyMap<string, Known>,
  dt: number,
  kernels: Kernels,
  precision: Precision = 'single',
): CompiledNeurons {
  const buildGraph = (learning: boolean) =>
    buildNeuronGraph(new Graph(precision), equations, parameters, dt, kernels, learning);
  const { persistent = [] } = equations.definition;
  let together: SampledNeurons | undefined;
  const buildTogether = (): SampledNeurons => {
    const samples = new Samples(new Graph(precision), (name) => !persistent.includes(name));
    const built = buildNeuronGraph(samples.graph, equations, parameters, dt, kernels, true, samples);
    return { ...built, sums: samples.sums, isShared: (node) => samples.isShared({ node }) };
  };
  return {
    initial: initialState(equations, parameters, dt, kernels),
    frozen: buildGraph(false),
    learning: buildGraph(true),
    together: () => (together ??= buildTogether()),
  };
}

/**
 * Builds the graph of a step.
 *
 * @param parameters values in mV, ms, pA: one, or one for every neuron
 * @param kernels weights that convolutions give to the last steps
 * @param learning whether the network learns
 * @param samples of a minibatch, which share what is persistent
 */
function buildNeuronGraph(
  graph: Graph,
  equations: NeuronEquations,
  parameters: ReadonlyMap<string, Known>,
  dt: number,
  kernels: Kernels,
  learning: boolean,
  samples: Samples | null = null,
): NeuronGraph {
  const { definition, initial, period } = equations;
  const { name, persistent = [], refractory = { period: '0' } } = definition;
  const { holds = 'input', allowsSpikes = false } = refractory;
  const given = (variable: string): Meaning => ({ node: graph.given(variable) });
  const before = new Map([...initial.keys()].map((variable) => [variable, given(variable)]));
  const zero: Meaning = { known: 0 };
  const isRefractory = period === null ? zero : apply(graph, '<', [zero, given(refractoryCount)]);
  const whereReady = (value: Meaning, otherwise: Meaning) => choose(graph, isRefractory, otherwise, value);
  const meanings = new Map<string, Meaning>([
    ...[...parameters].map(([parameter, known]): [string, Meaning] => [parameter, { known }]),
    ...before,
    ...equations.draws.map((draw): [string, Meaning] => [draw.name, given(draw.name)]),
    ['dt', { known: dt }],
    ...[...equations.inputs.keys()].map((input): [string, Meaning] => [
      input,
      holds === 'input' ? whereReady(given(input), zero) : given(input),
    ]),
    ['learning', { known: Number(learning) }],
    ['spiked', given('spiked')],
    ['refractory', isRefractory],
  ]);
  /** A value so many steps ago: of the input from 0 on, of spikes from 1 on. */
  const earlier = (of: History, steps: number): Meaning => {
    if (of === 'input' && steps === 0) return meanings.get('input') as Meaning;
    return given(of === 'spikes' && steps === 1 ? 'spiked' : nameEarlier(of, steps));
  };
  for (const [of, kernel] of equations.convolutions) {
    const weights = kernels.get(kernel);
    if (!weights) continue;
    const newest = of === 'spikes' ? 1 : 0;
    const products = Array.from(weights, (known, i) =>
      apply(graph, '*', [{ known }, earlier(of, weights.length - 1 - i + newest)]),
    );
    const sum = products.reduce((left, right) => apply(graph, '+', [left, right]));
    meanings.set(nameConvolution(of, kernel), sum);
  }
  /** What the next step looks back on. */
  const history = listEarlier(equations, kernels).map(([of, steps]): [string, number] => [
    nameEarlier(of, steps),
    toNode(graph, earlier(of, steps - 1)),
  ]);
  /** What becomes of a name that is assigned a value, by neurons that meet a condition; of what samples share, by all of them. */
  const settle = (target: string, value: Meaning, place: string, condition: Meaning | null): Meaning => {
    const old = meanings.get(target) as Meaning;
    if (!samples || !persistent.includes(target)) {
      return condition === null ? value : choose(graph, condition, value, old);
    }
    const together = samples.assign(old, value, condition);
    if (together) return together;
    throw cannotShare(place, target);
  };
  const run = (
    assignments: readonly Assignment[],
    clause: string,
    keep?: (name: string, value: Meaning, place: string) => Meaning,
  ) => {
    for (const { target, value, at } of assignments) {
      const found = build(graph, value, meanings, `${name}.${clause}`);
      const place = `${name}.${clause} (${at.line}:${at.column})`;
      meanings.set(target, keep ? keep(target, found, place) : settle(target, found, place, null));
    }
  };
  run(equations.step, 'step');
  for (const [variable, value] of integrate(equations, { graph, meanings, dt, isRefractory })) {
    meanings.set(variable, settle(variable, value, `${name}.derivatives.${variable}`, null));
  }
  for (const variable of holds === 'input' ? [] : holds) {
    const [old, now] = [before.get(variable), meanings.get(variable)];
    if (!old || !now) continue;
    const value = whereReady(now, old);
    meanings.set(variable, now === old ? now : settle(variable, value, `${name}.refractory.holds`, null));
  }
  const condition = build(graph, equations.spike, meanings, `${name}.spike`);
  const isSound = 'node' in condition && isTruth(graph, condition.node);
  const reached = isSound ? condition : apply(graph, '!=', [condition, zero]);
  const spikes =
    allowsSpikes || period === null
      ? reached
      : apply(graph, 'and', [reached, apply(graph, 'not', [isRefractory])]);
  const stepped = new Map(meanings);
  /** The state at the end of the step, where `pick` takes the value of a reset or the one before. */
  const finish = (
    keep: (name: string, reset: Meaning, place: string) => Meaning,
    pick: (reset: Meaning, before: Meaning) => Meaning,
  ): Map<string, number> => {
    meanings.clear();
    for (const [known, meaning] of stepped) meanings.set(known, meaning);
    run(equations.reset, 'reset', keep);
    run(equations.end, 'end');
    const state = new Map<string, number>(history);
    for (const variable of initial.keys()) {
      state.set(variable, toNode(graph, meanings.get(variable) as Meaning));
    }
    if (period !== null) {
      const left = apply(graph, 'max', [apply(graph, '-', [given(refractoryCount), { known: 1 }]), zero]);
      const steps: Meaning = { known: countRefractory(equations, parameters, dt) };
      state.set(refractoryCount, toNode(graph, pick(steps, left)));
    }
    return state;
  };
  const state = finish(
    (target, reset, place) => settle(target, reset, place, spikes),
    (reset, before) => choose(graph, spikes, reset, before),
  );
  // A choice at run time is rounded; so must be what is left of it, or `end` would go on with float64.
  const rounded = (before: Meaning): Meaning => ({ node: toNode(graph, before) });
  const quiet =
    'known' in spikes || samples
      ? state
      : finish(
          (target) => rounded(meanings.get(target) as Meaning),
          (_, before) => rounded(before),
        );
  return { graph, quiet, state, spike: toNode(graph, spikes) };
}

/** The values of earlier steps that are part of the state: those of the step before are `spiked`. */
function listEarlier(
  { convolutions }: NeuronEquations,
  kernels: Kernels,
): (readonly [of: History, steps: number])[] {
  const { input, spikes } = measureHistories(convolutions, kernels);
  return [
    ...Array.from({ length: input }, (_, i) => ['input', i + 1] as const),
    ...Array.from({ length: Math.max(0, spikes - 1) }, (_, i) => ['spikes', i + 2] as const),
  ];
}

/** Initial values of the state, by variable. */
function initialState(
  equations: NeuronEquations,
  parameters: ReadonlyMap<string, Known>,
  dt: number,
  kernels: Kernels,
): Map<string, Known> {
  const values = new Map<string, Known>();
  for (const [of, steps] of listEarlier(equations, kernels)) values.set(nameEarlier(of, steps), 0);
  const { definition, initial, period } = equations;
  for (const [variable, expression] of initial) {
    values.set(variable, evaluate(expression, parameters, dt, `${definition.name}.state.${variable}`));
  }
  if (period !== null) values.set(refractoryCount, 0);
  return values;
}

/** Steps of the refractory period that the counter begins with after a spike. */
function countRefractory(
  { definition, period }: NeuronEquations,
  parameters: ReadonlyMap<string, Known>,
  dt: number,
): Known {
  const place = `${definition.name}.refractory.period`;
  const duration = evaluate(period as Expression, parameters, dt, place);
  const earlier = definition.refractory?.next === 'brian' ? 1 : 0;
  const count = (each: number) => Math.max(0, countSteps(each, dt, place) - earlier);
  return typeof duration === 'number' ? count(duration) : duration.map(count);
}

function evaluate(
  expression: Expression,
  parameters: ReadonlyMap<string, Known>,
  dt: number,
  place: string,
): Known {
  const names = new Map<string, Meaning>([
    ...[...parameters].map(([parameter, known]): [string, Meaning] => [parameter, { known }]),
    ['dt', { known: dt }],
  ]);
  const meaning = build(new Graph(), expression, names, place);
  return 'known' in meaning ? meaning.known : NaN;
}
