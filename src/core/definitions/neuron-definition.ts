/** A neuron model as data: parameters with units, state, equations, spike condition, refractory period, reset. */
import { invalidArgument, LocusError, unknownName } from '../../errors.js';
import {
  custom,
  filledText,
  flag,
  list,
  nested,
  nullable,
  oneOf,
  readOptions,
  record,
  required,
  type Schema,
} from '../../options.js';
import type { Draw } from '../random/draws.js';
import { checkAssignments, type Dimensions, measure } from './check-units.js';
import { findConvolutions, type History, kernelField, type Kernels } from './convolutions.js';
import { findDraws } from './draws.js';
import { parseAssignments, parseExpression } from './parse.js';
import type { Assignment, Expression } from './tree.js';
import { parseUnit } from './units.js';

/** A number, or one with its unit. */
export type Quantity = number | readonly [value: number, unit: string];

/** An initial value: a number or an expression in the parameters, and its unit where the expression does not give it. */
export type InitialValue = number | string | readonly [value: number | string, unit: string];

export interface RefractoryDefinition {
  /** How long [ms]: an expression in the parameters. */
  readonly period: string;
  /** `input` counts as 0 (default), or these state variables stand still. */
  readonly holds?: 'input' | readonly string[];
  /**
   * After a spike at step t the next can be at t + n + 1 (`after`, default), or at t + n (`brian`), where n is the period in steps.
   */
  readonly next?: 'after' | 'brian';
  /** Whether a neuron may spike within it, as one with escape noise does. Default: false. */
  readonly allowsSpikes?: boolean;
}

export interface NeuronDefinition {
  readonly name: string;
  /** What it is, in a line. */
  readonly about?: string;
  /** The publications that it is from. */
  readonly source?: string;
  /** Defaults. */
  readonly parameters?: Readonly<Record<string, Quantity>>;
  /** Weights that `convolve(input, kernel)` and `convolve(spikes, kernel)` give to the last steps, the oldest first: defaults. */
  readonly kernels?: Readonly<Record<string, ArrayLike<number>>>;
  readonly state: Readonly<Record<string, InitialValue>>;
  /** State that a reset between two images keeps. */
  readonly persistent?: readonly string[];
  /** Unit of `input`; not checked if left out. */
  readonly input?: string;
  /**
   * Several inputs instead of the one `input`: their names, or their units by name (`null`: not checked). Connections say which one they
   * add to (`into`), or mean the first.
   */
  readonly inputs?: readonly string[] | Readonly<Record<string, string | null>>;
  /**
   * Assignments of one step, in their order. Besides parameters and state: `dt`, `input` (or the names of `inputs`), `learning`, `spiked` (at the step
   * before), `refractory`.
   */
  readonly step?: string;
  /**
   * Derivatives by state variable [its unit / ms], integrated after `step`, all from the values that it leaves. One of the two must be
   * there.
   */
  readonly derivatives?: Readonly<Record<string, string>>;
  /**
   * How derivatives are integrated: by Euler's method (default), or by the exact solution over a step, for which they must be linear with
   * coefficients that parameters decide; what is no state of theirs counts as constant over the step.
   */
  readonly method?: 'euler' | 'exact';
  /** Condition of a spike, after `step` and derivatives. */
  readonly spike?: string;
  /**
   * State variable that neurons without spikes hand on in every step instead: each connection adds weight · value to its target.
   * Either this or `spike`.
   */
  readonly emit?: string;
  /** Assignments where the neuron spikes. */
  readonly reset?: string;
  /** Assignments that end every step, such as `v = max(v, lowest)`: to state, or to names of their own. */
  readonly end?: string;
  readonly refractory?: RefractoryDefinition;
  /** `one-of-layer`: of the neurons of a layer that may spike in a step one, drawn, does; all of them are reset. */
  readonly select?: Selection;
}

export type Selection = 'one-of-layer' | 'all';

export const selections: readonly Selection[] = ['one-of-layer', 'all'];

/** A checked definition. */
export interface NeuronEquations {
  readonly definition: NeuronDefinition;
  /** Defaults in mV, ms, pA. */
  readonly parameters: ReadonlyMap<string, number>;
  /** One of a parameter's unit in mV, ms and pA. */
  readonly scales: ReadonlyMap<string, number>;
  readonly initial: ReadonlyMap<string, Expression>;
  /** Units by the name of an input; the first is the one that is meant where none is named. */
  readonly inputs: ReadonlyMap<string, string | null>;
  readonly step: readonly Assignment[];
  readonly derivatives: ReadonlyMap<string, Expression>;
  readonly spike: Expression;
  readonly reset: readonly Assignment[];
  readonly end: readonly Assignment[];
  readonly period: Expression | null;
  /** Calls of `uniform()` and `normal()`, in the order of the texts. */
  readonly draws: readonly Draw[];
  /** Defaults. */
  readonly kernels: Kernels;
  /** What is convolved with which kernel. */
  readonly convolutions: readonly (readonly [of: History, kernel: string])[];
}

const names = custom<readonly string[]>(
  'to be a list of state variables',
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
);

const inputNames = list(filledText, { least: 1 });
const inputUnits = record<string | null>(nullable(filledText));

const quantities = record<Quantity>(custom('to be a number, or [number, unit]', () => true));
const initialValues = record<InitialValue>(custom('to be a number or an expression', () => true));

const refractorySchema: Schema<RefractoryDefinition> = {
  period: required(filledText),
  holds: (place, name, value) => (value === 'input' ? value : names(place, name, value)),
  next: oneOf(['after', 'brian']),
  allowsSpikes: flag,
};

const schema: Schema<NeuronDefinition> = {
  name: required(filledText),
  about: filledText,
  source: filledText,
  parameters: quantities,
  kernels: record(kernelField),
  state: required(initialValues),
  persistent: names,
  input: filledText,
  inputs: (place, name, value) => (Array.isArray(value) ? inputNames : inputUnits)(place, name, value),
  step: filledText,
  derivatives: record(filledText),
  method: oneOf(['euler', 'exact']),
  spike: filledText,
  emit: filledText,
  reset: filledText,
  end: filledText,
  refractory: nested(refractorySchema),
  select: oneOf(selections),
};

/** Options that layers have besides parameters. */
const layerOptions = new Set(['shape', 'tcTracePre', 'tcTracePost', 'select']);

/** Names that mean something of their own in equations. */
export const ownNames = ['dt', 'input', 'learning', 'spiked', 'spikes', 'refractory'] as const;

/**
 * Parses and checks a definition.
 *
 * @throws LocusError that names the model, the text, line and column, and what was expected
 */
export function readNeuronDefinition(given: NeuronDefinition): NeuronEquations {
  const definition = readOptions('defineNeuron', schema, given);
  const { name } = definition;
  checkName(name, 'defineNeuron');
  const inputs = readInputs(definition);
  const parameters = new Map<string, number>();
  /** What names mean that are given already. */
  const taken = new Map([...inputs.keys()].map((input) => [input, 'an input']));
  const scales = new Map<string, number>();
  const quantities = [...Object.values(definition.parameters ?? {}), ...Object.values(definition.state)];
  const milliseconds = parseUnit('ms', name).dimension;
  // Where nothing has a unit, `dt` has none either: nothing is checked.
  const isChecked =
    [...inputs.values()].some((unit) => unit !== null) || quantities.some((each) => Array.isArray(each));
  const dimensions = new Map<string, Dimensions>([['dt', isChecked ? milliseconds : 'unknown']]);
  for (const [parameter, quantity] of Object.entries(definition.parameters ?? {})) {
    const place = `${name}.parameters.${parameter}`;
    claim(parameter, taken, place);
    claimOption(parameter, place);
    taken.set(parameter, 'a parameter');
    const { value, scale, dimension } = readQuantity(quantity, place);
    parameters.set(parameter, value);
    scales.set(parameter, scale);
    dimensions.set(parameter, dimension);
  }
  const kernels = new Map(Object.entries(definition.kernels ?? {}));
  for (const kernel of kernels.keys()) {
    const place = `${name}.kernels.${kernel}`;
    claim(kernel, taken, place);
    claimOption(kernel, place);
  }
  const initial = readState(definition, taken, dimensions);
  for (const own of ['learning', 'spiked', 'refractory']) dimensions.set(own, 'number');
  for (const [input, unit] of inputs) {
    dimensions.set(input, unit === null ? 'unknown' : parseUnit(unit, `${name}.${input}`).dimension);
  }
  const step = readAssignments(definition, 'step', taken);
  const afterStep = checkAssignments(step, dimensions, `${name}.step`);
  const derivatives = readDerivatives(definition, afterStep, [...initial.keys()]);
  checkEmission(definition, [...initial.keys()]);
  const spike = parseExpression(definition.spike ?? '0', `${name}.spike`);
  measure(spike, afterStep, `${name}.spike`);
  const reset = readAssignments(definition, 'reset', taken);
  checkAssignments(reset, afterStep, `${name}.reset`);
  const end = readAssignments(definition, 'end', taken);
  checkAssignments(end, afterStep, `${name}.end`);
  const stateNames = [...initial.keys()];
  const stray = reset.find(({ target }) => !initial.has(target));
  if (stray) {
    const { line, column } = stray.at;
    throw unknownName(`${name}.reset (${line}:${column})`, 'state variable', stray.target, stateNames);
  }
  for (const each of definition.persistent ?? []) {
    if (!initial.has(each)) throw unknownName(`${name}.persistent`, 'state variable', each, stateNames);
  }
  const texts: (readonly [clause: string, value: Expression])[] = [
    ...step.map(({ value }) => ['step', value] as const),
    ['spike', spike],
    ...reset.map(({ value }) => ['reset', value] as const),
    ...end.map(({ value }) => ['end', value] as const),
  ];
  return {
    definition,
    parameters,
    scales,
    initial,
    inputs,
    step,
    derivatives,
    spike,
    reset,
    end,
    period: readRefractory(definition, dimensions, stateNames),
    draws: texts.flatMap(([clause, value]) => findDraws(value, `${name}.${clause}`)),
    kernels,
    convolutions: texts.flatMap(([, value]) => findConvolutions(value)),
  };
}

/** The inputs with their units: `input` where the definition names no others. */
function readInputs({ name, input, inputs }: NeuronDefinition): Map<string, string | null> {
  if (inputs === undefined) return new Map([['input', input ?? null]]);
  if (input !== undefined) throw invalidArgument(name, 'input or inputs, not both', { input, inputs });
  const units = Array.isArray(inputs)
    ? (inputs as readonly string[]).map((each) => [each, null] as const)
    : Object.entries(inputs as Readonly<Record<string, string | null>>);
  if (units.length === 0) throw invalidArgument(name, 'at least one of inputs', inputs);
  for (const [each] of units) {
    const place = `${name}.inputs.${each}`;
    if (each === 'input') checkName(each, place);
    else claim(each, new Map(), place);
  }
  return new Map(units);
}

function readState(
  { name, state }: NeuronDefinition,
  taken: ReadonlyMap<string, string>,
  dimensions: Map<string, Dimensions>,
): Map<string, Expression> {
  const initial = new Map<string, Expression>();
  const found = new Map<string, Dimensions>();
  for (const [variable, given] of Object.entries(state)) {
    const place = `${name}.state.${variable}`;
    claim(variable, taken, place);
    const [value, unit] = Array.isArray(given) ? given : [given, undefined];
    if (typeof value !== 'string' && !(typeof value === 'number' && Number.isFinite(value))) {
      throw invalidArgument(place, 'a number or an expression in the parameters', value);
    }
    const expression = parseExpression(String(value), place);
    initial.set(variable, expression);
    const own = measure(expression, dimensions, place);
    const stated = unit === undefined ? own : parseUnit(unit, place).dimension;
    found.set(variable, own === 'number' && unit === undefined ? 'unknown' : stated);
  }
  for (const [variable, dimension] of found) dimensions.set(variable, dimension);
  return initial;
}

function checkEmission(
  { name, spike, emit, reset, refractory, persistent }: NeuronDefinition,
  stateNames: readonly string[],
): void {
  if ((spike === undefined) === (emit === undefined)) {
    throw invalidArgument(name, 'either spike or emit', { spike, emit });
  }
  if (emit === undefined) return;
  if (!stateNames.includes(emit)) throw unknownName(`${name}.emit`, 'state variable', emit, stateNames);
  if (persistent?.includes(emit)) throw invalidArgument(`${name}.emit`, 'state that is not persistent', emit);
  for (const [clause, given] of Object.entries({ reset, refractory })) {
    if (given !== undefined)
      throw invalidArgument(`${name}.${clause}`, 'neurons that spike', `emit: ${emit}`);
  }
}

function readDerivatives(
  { name, step, derivatives = {}, method }: NeuronDefinition,
  dimensions: ReadonlyMap<string, Dimensions>,
  stateNames: readonly string[],
): Map<string, Expression> {
  const found = new Map<string, Expression>();
  for (const [variable, text] of Object.entries(derivatives)) {
    const place = `${name}.derivatives.${variable}`;
    if (!stateNames.includes(variable)) {
      throw unknownName(`${name}.derivatives`, 'state variable', variable, stateNames);
    }
    const expression = parseExpression(text, place);
    const { at } = expression;
    const dt: Expression = { kind: 'name', name: 'dt', at };
    const change: Expression = { kind: 'binary', operator: '*', left: dt, right: expression, at };
    checkAssignments([{ target: variable, value: change, at }], dimensions, place);
    found.set(variable, expression);
  }
  if (step === undefined && found.size === 0) throw invalidArgument(name, 'step or derivatives', undefined);
  if (method !== undefined && found.size === 0)
    throw invalidArgument(name, 'derivatives for a method', method);
  return found;
}

function readAssignments(
  { name, ...clauses }: NeuronDefinition,
  clause: 'step' | 'reset' | 'end',
  taken: ReadonlyMap<string, string>,
): Assignment[] {
  const written = clauses[clause];
  if (written === undefined) return [];
  const place = `${name}.${clause}`;
  const assignments = parseAssignments(written, place);
  for (const { target, at } of assignments) claim(target, taken, `${place} (${at.line}:${at.column})`);
  return assignments;
}

function readRefractory(
  { name, refractory }: NeuronDefinition,
  dimensions: ReadonlyMap<string, Dimensions>,
  stateNames: readonly string[],
): Expression | null {
  if (refractory === undefined) return null;
  const place = `${name}.refractory`;
  const { period, holds = 'input' } = refractory;
  for (const each of holds === 'input' ? [] : holds) {
    if (!stateNames.includes(each)) throw unknownName(`${place}.holds`, 'state variable', each, stateNames);
  }
  const expression = parseExpression(period, `${place}.period`);
  measure(expression, dimensions, `${place}.period`);
  return expression;
}

/** A parameter's default in mV, ms, pA, and one of its unit. */
export function readQuantity(quantity: Quantity, place: string) {
  const [value, unit] = Array.isArray(quantity)
    ? (quantity as [number, string])
    : [quantity as number, undefined];
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw invalidArgument(place, 'a number, or [number, unit]', quantity);
  }
  if (unit === undefined) return { value, scale: 1, dimension: 'unknown' as const };
  const { scale, dimension } = parseUnit(unit, place);
  return { value: value * scale, scale, dimension };
}

/** A name that may be given: it is written as in equations, and means nothing of its own there. */
export function claim(
  name: string,
  taken: ReadonlyMap<string, string>,
  place: string,
  own: readonly string[] = ownNames,
): void {
  checkName(name, place);
  const isOwn = own.includes(name);
  const meaning = isOwn ? 'a name of its own in equations' : taken.get(name);
  if (meaning === undefined) return;
  throw new LocusError('NAME_TAKEN', `${place}: ${name} is ${meaning}; choose another name`);
}

/** A name that layers take as an option. */
function claimOption(name: string, place: string): void {
  if (!layerOptions.has(name)) return;
  throw new LocusError('NAME_TAKEN', `${place}: ${name} is an option of layers; choose another name`);
}

export function checkName(name: string, place: string): void {
  if (/^[A-Za-z_]\w*$/.test(name) && name.length <= 60) return;
  throw invalidArgument(place, 'a name of letters, digits and _, which begins with a letter', name);
}
