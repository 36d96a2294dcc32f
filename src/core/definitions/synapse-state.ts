/** A compiled synapse model at work on the reference engine, a row of synapses at a time: the definition of what it means. */
import { type Floats, makeFloats } from '../precision.js';
import type { FanOut } from '../network/topology/fan-out.js';
import { Interpreter } from './interpret.js';
import { type CompiledSynapse, type ResultGraph, sent, type SynapsePass } from './synapse-graph.js';

type Arrays = Readonly<Record<string, Floats>>;

/** What a connection finds when it delivers. */
export interface SynapseDelivery {
  /** [row, column] */
  readonly weights: Floats;
  /** Of the sources. */
  readonly spikes: Uint8Array;
  /** State of neurons that the model reads, by its name for it. */
  readonly source: Arrays;
  readonly target: Arrays;
  /** The target's input, which it adds to. */
  readonly input: Floats;
  /** Fills in what the synapses of a row draw by a call of the equations in this step. */
  readonly draw: (call: number, row: number, out: Float32Array) => void;
}

/** State of the synapses of one connection. */
export class SynapseModelState {
  /** By source, or by synapse [row, column]. */
  readonly variables: Arrays;
  /** Those by synapse. */
  readonly #ofSynapses: Arrays;
  /** What sources pass on to their synapses. */
  readonly #passed: Arrays;
  readonly #passes: readonly RunningPass[];
  readonly #draws: readonly Float32Array[];

  /** @param isSynapse [row, column] 1 where there is a synapse, 0 where nothing is sent; null: synapses everywhere */
  constructor(
    readonly synapse: CompiledSynapse,
    readonly fanOut: FanOut,
    readonly isSynapse: Uint8Array | null,
  ) {
    const { state, passes, draws, precision } = synapse;
    const sizes = { source: fanOut.nSources, synapse: fanOut.nRows * fanOut.rowLength };
    this.variables = Object.fromEntries(
      [...state].map(([name, { of }]) => [name, makeFloats(precision, sizes[of])]),
    );
    this.#ofSynapses = Object.fromEntries(
      Object.entries(this.variables).filter(([name]) => state.get(name)?.of === 'synapse'),
    );
    const passed = passes.flatMap(({ source }) =>
      [...source.results.keys()].filter((name) => !state.has(name)),
    );
    this.#passed = Object.fromEntries(passed.map((name) => [name, makeFloats(precision, sizes.source)]));
    this.#passes = passes.map((pass) => ({
      pass,
      ofSource: new Interpreter(pass.source.graph, sizes.source),
      ofSynapse: new Interpreter(pass.synapse.graph, fanOut.rowLength),
    }));
    this.#draws = draws.map(() => new Float32Array(fanOut.rowLength));
    this.reset();
  }

  /** Before an image. */
  reset(): void {
    for (const [name, { initial }] of this.synapse.state) {
      if (typeof initial === 'number') this.variables[name].fill(initial);
      else this.variables[name].set(initial);
    }
  }

  /** A step of all synapses: changes their state and adds what they send to the target's input, sources ascending. */
  deliver(delivery: SynapseDelivery): void {
    for (const running of this.#passes) {
      const { over, synapse } = running.pass;
      const isMet = (source: number) => over === 'all' || delivery.spikes[source] !== 0;
      this.#runOnSources(running, delivery, isMet);
      if (synapse.results.size > 0) this.#runOnSynapses(running, delivery, isMet);
    }
  }

  #runOnSources(
    { pass: { source }, ofSource }: RunningPass,
    delivery: SynapseDelivery,
    isMet: (source: number) => boolean,
  ): void {
    const { variables } = this;
    ofSource.run({ ...variables, ...delivery.source });
    for (const [values, changed] of readResults(source, ofSource, { ...variables, ...this.#passed })) {
      for (let i = 0; i < values.length; i++) if (isMet(i)) values[i] = changed[i];
    }
  }

  #runOnSynapses(
    { pass: { synapse, draws: calls }, ofSynapse }: RunningPass,
    { weights, target, input, draw }: SynapseDelivery,
    isMet: (source: number) => boolean,
  ): void {
    const { nSources, start, row, target: targets, rowLength } = this.fanOut;
    const rowOf = (arrays: Arrays, first: number): Record<string, Floats> =>
      Object.fromEntries(
        Object.entries(arrays).map(([name, values]) => [name, values.subarray(first, first + rowLength)]),
      );
    const passed = Object.fromEntries(
      Object.keys(this.#passed).map((name) => [name, makeFloats(this.synapse.precision, rowLength)]),
    );
    for (let i = 0; i < nSources; i++) {
      if (!isMet(i)) continue;
      for (const [name, values] of Object.entries(passed)) values.fill(this.#passed[name][i]);
      for (let e = start[i]; e < start[i + 1]; e++) {
        const first = row[e] * rowLength;
        const own = { ...rowOf(this.#ofSynapses, first), w: weights.subarray(first, first + rowLength) };
        const draws = calls.map((call) => {
          draw(call, row[e], this.#draws[call]);
          return [this.synapse.draws[call].name, this.#draws[call]] as const;
        });
        ofSynapse.run(
          { ...passed, ...own, ...rowOf(target, targets[e]), ...Object.fromEntries(draws) },
          first,
        );
        const reached = input.subarray(targets[e], targets[e] + rowLength);
        for (const [values, changed] of readResults(synapse, ofSynapse, own)) values.set(changed);
        const node = synapse.results.get(sent);
        if (node === undefined) continue;
        const values = ofSynapse.read(node);
        for (let k = 0; k < rowLength; k++) {
          reached[k] += (this.isSynapse?.[first + k] ?? 1) === 0 ? 0 : values[k];
        }
      }
    }
  }
}

interface RunningPass {
  readonly pass: SynapsePass;
  readonly ofSource: Interpreter;
  readonly ofSynapse: Interpreter;
}

/** Arrays that a graph leaves results in, with copies of these: a variable may become what another was. */
function readResults({ results }: ResultGraph, interpreter: Interpreter, arrays: Arrays) {
  return [...results]
    .filter(([name]) => Object.hasOwn(arrays, name))
    .map(([name, node]) => [arrays[name], interpreter.read(node).slice()] as const);
}
