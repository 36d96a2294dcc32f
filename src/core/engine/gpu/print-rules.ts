/**
 * Prints a step of a defined learning rule as the texts of kernels for gpu.js: the operations of its graphs, never the user's text.
 * The graphs are those that the reference engine interprets, each for the synapses that this engine visits with it.
 */
import type { RulePass, SynapseGraph } from '../../definitions/rule-passes.js';
import type { Side } from '../../definitions/rule-definition.js';
import { givenNames } from '../../definitions/simplify.js';
import { activeBlock, changesState, type RulePlan, spikesBlock } from './plan-rules.js';
import { printNumber } from './print-functions.js';
import { NodePrinter, printConstant } from './print-nodes.js';
import type { GpuBackend } from './runtime.js';

/** A kernel over [row, filter] of one connection. */
export interface RuleKernel {
  readonly text: string;
  /** Names of its arguments, of `ruleArguments`. */
  readonly reads: readonly RuleArgument[];
}

/** Weights and state of synapses, what is known of their ends (see plan-rules.ts), and the spikes of a step with its number. */
export const ruleArguments = ['weights', 'synapse', 'ends', 'sources', 'tally'] as const;

export type RuleArgument = (typeof ruleArguments)[number];

export interface RuleKernels {
  /** The weights after a step, within their bounds. */
  readonly weights: RuleKernel;
  /** The state of synapses after a step; null where a step does not change it. */
  readonly synapse: RuleKernel | null;
  /** The state of synapses with which an image begins; null where that is what the image before has left. */
  readonly begin: RuleKernel | null;
  /** Constants of which each synapse has its own [row, column], in engine order: `this.constants.values`, R rows for each. */
  readonly values: readonly Float32Array[];
}

export interface RulePrintOptions {
  /** Of the connection: [row, column] weights, and neurons at one position. */
  readonly nRows: number;
  readonly rowLength: number;
  readonly nPositions: number;
  readonly wMin: number;
  readonly wMax: number;
  /** Whether no neuron has a synapse onto itself. */
  readonly masksSelf: boolean;
  readonly backend: GpuBackend;
}

export function printRule(plan: RulePlan, options: RulePrintOptions): RuleKernels {
  const printer = new RulePrinter(plan, options);
  return {
    weights: printer.printWeights(),
    synapse: changesState(plan) ? printer.printSynapse() : null,
    begin: printer.printBegin(),
    values: printer.values,
  };
}

/** Statements, and the variables of the synapse that they read. */
interface Part {
  readonly lines: readonly string[];
  readonly reads: readonly string[];
}

const nothing: Part = { lines: [], reads: [] };

class RulePrinter {
  readonly values: Float32Array[] = [];
  readonly #places = new Map<number | Float32Array, number>();
  /** Graphs printed so far, whose numbers begin the names of their values. */
  #printed = 0;

  constructor(
    private readonly plan: RulePlan,
    private readonly options: RulePrintOptions,
  ) {}

  printWeights(): RuleKernel {
    const { wMin, wMax, masksSelf, rowLength } = this.options;
    return finish([
      'const filter = this.thread.x;',
      'const row = this.thread.y;',
      ...this.#printStep('w'),
      ...(wMin > -Infinity ? [`w = Math.max(${printNumber(wMin)}, w);`] : []),
      ...(wMax < Infinity ? [`w = Math.min(${printNumber(wMax)}, w);`] : []),
      ...(masksSelf
        ? [
            `const group = Math.floor((row + 0.5) / ${rowLength});`,
            `if (row - group * ${rowLength} === filter) { w = 0.0; }`,
          ]
        : []),
      'return w;',
    ]);
  }

  printSynapse(): RuleKernel {
    return this.#printBlocks((variable) => [
      ...this.#printStep(variable),
      `return ${this.#nameOf(variable)};`,
    ]);
  }

  printBegin(): RuleKernel | null {
    const { compiled, variables } = this.plan;
    if (variables.every((variable) => compiled.persistent.includes(variable))) return null;
    return this.#printBlocks((variable, block) => {
      if (compiled.persistent.includes(variable)) return [`return ${this.#readVariable(block)};`];
      const initial = compiled.synapse.get(variable) ?? 0;
      const value = typeof initial === 'number' ? Math.fround(initial) : Float32Array.from(initial);
      return [`return ${printConstant({ kind: 'constant', value }) ?? this.#readValue(value)};`];
    });
  }

  /** The rows of all variables of the synapse. */
  #printBlocks(print: (variable: string, block: number) => readonly string[]): RuleKernel {
    const { nRows } = this.options;
    return finish([
      'const filter = this.thread.x;',
      `const block = Math.floor((this.thread.y + 0.5) / ${nRows});`,
      `const row = this.thread.y - block * ${nRows};`,
      ...this.plan.variables.flatMap((variable, block) => [
        `if (block === ${block}) {`,
        ...print(variable, block),
        '}',
      ]),
      'return 0.0;',
    ]);
  }

  /**
   * The statements that leave what a step makes of a variable in its name.
   *
   * @param wanted `w` or state of synapses
   */
  #printStep(wanted: string): string[] {
    const { passes, sharesWeights, variables } = this.plan;
    // Where weights are shared, a synapse finds what another has left: all that decides the variable is followed.
    const followed = sharesWeights ? findDecisive(passes, wanted, variables) : new Set([wanted]);
    const parts = passes.map((pass) => this.#printPass(pass, followed));
    const lines = parts.flatMap((part) => part.lines);
    const uses = (text: string) => lines.some((line) => line.includes(text));
    const read = new Set([...followed, ...parts.flatMap((part) => part.reads)]);
    return [
      ...(uses('= begin;')
        ? ['const begin = this.constants.fanIn[row];', 'const end = this.constants.fanIn[row + 1];']
        : []),
      ...(uses('[step]') ? [`const step = tally[0][${this.options.nPositions}];`] : []),
      ...['w', ...variables].flatMap((name, at) => {
        if (!read.has(name)) return [];
        return [
          `let ${this.#nameOf(name)} = ${at === 0 ? 'weights[row][filter]' : this.#readVariable(at - 1)};`,
        ];
      }),
      ...lines,
    ];
  }

  #printPass(pass: RulePass, followed: ReadonlySet<string>): Part {
    if (pass.ofWeight) return this.#printGraph(pass.graphs[0][0], followed);
    const branch = (source: number, target: number): Part => {
      const condition = this.#printVisit(pass, source === 1, target === 1);
      if (condition === null) return nothing;
      const { lines, reads } = this.#printGraph(pass.graphs[source][target], followed);
      return condition === '' || lines.length === 0
        ? { lines, reads }
        : { lines: [`if (${condition}) {`, ...lines, '}'], reads };
    };
    const bySource = [0, 1].map((source) => {
      const [silent, spiking] = [branch(source, 0), branch(source, 1)];
      return {
        lines: printIf(this.#readEnd('target', spikesBlock), spiking.lines, silent.lines),
        reads: [...silent.reads, ...spiking.reads],
      };
    });
    const [silent, spiking] = bySource;
    const reads = [...silent.reads, ...spiking.reads];
    const lines = printIf(this.#readEnd('source', spikesBlock), spiking.lines, silent.lines);
    return lines.length === 0 ? nothing : { lines: this.#printEntries(lines), reads };
  }

  /** Statements for every pair (source, position) whose weight this is, ascending by source. */
  #printEntries(lines: readonly string[]): string[] {
    const { nRows } = this.options;
    const { sharesWeights } = this.plan;
    // Names of loops are those of the whole function in WGSL.
    const entry = sharesWeights ? `entry${this.#printed}` : 'row';
    const each = [
      `const source = this.constants.fanIn[${nRows + 1} + 2 * ${entry}];`,
      `const position = this.constants.fanIn[${nRows + 2} + 2 * ${entry}];`,
      ...lines,
    ];
    if (!sharesWeights) return each;
    return [`for (let ${entry} = begin; ${entry} < end; ${entry} += 1) {`, ...each, '}'];
  }

  /** When a synapse is visited whose ends spike or not: '' always, null never; see `RuleState`. */
  #printVisit({ idle, ...pass }: RulePass, source: boolean, target: boolean): string | null {
    if (idle === 'always' || (source && target)) return '';
    const isActive = (side: Side) => isTrue(this.#readEnd(side, activeBlock));
    if (!source && !target) return idle === 'both' ? `${isActive('source')} && ${isActive('target')}` : null;
    // The end that spikes is active itself.
    const [spiking, partner] = source ? (['source', 'target'] as const) : (['target', 'source'] as const);
    if (pass[spiking] === 'always') return '';
    return pass[spiking] === 'active' || idle === 'both' ? isActive(partner) : null;
  }

  /** The statements that give the variables of a synapse what a graph makes of them. */
  #printGraph({ graph, results }: SynapseGraph, followed: ReadonlySet<string>): Part {
    const { backend } = this.options;
    const chosen = [...results].filter(([name]) => followed.has(name));
    const prefix = `p${this.#printed++}`;
    const printer = new NodePrinter(graph.nodes, {
      prefix,
      backend,
      readLeaf: (node) =>
        node.kind === 'constant'
          ? this.#readValue(node.value as number | Float32Array)
          : this.#readGiven(node.name),
    });
    const found = chosen.map(([name, node]) => [this.#nameOf(name), printer.print(node)] as const);
    const given = givenNames(graph, new Map(chosen).values());
    return {
      lines: [
        ...printer.lines,
        // All are computed before any is given: one variable may become what another was.
        ...found.map(([, value], at) => `const ${prefix}r${at} = ${value};`),
        ...found.map(([name], at) => `${name} = ${prefix}r${at};`),
      ],
      reads: ['w', ...this.plan.variables].filter((name) => given.has(name)),
    };
  }

  #readGiven(name: string): string {
    const { compiled, ends, sources, nListed, variables } = this.plan;
    if (name === 'w' || variables.includes(name)) return this.#nameOf(name);
    const signal = compiled.signals.indexOf(name);
    if (signal >= 0) return `sources[step][${sources.length * nListed + signal}]`;
    const { of } =
      compiled.neurons.get(name) ?? (compiled.traces.find((trace) => trace.name === name) as { of: Side });
    const blocks = of === 'source' && sources.length > 0 ? sources : ends;
    return this.#readEnd(
      of,
      blocks.findLastIndex((block) => block.name === name),
    );
  }

  /** A block of what is known of the neuron at one end. */
  #readEnd(side: Side, block: number): string {
    const { sources, nListed } = this.plan;
    const { nPositions, rowLength } = this.options;
    if (side === 'source' && sources.length > 0) return `sources[step][source + ${block * nListed}]`;
    const row = `ends[position + ${block * nPositions}]`;
    return side === 'target' ? `${row}[filter]` : `${row}[source - position * ${rowLength}]`;
  }

  #readVariable(block: number): string {
    return `synapse[row + ${block * this.options.nRows}][filter]`;
  }

  /** A constant that is no plain number, or of which each synapse has its own. */
  #readValue(value: number | Float32Array): string {
    const { nRows, rowLength } = this.options;
    const place = this.#places.get(value) ?? this.values.length;
    if (place === this.values.length) {
      this.values.push(typeof value === 'number' ? new Float32Array(nRows * rowLength).fill(value) : value);
      this.#places.set(value, place);
    }
    return `this.constants.values[row + ${place * nRows}][filter]`;
  }

  #nameOf(variable: string): string {
    return variable === 'w' ? 'w' : `s${this.plan.variables.indexOf(variable)}`;
  }
}

/** `wanted`, and the other variables of a synapse that decide what steps make of it. */
function findDecisive(
  passes: readonly RulePass[],
  wanted: string,
  variables: readonly string[],
): ReadonlySet<string> {
  const found = new Set([wanted]);
  // A set goes on to what is added while it is walked.
  for (const name of found) {
    for (const { graph, results } of passes.flatMap(({ graphs }) => graphs.flat())) {
      const result = results.get(name);
      if (result === undefined) continue;
      for (const given of givenNames(graph, [result])) {
        if (given === 'w' || variables.includes(given)) found.add(given);
      }
    }
  }
  return found;
}

const isTrue = (value: string) => `${value} > 0.5`;

/** Statements where a value is 1, and others where it is 0. */
function printIf(value: string, yes: readonly string[], no: readonly string[]): string[] {
  if (yes.length === 0) return no.length === 0 ? [] : [`if (${value} < 0.5) {`, ...no, '}'];
  return [`if (${isTrue(value)}) {`, ...yes, ...(no.length > 0 ? ['} else {', ...no] : []), '}'];
}

function finish(lines: readonly string[]): RuleKernel {
  const body = lines.join('\n');
  const reads = ruleArguments.filter((name) => body.includes(`${name}[`));
  return { text: `function (${reads.join(', ')}) {\n${body}\n}`, reads };
}
