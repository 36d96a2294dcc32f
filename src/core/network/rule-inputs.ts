/** What learning rules and synapse models read beside weights and spikes: state of neurons, and signals such as a reward. */
import { invalidArgument, LocusError, unknownName } from '../../errors.js';
import { type Field, number, numbers } from '../../options.js';
import { type Floats, makeFloats, type Precision, roundTo } from '../precision.js';
import type { CompiledRule } from '../definitions/rule-graph.js';
import type { NeuronVariable, Side } from '../definitions/rule-definition.js';
import type { CompiledSynapse } from '../definitions/synapse-graph.js';
import type { Program, ProgramLayer } from './program.js';
import type { Presentation } from './simulation.js';

/**
 * Checks that the neurons at the ends of a connection have the spikes and the state that its rule reads.
 *
 * @throws LocusError naming the place, the variable and what there is
 */
export function checkRuleNeurons(
  rule: CompiledRule | null,
  ruleName: string,
  ends: Readonly<Record<Side, ProgramLayer>>,
  place: string,
): void {
  if (!rule) return;
  for (const of of ['source', 'target'] as const) {
    const { model, name } = ends[of];
    if (model.emits === undefined) continue;
    const isHeard = rule.whole.some((pass) => pass[of] !== 'never');
    if (!isHeard && !rule.traces.some((trace) => trace.of === of)) continue;
    throw invalidArgument(place, `layers that spike, from whose spikes ${ruleName} learns`, name);
  }
  checkNeurons(rule.neurons, 'rule', ends, place);
}

/**
 * Checks that the neurons at the ends of a connection have the spikes and the state that its synapse model reads.
 *
 * @throws LocusError naming the place, the variable and what there is
 */
export function checkSynapseNeurons(
  synapse: CompiledSynapse | null,
  ends: Readonly<Record<Side, ProgramLayer>>,
  place: string,
): void {
  if (!synapse) return;
  const { model, name } = ends.source;
  if (model.emits !== undefined && synapse.needsSpikes) {
    throw invalidArgument(place, `a source that spikes, at whose spikes ${synapse.name} acts`, name);
  }
  checkNeurons(synapse.neurons, 'synapse model', ends, place);
}

/** @param what reads them */
function checkNeurons(
  neurons: ReadonlyMap<string, NeuronVariable>,
  what: string,
  ends: Readonly<Record<Side, ProgramLayer>>,
  place: string,
): void {
  for (const { of, variable } of neurons.values()) {
    const { name, model, constants } = ends[of];
    const known = Object.keys(model.initialState(constants)).filter(
      (each) => !model.persistent.includes(each),
    );
    if (model.kernel !== 'input' && known.includes(variable)) continue;
    if (model.persistent.includes(variable)) {
      throw invalidArgument(place, `a ${what} that reads state of ${name} which a reset clears`, variable);
    }
    const found = model.kernel === 'input' ? [] : known;
    throw unknownName(`${place}: ${what}, layer ${name}`, 'variable', variable, found);
  }
}

/** The signals that the rules of a network read. */
export function listSignals({ connections }: Program): string[] {
  const names = connections.flatMap((connection) =>
    connection.kind === 'synapses' ? (connection.compiledRule?.signals ?? []) : [],
  );
  return [...new Set(names)];
}

/** One value of a signal. */
export const signalValue = number();

/** A signal: a value, or one for every step. */
export const signalField: Field<number | ArrayLike<number>> = (place, name, value) => {
  const values = typeof value === 'number' ? [value] : Array.from(numbers(place, name, value));
  for (const each of values) signalValue(place, name, each);
  return value as number | ArrayLike<number>;
};

/** A signal in a run: a value, one for every step, or what a function says before each step. */
export type RunSignal = number | ArrayLike<number> | ((step: number) => number);

export const runSignalField: Field<RunSignal> = (place, name, value) =>
  typeof value === 'function' ? (value as RunSignal) : signalField(place, name, value);

/** @throws LocusError for a signal that no rule reads, or of too few steps */
export function checkSignals(
  signals: Readonly<Record<string, RunSignal>>,
  known: readonly string[],
  steps: number,
  place: string,
): void {
  for (const [name, values] of Object.entries(signals)) {
    if (!known.includes(name)) throw unknownName(place, 'signal', name, known);
    if (typeof values === 'object' && values.length < steps) {
      throw invalidArgument(place, `signal ${name} of at least ${steps} steps`, values.length);
    }
  }
}

/** Values of the signals of a network, by name. */
export class Signals {
  readonly names: readonly string[];
  readonly #values = new Map<string, number>();
  readonly #precision: Precision;

  constructor(program: Program) {
    this.names = listSignals(program);
    this.#precision = program.precision;
  }

  /** @throws LocusError `UNKNOWN_NAME` where no rule reads it */
  set(name: string, value: number): void {
    if (!this.names.includes(name)) throw unknownName('signals', 'signal', name, this.names);
    this.#values.set(name, roundTo[this.#precision](value));
  }

  /**
   * What rules read of an image [step, signal], signals in the order of `names`.
   *
   * @throws LocusError for what the image gives, and where it gives nothing and nothing was set
   */
  ofImage(presentation: Presentation, image: number): Floats {
    const { steps } = presentation;
    const place = `signals of image ${image}`;
    const given = presentation.signals?.(image) ?? {};
    checkSignals(given, this.names, steps, place);
    const columns = this.names.map((name) =>
      Object.hasOwn(given, name) ? signalField(place, name, given[name]) : this.get(name),
    );
    const rows = makeFloats(this.#precision, steps * columns.length);
    for (let at = 0; at < rows.length; at++) {
      const column = columns[at % columns.length];
      rows[at] = typeof column === 'number' ? column : column[Math.floor(at / columns.length)];
    }
    return rows;
  }

  /** @throws LocusError where it was never set */
  get(name: string): number {
    const value = this.#values.get(name);
    if (value === undefined) {
      throw new LocusError(
        'INVALID_ARGUMENT',
        `signal ${name}: expected a value before the network learns, as a rule reads it; use run(inputs, { signals: { ${name}: … } }) or setSignal('${name}', …)`,
      );
    }
    return value;
  }
}
