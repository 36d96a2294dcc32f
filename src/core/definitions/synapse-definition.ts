/** A synapse model as data: parameters, state, what spikes of the source and steps do to it, and what it sends to its target. */
import { invalidArgument } from '../../errors.js';
import {
  custom,
  filledText,
  nested,
  oneOf,
  readOptions,
  record,
  required,
  type Schema,
} from '../../options.js';
import type { Draw } from '../random/draws.js';
import { measure } from './check-units.js';
import { DefinitionReader, refuseCalls, type RefusedCalls } from './definition-reader.js';
import { findDraws } from './draws.js';
import { checkName, type InitialValue, type Quantity } from './neuron-definition.js';
import { parseExpression } from './parse.js';
import { neuronSchema, type NeuronVariable } from './rule-definition.js';
import type { Assignment, Expression } from './tree.js';

/** When a synapse sends: at a spike of its source, or in every step. */
export type SendMoment = 'spike' | 'step';

export interface SynapseDefinition {
  readonly name: string;
  /** What it is, in a line. */
  readonly about?: string;
  /** The publications that it is from. */
  readonly source?: string;
  /** Defaults. */
  readonly parameters?: Readonly<Record<string, Quantity>>;
  /**
   * State with initial values: of a source, which all its synapses share, where the equations show that it depends on nothing else; else
   * of every synapse.
   */
  readonly state?: Readonly<Record<string, InitialValue>>;
  /** State of neurons that the equations read, by the name that they give it. */
  readonly neurons?: Readonly<Record<string, NeuronVariable>>;
  /** Assignments in every step, before those of spikes. */
  readonly step?: string;
  /** Assignments at a spike of the source. */
  readonly onSource?: string;
  /**
   * What is added to the target's input: an expression, which knows the names that `onSource` makes where it is sent at a spike.
   * Default: `w`.
   */
  readonly send?: string;
  /** When it is sent. Default: at a spike of the source. */
  readonly each?: SendMoment;
}

/** A checked definition. */
export interface SynapseEquations {
  readonly definition: SynapseDefinition;
  /** Defaults in mV, ms, pA. */
  readonly parameters: ReadonlyMap<string, number>;
  /** One of a parameter's unit in mV, ms and pA. */
  readonly scales: ReadonlyMap<string, number>;
  readonly state: ReadonlyMap<string, Expression>;
  readonly step: readonly Assignment[];
  readonly onSource: readonly Assignment[];
  readonly send: Expression;
  readonly each: SendMoment;
  /** Calls of `uniform()` and `normal()`, in the order of `step`, `onSource`, `send`. */
  readonly draws: readonly Draw[];
}

/** Names that mean something of their own in the equations of synapse models. */
export const ownSynapseNames = ['w', 'dt'] as const;

const lastSteps: RefusedCalls = {
  names: ['convolve'],
  reason: 'is a function of neuron models; a synapse model has none',
};

const drawn: RefusedCalls = {
  names: ['uniform', 'normal', 'convolve'],
  reason: 'stands in step, onSource or send of a synapse model, not in an initial value',
};

const anything = custom<never>('to be given', () => true);

const schema: Schema<SynapseDefinition> = {
  name: required(filledText),
  about: filledText,
  source: filledText,
  parameters: record<Quantity>(anything),
  state: record<InitialValue>(anything),
  neurons: record(nested(neuronSchema)),
  step: filledText,
  onSource: filledText,
  send: filledText,
  each: oneOf(['spike', 'step']),
};

/**
 * Parses and checks a definition.
 *
 * @throws LocusError that names the synapse model, the text, line and column, and what was expected
 */
export function readSynapseDefinition(given: SynapseDefinition): SynapseEquations {
  const definition = readOptions('defineSynapse', schema, given);
  const { name, each = 'spike' } = definition;
  checkName(name, 'defineSynapse');
  if (['step', 'onSource', 'send'].every((clause) => !Object.hasOwn(definition, clause))) {
    throw invalidArgument(name, 'step, onSource or send', 'none');
  }
  const quantities = [
    ...Object.values(definition.parameters ?? {}),
    ...Object.values(definition.state ?? {}),
  ];
  const isChecked = quantities.some((quantity) => Array.isArray(quantity));
  const reader = new DefinitionReader({ name, own: ownSynapseNames, isChecked, refused: drawn });
  const { parameters, scales } = reader.readParameters(definition.parameters);
  const state = reader.readState(definition.state, 'state', 'state');
  reader.takeNeurons(definition.neurons);
  reader.dimensions.set('w', 'unknown');
  const read = (clause: 'step' | 'onSource') =>
    reader.readAssignments(definition[clause], clause, [...state.keys()], {
      refused: lastSteps,
      expectation: 'an assignment to state, or a new name',
    });
  const step = read('step');
  const onSource = read('onSource');
  const place = `${name}.send`;
  const send = parseExpression(definition.send ?? 'w', place);
  refuseCalls(send, place, lastSteps);
  measure(send, each === 'spike' ? onSource.dimensions : reader.dimensions, place);
  const texts: (readonly [clause: string, value: Expression])[] = [
    ...step.assignments.map(({ value }) => ['step', value] as const),
    ...onSource.assignments.map(({ value }) => ['onSource', value] as const),
    ['send', send],
  ];
  return {
    definition,
    parameters,
    scales,
    state,
    step: step.assignments,
    onSource: onSource.assignments,
    send,
    each,
    draws: texts.flatMap(([clause, value]) => findDraws(value, `${name}.${clause}`)),
  };
}
