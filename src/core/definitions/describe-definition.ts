/** What a definition says, for people: equations as text and as LaTeX, parameters with units, state, and remarks in sentences. */
import { printAssignment, printLatex, printName } from './latex.js';
import type { InitialValue, NeuronDefinition, Quantity } from './neuron-definition.js';
import { parseAssignments, parseExpression } from './parse.js';
import type { NeuronVariable, RuleDefinition } from './rule-definition.js';
import { readSynapseDefinition, type SynapseDefinition } from './synapse-definition.js';
import { compileSynapse } from './synapse-graph.js';

/** Equations that hold at the same time. */
export interface DescribedEquations {
  /** `every step` */
  readonly when: string;
  /** As the definition writes them. */
  readonly text: readonly string[];
  readonly latex: readonly string[];
}

export interface DescribedValue {
  readonly name: string;
  /** A number, or an expression in the parameters. */
  readonly value: number | string;
  readonly unit: string | null;
}

export interface DescribedState extends DescribedValue {
  /** Whether a reset between two images keeps it. */
  readonly persistent: boolean;
}

export interface DescribedInput {
  readonly name: string;
  /** Null where it has none. */
  readonly unit: string | null;
}

export interface DescribedDefinition {
  readonly name: string;
  readonly kind: 'neuron' | 'rule' | 'synapse';
  readonly about: string | null;
  readonly source: string | null;
  /** Of neurons: names and units; a connection that names none adds to the first. */
  readonly inputs: readonly DescribedInput[];
  readonly equations: readonly DescribedEquations[];
  readonly parameters: readonly DescribedValue[];
  /** State of every neuron, of every synapse beside its weight, or of a synapse model. */
  readonly state: readonly DescribedState[];
  /** What else holds, a sentence each. */
  readonly remarks: readonly string[];
}

export function describeNeuron(definition: NeuronDefinition): DescribedDefinition {
  const { name, about = null, source = null, parameters, state, persistent } = definition;
  return {
    name,
    kind: 'neuron',
    about,
    source,
    inputs: listInputs(definition),
    equations: [
      ...describeAssignments('every step', definition.step),
      ...describeDerivatives(definition),
      ...describeCondition('a neuron spikes where', definition.spike),
      ...describeAssignments('after a spike', definition.reset),
      ...describeAssignments('end of every step', definition.end),
    ],
    parameters: describeParameters(parameters),
    state: describeState(state, persistent),
    remarks: remarkOnNeuron(definition),
  };
}

export function describeRule(definition: RuleDefinition): DescribedDefinition {
  const { name, about = null, source = null, parameters, synapse = {}, persistent } = definition;
  return {
    name,
    kind: 'rule',
    about,
    source,
    inputs: [],
    equations: [
      ...describeAssignments('every step', definition.onStep),
      ...describeAssignments('at a spike of the source', definition.onSource),
      ...describeAssignments('at a spike of the target', definition.onTarget),
      ...describeAssignments('end of every step', definition.end),
    ],
    parameters: describeParameters(parameters),
    state: describeState(synapse, persistent),
    remarks: remarkOnRule(definition),
  };
}

export function describeSynapse(definition: SynapseDefinition): DescribedDefinition {
  const {
    name,
    about = null,
    source = null,
    parameters,
    state = {},
    each = 'spike',
    send = 'w',
  } = definition;
  const when =
    each === 'spike' ? 'at a spike of the source, sent to the target' : 'sent to the target in every step';
  return {
    name,
    kind: 'synapse',
    about,
    source,
    inputs: [],
    equations: [
      ...describeAssignments('every step', definition.step),
      ...describeAssignments('at a spike of the source', definition.onSource),
      ...describeCondition(when, send),
    ],
    parameters: describeParameters(parameters),
    state: describeState(state),
    remarks: remarkOnSynapse(definition),
  };
}

function describeAssignments(when: string, text: string | undefined): DescribedEquations[] {
  if (text === undefined) return [];
  return [{ when, text: linesOf(text), latex: parseAssignments(text, when).map(printAssignment) }];
}

function describeCondition(when: string, text: string | undefined): DescribedEquations[] {
  if (text === undefined) return [];
  return [{ when, text: linesOf(text), latex: [printLatex(parseExpression(text, when))] }];
}

function describeDerivatives({ derivatives, method = 'euler' }: NeuronDefinition): DescribedEquations[] {
  if (derivatives === undefined) return [];
  const when = method === 'euler' ? "every step, by Euler's method" : 'every step, by the exact solution';
  const entries = Object.entries(derivatives);
  return [
    {
      when,
      text: entries.map(([variable, text]) => `d${variable}/dt = ${text.trim()}`),
      latex: entries.map(
        ([variable, text]) =>
          `\\frac{\\mathrm{d} ${printName(variable)}}{\\mathrm{d} t} = ${printLatex(parseExpression(text, when))}`,
      ),
    },
  ];
}

function linesOf(text: string): string[] {
  return text
    .split(/[;\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function describeParameters(parameters: Readonly<Record<string, Quantity>> = {}): DescribedValue[] {
  return Object.entries(parameters).map(([name, quantity]) => describeQuantity(name, quantity));
}

function describeState(
  state: Readonly<Record<string, InitialValue>>,
  persistent: readonly string[] = [],
): DescribedState[] {
  return Object.entries(state).map(([name, initial]) => {
    const { value, unit } = describeQuantity(name, initial);
    return { name, value, unit, persistent: persistent.includes(name) };
  });
}

function describeQuantity(name: string, quantity: Quantity | InitialValue): DescribedValue {
  const [value, unit = null] = Array.isArray(quantity)
    ? (quantity as [number | string, string])
    : [quantity as number | string];
  return { name, value, unit };
}

function remarkOnNeuron(definition: NeuronDefinition): string[] {
  const { kernels = {}, refractory, select, emit } = definition;
  const inputs = listInputs(definition);
  const names = inputs.map(({ name }) => name);
  return [
    ...(inputs.length > 1
      ? [`The inputs are ${names.join(', ')}; a connection that names none adds to ${names[0]}.`]
      : []),
    ...inputs.flatMap(({ name, unit }) =>
      unit === null ? [] : [`The input${name === 'input' ? '' : ` ${name}`} is in ${unit}.`],
    ),
    ...Object.entries(kernels).map(
      ([kernel, { length }]) =>
        `The kernel ${kernel} weights as many of the last steps as it is long, by default ${length}.`,
    ),
    ...(refractory ? remarkOnRefractoryPeriod(refractory) : []),
    ...(select === 'one-of-layer'
      ? ['Of the neurons of a layer that may spike in a step one, drawn, does; all of them are reset.']
      : []),
    ...(emit === undefined ? [] : [`The neurons do not spike: they hand on ${emit} in every step.`]),
  ];
}

function listInputs({ input, inputs = { input: input ?? null } }: NeuronDefinition): DescribedInput[] {
  if (Array.isArray(inputs)) return inputs.map((name: string) => ({ name, unit: null }));
  return Object.entries(inputs as Readonly<Record<string, string | null>>).map(([name, unit]) => ({
    name,
    unit: unit === '1' ? null : unit,
  }));
}

function remarkOnRefractoryPeriod({
  period,
  holds = 'input',
  next = 'after',
  allowsSpikes = false,
}: NonNullable<NeuronDefinition['refractory']>): string[] {
  const held = holds === 'input' ? ' Within it the input counts as 0.' : remarkOnHeld(holds);
  const earliest = next === 'after' ? 'n + 1' : 'n';
  const spikes = allowsSpikes
    ? 'A neuron may spike within it.'
    : `The next spike comes ${earliest} steps after a spike at the earliest, where n is the period in steps.`;
  return [`The refractory period is ${period} [ms].${held} ${spikes}`];
}

function remarkOnHeld(variables: readonly string[]): string {
  if (variables.length === 0) return '';
  return ` Within it ${variables.join(' and ')} stand${variables.length === 1 ? 's' : ''} still.`;
}

function remarkOnRule({ traces = {}, neurons = {}, signals = [] }: RuleDefinition): string[] {
  return [
    ...Object.entries(traces).map(([trace, { of, tc, mode = 'set', scale = '1', reads = 'after' }]) => {
      const change = mode === 'set' ? `sets it to ${scale}` : `adds ${scale}`;
      const decay = tc === undefined ? "the time constant of the layer's traces" : `the time constant ${tc}`;
      const before = reads === 'before' ? '; equations read it before the spikes of the step' : '';
      return `The trace ${trace} decays with ${decay}; a spike of the ${of} ${change}${before}.`;
    }),
    ...remarkOnNeurons(neurons),
    ...signals.map((signal) => `${signal} is a signal that the whole network is given in every step.`),
  ];
}

function remarkOnNeurons(neurons: Readonly<Record<string, NeuronVariable>>): string[] {
  return Object.entries(neurons).map(
    ([name, { of, variable }]) => `${name} is the state variable ${variable} of the ${of}.`,
  );
}

function remarkOnSynapse(definition: SynapseDefinition): string[] {
  const equations = readSynapseDefinition(definition);
  const { state } = compileSynapse(equations, equations.parameters, { dt: 1 });
  const nameAll = (owner: 'source' | 'synapse') =>
    [...state].flatMap(([name, { of }]) => (of === owner ? [name] : [])).join(', ');
  const [ofSource, ofSynapse] = [nameAll('source'), nameAll('synapse')];
  return [
    ...(ofSource === ''
      ? []
      : [`All synapses of a source share its ${ofSource}, unless a parameter is given for every weight.`]),
    ...(ofSynapse === '' ? [] : [`Every synapse has its own ${ofSynapse}.`]),
    ...remarkOnNeurons(definition.neurons ?? {}),
  ];
}
