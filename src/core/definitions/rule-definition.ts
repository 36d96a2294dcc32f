/** A learning rule as data: parameters, traces, state of every synapse, and what spikes and steps do to it. */
import { invalidArgument, LocusError, unknownName } from '../../errors.js';
import {
  custom,
  filledText,
  list,
  nested,
  oneOf,
  readOptions,
  record,
  required,
  type Schema,
} from '../../options.js';
import { measure } from './check-units.js';
import { DefinitionReader, type RefusedCalls } from './definition-reader.js';
import { checkName, type InitialValue, type Quantity } from './neuron-definition.js';
import type { Assignment, Expression } from './tree.js';

/** The ends of a synapse. */
export type Side = 'source' | 'target';

/** A quantity that the spikes of a neuron raise and that decays by exp(−dt / tc) in every step. */
export interface TraceDefinition {
  /** Whose spikes. */
  readonly of: Side;
  /** Time constant [ms]: an expression in the parameters; that of the layer's own traces if left out. */
  readonly tc?: string;
  /** Whether a spike sets the trace to its scale (default) or adds it. */
  readonly mode?: 'set' | 'add';
  /** An expression in the parameters. Default: 1. */
  readonly scale?: string;
  /** Whether equations see the trace after the spikes of the step (default) or before them. */
  readonly reads?: 'after' | 'before';
}

/** A state variable of the neuron at one end, as the step leaves it. */
export interface NeuronVariable {
  readonly of: Side;
  readonly variable: string;
}

export interface RuleDefinition {
  readonly name: string;
  /** What it does, in a line. */
  readonly about?: string;
  /** The publications that it is from. */
  readonly source?: string;
  /** Defaults. */
  readonly parameters?: Readonly<Record<string, Quantity>>;
  readonly traces?: Readonly<Record<string, TraceDefinition>>;
  /** State of every synapse beside its weight `w`, with initial values. */
  readonly synapse?: Readonly<Record<string, InitialValue>>;
  /** State of synapses that a reset between two images keeps. */
  readonly persistent?: readonly string[];
  /** State of neurons that the equations read, by the name that they give it. */
  readonly neurons?: Readonly<Record<string, NeuronVariable>>;
  /** Numbers that the whole network is given in every step, such as `reward`. */
  readonly signals?: readonly string[];
  /** Assignments for every synapse in every step, before those of spikes. */
  readonly onStep?: string;
  /** For every synapse of a source that spikes. */
  readonly onSource?: string;
  /** For every synapse onto a target that spikes. */
  readonly onTarget?: string;
  /** For every synapse at the end of every step, before the bounds. */
  readonly end?: string;
}

export interface TraceEquations extends TraceDefinition {
  readonly tcExpression: Expression | null;
  readonly scaleExpression: Expression;
}

export const clauses = ['onStep', 'onSource', 'onTarget', 'end'] as const;

export type Clause = (typeof clauses)[number];

/** A checked definition. */
export interface RuleEquations {
  readonly definition: RuleDefinition;
  /** Defaults in mV, ms, pA. */
  readonly parameters: ReadonlyMap<string, number>;
  /** One of a parameter's unit in mV, ms and pA. */
  readonly scales: ReadonlyMap<string, number>;
  readonly traces: ReadonlyMap<string, TraceEquations>;
  readonly synapse: ReadonlyMap<string, Expression>;
  readonly clauses: Readonly<Record<Clause, readonly Assignment[]>>;
}

/** Names that mean something of their own in the equations of rules. */
export const ownRuleNames = ['w', 'wMin', 'wMax', 'dt', 'sourceSpike', 'targetSpike'] as const;

/** The options of a rule that are no parameters. */
export const ruleOptions: readonly string[] = ['traces', 'reduction'];

/** Draws, and the last steps of an input. */
const ofNeurons: RefusedCalls = {
  names: ['uniform', 'normal', 'convolve'],
  reason: 'is a function of neuron models; a learning rule has none',
};

const side = oneOf(['source', 'target']);

const traceSchema: Schema<TraceDefinition> = {
  of: required(side),
  tc: filledText,
  mode: oneOf(['set', 'add']),
  scale: filledText,
  reads: oneOf(['after', 'before']),
};

export const neuronSchema: Schema<NeuronVariable> = { of: required(side), variable: required(filledText) };

const anything = custom<never>('to be given', () => true);

const schema: Schema<RuleDefinition> = {
  name: required(filledText),
  about: filledText,
  source: filledText,
  parameters: record<Quantity>(anything),
  traces: record(nested(traceSchema)),
  synapse: record<InitialValue>(anything),
  persistent: list(filledText),
  neurons: record(nested(neuronSchema)),
  signals: list(filledText),
  onStep: filledText,
  onSource: filledText,
  onTarget: filledText,
  end: filledText,
};

/**
 * Parses and checks a definition.
 *
 * @throws LocusError that names the rule, the text, line and column, and what was expected
 */
export function readRuleDefinition(given: RuleDefinition): RuleEquations {
  const definition = readOptions('defineRule', schema, given);
  const { name, persistent = [], signals = [] } = definition;
  checkName(name, 'defineRule');
  const isChecked = Object.values(definition.parameters ?? {}).some((each) => Array.isArray(each));
  for (const option of ruleOptions) {
    if (!Object.hasOwn(definition.parameters ?? {}, option)) continue;
    throw new LocusError(
      'NAME_TAKEN',
      `${name}.parameters.${option}: ${option} is an option of every rule; choose another name`,
    );
  }
  const reader = new DefinitionReader({ name, own: ownRuleNames, isChecked, refused: ofNeurons });
  const { dimensions } = reader;
  const { parameters, scales } = reader.readParameters(definition.parameters);
  const traces = readTraces(definition, reader, isChecked);
  for (const trace of traces.keys()) reader.take(trace, `${name}.traces.${trace}`, 'number', 'a trace');
  const synapse = reader.readState(definition.synapse, 'synapse', 'state of synapses');
  reader.takeNeurons(definition.neurons);
  for (const signal of signals) reader.take(signal, `${name}.signals`, 'unknown', 'a signal');
  for (const each of persistent) {
    if (!synapse.has(each)) {
      throw unknownName(`${name}.persistent`, 'state of synapses', each, [...synapse.keys()]);
    }
  }
  for (const own of ownRuleNames)
    if (own !== 'dt') dimensions.set(own, own[0] === 'w' ? 'unknown' : 'number');
  const expectation = 'an assignment to w, state of the synapse, or a new name';
  const read = (clause: Clause) =>
    reader.readAssignments(definition[clause], clause, ['w', ...synapse.keys()], {
      refused: ofNeurons,
      expectation,
    }).assignments;
  const equations = {
    onStep: read('onStep'),
    onSource: read('onSource'),
    onTarget: read('onTarget'),
    end: read('end'),
  };
  if (clauses.every((clause) => equations[clause].length === 0)) {
    throw invalidArgument(name, `assignments in ${clauses.join(', ')}`, 'none');
  }
  return { definition, parameters, scales, traces, synapse, clauses: equations };
}

function readTraces(
  { name, traces = {} }: RuleDefinition,
  reader: DefinitionReader,
  isChecked: boolean,
): Map<string, TraceEquations> {
  return new Map(
    Object.entries(traces).map(([trace, definition]) => {
      const place = `${name}.traces.${trace}`;
      const { tc, scale = '1' } = definition;
      const tcExpression = tc === undefined ? null : reader.readExpression(tc, `${place}.tc`);
      if (tcExpression && isChecked) measure(tcExpression, reader.dimensions, `${place}.tc`);
      const scaleExpression = reader.readExpression(scale, `${place}.scale`);
      measure(scaleExpression, reader.dimensions, `${place}.scale`);
      return [trace, { ...definition, tcExpression, scaleExpression }];
    }),
  );
}
