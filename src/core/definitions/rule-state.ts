/** A compiled rule at work on the reference engine, a row of synapses at a time: the definition of what a rule means. */
import { type Floats, makeFloats } from '../precision.js';
import { boundsOf, type DelaySteps, lagOf } from '../network/delays.js';
import type { FanOut } from '../network/topology/fan-out.js';
import { Interpreter } from './interpret.js';
import type { CompiledRule, CompiledTrace } from './rule-graph.js';
import type { RulePass, Visits } from './rule-passes.js';
import type { Side } from './rule-definition.js';

type Arrays = Readonly<Record<string, Floats>>;

/** The neurons at one end, in engine order. */
export interface RuleNeurons {
  readonly spikes: Uint8Array;
  /** Those that have spiked since the reset. */
  readonly spiked: Uint8Array;
  /** State that the rule reads, by the rule's name for it. */
  readonly state: Arrays;
}

/** What a step of learning finds. */
export interface RuleStep extends Readonly<Record<Side, RuleNeurons>> {
  /** [row, column] */
  readonly weights: Floats;
  readonly signals: Readonly<Record<string, number>>;
  /** The source so many steps ago: synapses with delays of their own see it then. */
  readonly sourceBefore?: (lag: number) => RuleNeurons;
}

/** A step with what its equations read, by name. */
interface View extends RuleStep {
  readonly state: Arrays;
  /** Of the source so many steps ago. */
  readonly ofSource: (lag: number) => Arrays;
  readonly ofTarget: Arrays;
}

/** Traces and state of the synapses of one connection. */
export class RuleState {
  /** After the spikes of the step. */
  readonly traces: Arrays;
  /** [row, column] */
  readonly synapse: Arrays;
  /** What equations see of the traces. */
  readonly #seen: Arrays;
  /** Passes that a weight which synapses share takes one after the other. */
  readonly #groups: readonly (readonly RunningPass[])[];
  /** Of synapses with delays of their own: how many steps ago they see the source [row, column]. */
  readonly #lags: Uint8Array | null;
  /** What equations saw of the source's traces in the last steps, by step modulo their number. */
  readonly #seenBefore: readonly Arrays[];
  #now = 0;
  /** Whether a variable is not what the spikes since the reset have made it: every neuron counts as active then. */
  isSetByHand = false;

  /**
   * @param sizes neurons of the two layers
   * @param delay of each synapse, or of all: the step then has the source as it was
   * @param others state of synapses that it shares with other samples, by name
   */
  constructor(
    readonly rule: CompiledRule,
    readonly fanOut: FanOut,
    sizes: Readonly<Record<Side, number>>,
    delay: DelaySteps = 1,
    others: Arrays = {},
  ) {
    const longest = typeof delay === 'number' ? 0 : lagOf(boundsOf(delay)[1]);
    this.#lags = typeof delay === 'number' ? null : delay.map(lagOf);
    const perTrace = (make: (trace: CompiledTrace) => Floats): Arrays =>
      Object.fromEntries(rule.traces.map((trace) => [trace.name, make(trace)]));
    const make = (length: number) => makeFloats(rule.precision, length);
    this.traces = perTrace(({ of }) => make(sizes[of]));
    this.#seen = perTrace(({ name, of, readsBefore }) => (readsBefore ? make(sizes[of]) : this.traces[name]));
    this.#seenBefore = Array.from({ length: longest + 1 }, () =>
      Object.fromEntries(
        rule.traces.flatMap(({ name, of }) => (of === 'source' ? [[name, make(sizes.source)]] : [])),
      ),
    );
    const size = fanOut.nRows * fanOut.rowLength;
    const names = [...rule.synapse.keys()];
    this.synapse = Object.fromEntries(names.map((name) => [name, others[name] ?? make(size)]));
    this.#initialize(names.filter((name) => !Object.hasOwn(others, name)));
    const groups = takesTurns(rule, fanOut) ? rule.byClause : [rule.whole];
    this.#groups = groups.map((passes) =>
      passes.map((pass) => new RunningPass(pass, fanOut.rowLength, make)),
    );
  }

  /** Sets a trace, by neuron, or state of synapses [row, column]. */
  set(variable: string, values: Floats): void {
    (this.traces[variable] ?? this.synapse[variable]).set(values);
    this.isSetByHand = true;
  }

  /** Before an image: traces, and state of synapses that is not persistent. */
  reset(): void {
    for (const arrays of [this.traces, this.#seen, ...this.#seenBefore]) {
      for (const values of Object.values(arrays)) values.fill(0);
    }
    this.isSetByHand = false;
    this.#initialize([...this.rule.synapse.keys()].filter((name) => !this.rule.persistent.includes(name)));
  }

  #initialize(names: readonly string[]): void {
    for (const name of names) {
      const initial = this.rule.synapse.get(name) ?? 0;
      if (typeof initial === 'number') this.synapse[name].fill(initial);
      else this.synapse[name].set(initial);
    }
  }

  /** Follows the spikes of a step, whether or not anything learns. */
  followSpikes(spikes: Readonly<Record<Side, Uint8Array>>): void {
    for (const trace of this.rule.traces) {
      followTrace(trace, this.traces[trace.name], spikes[trace.of], this.#seen[trace.name]);
    }
    this.#now = (this.#now + 1) % this.#seenBefore.length;
    for (const [name, values] of Object.entries(this.#seenBefore[this.#now])) values.set(this.#seen[name]);
  }

  /** Changes weights and the state of synapses; bounds and the mask come afterwards. */
  learn(step: RuleStep): void {
    learnTogether([this], [step]);
  }

  /** Visits all synapses by one pass of a group. */
  run(group: number, pass: number, step: RuleStep): void {
    const running = this.#groups[group][pass];
    const view = this.#begin(running, step);
    const { nRows, nSources, start } = this.fanOut;
    if (running.pass.ofWeight) {
      for (let row = 0; row < nRows; row++) this.#runOnWeights(running, view, row);
      return;
    }
    for (let i = 0; i < nSources; i++) {
      this.#beginSource(running, view, i);
      for (let e = start[i]; e < start[i + 1]; e++) this.#runOnRow(running, view, i, e);
    }
  }

  /** Visits the synapses of one source onto one position. */
  runOnEntry(group: number, pass: number, step: RuleStep, source: number, entry: number): void {
    const running = this.#groups[group][pass];
    const view = this.#begin(running, step);
    if (running.pass.forAll) {
      this.#runOnWeights(running, view, this.fanOut.row[entry]);
      return;
    }
    this.#beginSource(running, view, source);
    this.#runOnRow(running, view, source, entry);
  }

  #begin(running: RunningPass, step: RuleStep): View {
    for (const [name, value] of Object.entries(step.signals)) running.fill(name, value);
    const ofSource = { ...this.#tracesOf('source'), ...step.source.state };
    return {
      ...step,
      state: { w: step.weights, ...this.synapse },
      ofSource: (lag) =>
        lag === 0 ? ofSource : { ...this.#tracesBefore(lag), ...step.sourceBefore?.(lag).state },
      ofTarget: { ...this.#tracesOf('target'), ...step.target.state },
    };
  }

  #beginSource(running: RunningPass, { ofSource }: View, i: number, lag = 0): void {
    for (const [name, values] of Object.entries(ofSource(lag))) running.fill(name, values[i]);
  }

  #runOnWeights(running: RunningPass, { state }: View, row: number): void {
    running.run([0, 0], state, row * this.fanOut.rowLength, {}, 0, null);
  }

  #runOnRow(running: RunningPass, view: View, i: number, e: number): void {
    if (!this.#lags) {
      this.#runOnSynapses(running, view, view.source, i, e, () => true);
      return;
    }
    const first = this.fanOut.row[e] * this.fanOut.rowLength;
    const lags = this.#lags.subarray(first, first + this.fanOut.rowLength);
    for (const lag of new Set(lags)) {
      this.#beginSource(running, view, i, lag);
      const source = view.sourceBefore?.(lag) ?? view.source;
      this.#runOnSynapses(running, view, source, i, e, (k) => lags[k] === lag);
    }
  }

  #runOnSynapses(
    running: RunningPass,
    { state, ofTarget, target }: View,
    source: RuleNeurons,
    i: number,
    e: number,
    isMeant: (column: number) => boolean,
  ): void {
    const { row, target: targets, rowLength } = this.fanOut;
    const first = targets[e];
    // Most rows of a step end here.
    const isSilent = source.spikes[i] === 0 && !hasSpikes(target.spikes, first, rowLength);
    if (isSilent && running.pass.idle === 'never') return;
    const chosen = Array.from(
      { length: rowLength },
      (_, k) => isMeant(k) && this.#visits(running.pass, source, i, target, first + k),
    );
    if (!chosen.includes(true)) return;
    // One graph for the targets that spike, one for the others.
    for (const spikes of [0, 1]) {
      const own = chosen.map((is, k) => is && target.spikes[first + k] === spikes);
      if (own.includes(true))
        running.run([source.spikes[i], spikes], state, row[e] * rowLength, ofTarget, first, own);
    }
  }

  /** Whether a pass visits the synapse from source i onto target j in this step. */
  #visits(pass: RulePass, source: RuleNeurons, i: number, target: RuleNeurons, j: number): boolean {
    const [isSource, isTarget] = [source.spikes[i] !== 0, target.spikes[j] !== 0];
    const [sourceActive, targetActive] = this.isSetByHand
      ? [true, true]
      : [source.spiked[i] !== 0, target.spiked[j] !== 0];
    const meets = (visits: Visits, isActive: boolean) =>
      visits === 'always' || (visits === 'active' && isActive);
    if (pass.idle === 'always' || (pass.idle === 'both' && sourceActive && targetActive)) return true;
    if (isSource && isTarget) return true;
    return isSource ? meets(pass.source, targetActive) : isTarget && meets(pass.target, sourceActive);
  }

  #tracesBefore(lag: number): Arrays {
    const { length } = this.#seenBefore;
    return this.#seenBefore[(this.#now - lag + length) % length];
  }

  #tracesOf(side: Side): Arrays {
    const own = this.rule.traces.filter(({ of }) => of === side);
    return Object.fromEntries(own.map(({ name }) => [name, this.#seen[name]]));
  }
}

/** One step of the samples of a minibatch, which share weights and what `others` gave their states; or of one image. */
export function learnTogether(states: readonly RuleState[], steps: readonly RuleStep[]): void {
  const [{ rule, fanOut }] = states;
  const isShared = takesTurns(rule, fanOut);
  const groups = isShared ? rule.byClause : [rule.whole];
  groups.forEach((passes, group) => {
    /** The samples that make a pass: each of them, or one for all. */
    const samplesOf = ({ forAll }: RulePass) => (forAll ? states.slice(0, 1) : states);
    if (!isShared || passes.length === 1 || passes.every(({ ofWeight }) => ofWeight)) {
      passes.forEach((pass, index) =>
        samplesOf(pass).forEach((state, sample) => state.run(group, index, steps[sample])),
      );
      return;
    }
    for (let i = 0; i < fanOut.nSources; i++) {
      for (let e = fanOut.start[i]; e < fanOut.start[i + 1]; e++) {
        passes.forEach((pass, index) =>
          samplesOf(pass).forEach((state, sample) => state.runOnEntry(group, index, steps[sample], i, e)),
        );
      }
    }
  });
}

/**
 * Lets a trace decay and follow the spikes of a step.
 *
 * @param seen becomes what equations see of it; may be the trace itself where they see it after the spikes
 */
export function followTrace(
  { decay, scale, adds, readsBefore }: CompiledTrace,
  trace: Floats,
  spikes: Uint8Array,
  seen: Floats,
): void {
  for (let i = 0; i < trace.length; i++) trace[i] *= decay;
  if (readsBefore) seen.set(trace);
  for (let i = 0; i < trace.length; i++) {
    if (spikes[i]) trace[i] = adds ? trace[i] + scale : scale;
  }
  if (!readsBefore && seen !== trace) seen.set(trace);
}

/** One of a pass's graphs with room for its values. */
interface RunningGraph {
  readonly interpreter: Interpreter;
  readonly results: readonly { readonly name: string; readonly node: number; readonly found: Floats }[];
}

/** A pass with room for what a row is given. */
class RunningPass {
  /** By spikes of source and target. */
  readonly #graphs: readonly (readonly RunningGraph[])[];
  readonly #filled: Record<string, Floats> = {};

  constructor(
    readonly pass: RulePass,
    readonly rowLength: number,
    private readonly make: (length: number) => Floats,
  ) {
    this.#graphs = pass.graphs.map((each) =>
      each.map(({ graph, results }) => {
        const found = [...results].map(([name, node]) => ({ name, node, found: make(rowLength) }));
        return { interpreter: new Interpreter(graph, rowLength), results: found };
      }),
    );
  }

  /** Gives the whole row one value. */
  fill(name: string, value: number): void {
    (this.#filled[name] ??= this.make(this.rowLength)).fill(value);
  }

  /**
   * @param spikes whether the source spikes, and the targets of the chosen synapses: 0 or 1
   * @param state [row, column]
   * @param first where the row begins
   * @param columns by target
   * @param firstTarget of the row
   * @param chosen whether a synapse is visited; null: all are
   */
  run(
    [source, target]: readonly [number, number],
    state: Arrays,
    first: number,
    columns: Arrays,
    firstTarget: number,
    chosen: readonly boolean[] | null,
  ): void {
    const { rowLength } = this;
    const { interpreter, results } = this.#graphs[source][target];
    for (const [name, node] of interpreter.given) {
      const values =
        state[name]?.subarray(first, first + rowLength) ??
        columns[name]?.subarray(firstTarget, firstTarget + rowLength) ??
        this.#filled[name];
      interpreter.give(node, values);
    }
    interpreter.compute(first);
    // Copied first: a variable may become what another was.
    for (const { node, found } of results) found.set(interpreter.read(node));
    for (const { name, found } of results) {
      const values = state[name];
      for (let k = 0; k < rowLength; k++) if (chosen?.[k] ?? true) values[first + k] = found[k];
    }
  }
}

// A loop: most rows of a step ask this.
function hasSpikes(spikes: Uint8Array, first: number, length: number): boolean {
  for (let j = first; j < first + length; j++) if (spikes[j] !== 0) return true;
  return false;
}

/** Whether synapses that share a weight change it one after the other. */
function takesTurns({ isSummed }: CompiledRule, fanOut: FanOut): boolean {
  return !isSummed && !hasOwnWeights(fanOut);
}

/** Whether every row belongs to one synapse of each of its targets. */
export function hasOwnWeights({ nRows, row }: FanOut): boolean {
  return row.length === nRows && new Set(row).size === nRows;
}
