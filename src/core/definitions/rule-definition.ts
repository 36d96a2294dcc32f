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
import { checkAssignments, type Dimensions, measure } from './check-units.js';
import { checkName, claim, type InitialValue, type Quantity, readQuantity } from './neuron-definition.js';
import { parseAssignments, parseExpression } from './parse.js';
import { type Assignment, type Expression, findCalls } from './tree.js';
import { parseUnit } from './units.js';

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

const side = oneOf(['source', 'target']);

const traceSchema: Schema<TraceDefinition> = {
  of: required(side),
  tc: filledText,
  mode: oneOf(['set', 'add']),
  scale: filledText,
  reads: oneOf(['after', 'before']),
};

const neuronSchema: Schema<NeuronVariable> = { of: required(side), variable: required(filledText) };

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
  const { name, persistent = [], neurons = {}, signals = [] } = definition;
  checkName(name, 'defineRule');
  const parameters = new Map<string, number>();
  const scales = new Map<string, number>();
  const isChecked = Object.values(definition.parameters ?? {}).some((each) => Array.isArray(each));
  const milliseconds = parseUnit('ms', name).dimension;
  const dimensions = new Map<string, Dimensions>([['dt', isChecked ? milliseconds : 'unknown']]);
  const taken = new Map<string, string>();
  const take = (each: string, place: string, dimension: Dimensions, meaning: string) => {
    claim(each, taken, place, ownRuleNames);
    taken.set(each, meaning);
    dimensions.set(each, dimension);
  };
  for (const [parameter, quantity] of Object.entries(definition.parameters ?? {})) {
    const place = `${name}.parameters.${parameter}`;
    if (ruleOptions.includes(parameter)) {
      throw new LocusError(
        'NAME_TAKEN',
        `${place}: ${parameter} is an option of every rule; choose another name`,
      );
    }
    const { value, scale, dimension } = readQuantity(quantity, place);
    take(parameter, place, dimension, 'a parameter');
    parameters.set(parameter, value);
    scales.set(parameter, scale);
  }
  const traces = readTraces(definition, dimensions, isChecked);
  for (const trace of traces.keys()) take(trace, `${name}.traces.${trace}`, 'number', 'a trace');
  const synapse = readSynapse(definition, dimensions, take);
  for (const variable of Object.keys(neurons))
    take(variable, `${name}.neurons.${variable}`, 'unknown', 'state of neurons');
  for (const signal of signals) take(signal, `${name}.signals`, 'unknown', 'a signal');
  for (const each of persistent) {
    if (!synapse.has(each)) {
      throw unknownName(`${name}.persistent`, 'state of synapses', each, [...synapse.keys()]);
    }
  }
  for (const own of ownRuleNames)
    if (own !== 'dt') dimensions.set(own, own[0] === 'w' ? 'unknown' : 'number');
  const fixed = new Set<string>([...taken.keys(), ...ownRuleNames]);
  for (const each of ['w', ...synapse.keys()]) fixed.delete(each);
  const read = (clause: Clause) => readClause(definition, clause, fixed, dimensions);
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

/** Refuses what only neurons have: draws, and the last steps of an input. */
function refuseNeuronCalls(expression: Expression, place: string): void {
  const found = findCalls(expression).find(({ name }) => ['uniform', 'normal', 'convolve'].includes(name));
  if (!found) return;
  const { name, at } = found;
  throw new LocusError(
    'INVALID_ARGUMENT',
    `${place} (${at.line}:${at.column}): ${name}() is a function of neuron models; a learning rule has none`,
  );
}

/** The one expression of a rule's text. */
function readExpression(text: string, place: string): Expression {
  const expression = parseExpression(text, place);
  refuseNeuronCalls(expression, place);
  return expression;
}

function readTraces(
  { name, traces = {} }: RuleDefinition,
  dimensions: ReadonlyMap<string, Dimensions>,
  isChecked: boolean,
): Map<string, TraceEquations> {
  return new Map(
    Object.entries(traces).map(([trace, definition]) => {
      const place = `${name}.traces.${trace}`;
      const { tc, scale = '1' } = definition;
      const tcExpression = tc === undefined ? null : readExpression(tc, `${place}.tc`);
      if (tcExpression && isChecked) measure(tcExpression, dimensions, `${place}.tc`);
      const scaleExpression = readExpression(scale, `${place}.scale`);
      measure(scaleExpression, dimensions, `${place}.scale`);
      return [trace, { ...definition, tcExpression, scaleExpression }];
    }),
  );
}

function readSynapse(
  { name, synapse = {} }: RuleDefinition,
  dimensions: ReadonlyMap<string, Dimensions>,
  take: (name: string, place: string, dimension: Dimensions, meaning: string) => void,
): Map<string, Expression> {
  return new Map(
    Object.entries(synapse).map(([variable, given]) => {
      const place = `${name}.synapse.${variable}`;
      const [value, unit] = Array.isArray(given) ? given : [given, undefined];
      if (typeof value !== 'string' && !(typeof value === 'number' && Number.isFinite(value))) {
        throw invalidArgument(place, 'a number or an expression in the parameters', value);
      }
      const expression = readExpression(String(value), place);
      const own = measure(expression, dimensions, place);
      const stated = unit === undefined ? own : parseUnit(unit, place).dimension;
      take(variable, place, own === 'number' && unit === undefined ? 'unknown' : stated, 'state of synapses');
      return [variable, expression];
    }),
  );
}

/** @param fixed names that nothing can be assigned to */
function readClause(
  definition: RuleDefinition,
  clause: Clause,
  fixed: ReadonlySet<string>,
  dimensions: ReadonlyMap<string, Dimensions>,
): readonly Assignment[] {
  const text = definition[clause];
  if (text === undefined) return [];
  const place = `${definition.name}.${clause}`;
  const assignments = parseAssignments(text, place);
  for (const { target, value, at } of assignments) {
    refuseNeuronCalls(value, place);
    if (!fixed.has(target)) continue;
    const expectation = 'an assignment to w, state of the synapse, or a new name';
    throw invalidArgument(`${place} (${at.line}:${at.column})`, expectation, target);
  }
  checkAssignments(assignments, dimensions, place);
  return assignments;
}
