/** A compiled rule at work on the reference engine, a row of synapses at a time: the definition of what a rule means. */
import { type Floats, makeFloats } from '../precision.js';
import type { FanOut } from '../network/topology/fan-out.js';
import { Interpreter } from './interpret.js';
import type { CompiledRule, CompiledTrace, RulePass, Visits } from './rule-graph.js';
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
}

/** Traces and state of the synapses of one connection. */
export class RuleState {
  /** After the spikes of the step. */
  readonly traces: Arrays;
  /** [row, column] */
  readonly synapse: Arrays;
  /** What equations see of the traces. */
  readonly #seen: Arrays;
  readonly #passes: readonly RunningPass[];
  /** Whether a variable is not what the spikes since the reset have made it: every neuron counts as active then. */
  isSetByHand = false;

  /** @param sizes neurons of the two layers */
  constructor(
    readonly rule: CompiledRule,
    readonly fanOut: FanOut,
    sizes: Readonly<Record<Side, number>>,
  ) {
    const perTrace = (make: (trace: CompiledTrace) => Floats): Arrays =>
      Object.fromEntries(rule.traces.map((trace) => [trace.name, make(trace)]));
    const make = (length: number) => makeFloats(rule.precision, length);
    this.traces = perTrace(({ of }) => make(sizes[of]));
    this.#seen = perTrace(({ name, of, readsBefore }) => (readsBefore ? make(sizes[of]) : this.traces[name]));
    const size = fanOut.nRows * fanOut.rowLength;
    this.synapse = Object.fromEntries([...rule.synapse.keys()].map((name) => [name, make(size)]));
    this.#initialize([...rule.synapse.keys()]);
    const passes = hasOwnWeights(fanOut) ? [rule.whole] : rule.byClause;
    this.#passes = passes.map((pass) => new RunningPass(pass, fanOut.rowLength, make));
  }

  /** Sets a trace, by neuron, or state of synapses [row, column]. */
  set(variable: string, values: Floats): void {
    (this.traces[variable] ?? this.synapse[variable]).set(values);
    this.isSetByHand = true;
  }

  /** Before an image: traces, and state of synapses that is not persistent. */
  reset(): void {
    for (const values of [...Object.values(this.traces), ...Object.values(this.#seen)]) values.fill(0);
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
  }

  /** Changes weights and the state of synapses; bounds and the mask come afterwards. */
  learn(step: RuleStep): void {
    for (const running of this.#passes) {
      if (running.pass.ofWeight) this.#runOnWeights(running, step);
      else this.#runOnSynapses(running, step);
    }
  }

  #runOnWeights(running: RunningPass, { weights, signals }: RuleStep): void {
    const state = { w: weights, ...this.synapse };
    for (const [name, value] of Object.entries(signals)) running.fill(name, value);
    for (let row = 0; row < this.fanOut.nRows; row++)
      running.run([0, 0], state, row * this.fanOut.rowLength, {}, null);
  }

  #runOnSynapses(running: RunningPass, { weights, source, target, signals }: RuleStep): void {
    const { start, row, target: targets, rowLength } = this.fanOut;
    const state = { w: weights, ...this.synapse };
    const sources = { ...this.#tracesOf('source'), ...source.state };
    const onto = {
      ...this.#tracesOf('target'),
      ...target.state,
    };
    for (const [name, value] of Object.entries(signals)) running.fill(name, value);
    for (let i = 0; i < source.spikes.length; i++) {
      for (const [name, values] of Object.entries(sources)) running.fill(name, values[i]);
      for (let e = start[i]; e < start[i + 1]; e++) {
        const first = targets[e];
        const chosen = Array.from({ length: rowLength }, (_, k) =>
          this.#visits(running.pass, source, i, target, first + k),
        );
        if (!chosen.includes(true)) continue;
        const columns = Object.fromEntries(
          Object.entries(onto).map(([name, values]) => [name, values.subarray(first, first + rowLength)]),
        );
        // One graph for the targets that spike, one for the others.
        for (const spikes of [0, 1]) {
          const own = chosen.map((is, k) => is && target.spikes[first + k] === spikes);
          if (own.includes(true))
            running.run([source.spikes[i], spikes], state, row[e] * rowLength, columns, own);
        }
      }
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

  #tracesOf(side: Side): Arrays {
    const own = this.rule.traces.filter(({ of }) => of === side);
    return Object.fromEntries(own.map(({ name }) => [name, this.#seen[name]]));
  }
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

/** A pass with room for what a row is given. */
class RunningPass {
  /** By spikes of source and target. */
  readonly #interpreters: readonly (readonly Interpreter[])[];
  readonly #filled: Record<string, Floats> = {};

  constructor(
    readonly pass: RulePass,
    readonly rowLength: number,
    private readonly make: (length: number) => Floats,
  ) {
    this.#interpreters = pass.graphs.map((each) =>
      each.map(({ graph }) => new Interpreter(graph, rowLength)),
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
   * @param chosen whether a synapse is visited; null: all are
   */
  run(
    [source, target]: readonly [number, number],
    state: Arrays,
    first: number,
    columns: Arrays,
    chosen: readonly boolean[] | null,
  ): void {
    const { rowLength } = this;
    const interpreter = this.#interpreters[source][target];
    const own = Object.fromEntries(
      Object.entries(state).map(([name, values]) => [name, values.subarray(first, first + rowLength)]),
    );
    interpreter.run({ ...this.#filled, ...columns, ...own }, first);
    // Copied first: a variable may become what another was.
    const found = [...this.pass.graphs[source][target].results].map(
      ([name, node]) => [own[name], interpreter.read(node).slice()] as const,
    );
    for (const [values, changed] of found) {
      for (let k = 0; k < rowLength; k++) if (chosen?.[k] ?? true) values[k] = changed[k];
    }
  }
}

/** Whether every row belongs to one synapse of each of its targets. */
export function hasOwnWeights({ nRows, row }: FanOut): boolean {
  return row.length === nRows && new Set(row).size === nRows;
}
