/** What definitions of learning rules and of synapse models are read with: names that mean one thing, parameters, state, assignments. */
import { invalidArgument, LocusError } from '../../errors.js';
import { checkAssignments, type Dimensions, measure } from './check-units.js';
import { claim, type InitialValue, type Quantity, readQuantity } from './neuron-definition.js';
import { parseAssignments, parseExpression } from './parse.js';
import { type Assignment, type Expression, findCalls, type FunctionName } from './tree.js';
import { parseUnit } from './units.js';

/** Functions that equations may not call, and why. */
export interface RefusedCalls {
  readonly names: readonly FunctionName[];
  /** `is a function of neuron models; a learning rule has none` */
  readonly reason: string;
}

/** @throws LocusError naming line and column of a call that is refused */
export function refuseCalls(expression: Expression, place: string, { names, reason }: RefusedCalls): void {
  const found = findCalls(expression).find(({ name }) => names.includes(name));
  if (!found) return;
  const { name, at } = found;
  throw new LocusError('INVALID_ARGUMENT', `${place} (${at.line}:${at.column}): ${name}() ${reason}`);
}

interface Reading {
  /** Of the definition. */
  readonly name: string;
  /** Names that mean something of their own in its equations. */
  readonly own: readonly string[];
  /** Of what has none of its own: whether units are checked. */
  readonly isChecked: boolean;
  /** In initial values. */
  readonly refused: RefusedCalls;
}

export class DefinitionReader {
  /** Dimensions of the names so far. */
  readonly dimensions: Map<string, Dimensions>;
  readonly #taken = new Map<string, string>();
  readonly #reading: Reading;

  constructor(reading: Reading) {
    this.#reading = reading;
    const milliseconds = parseUnit('ms', reading.name).dimension;
    this.dimensions = new Map([['dt', reading.isChecked ? milliseconds : 'unknown']]);
  }

  /** All names with a meaning, those of the definition's own included. */
  get names(): string[] {
    return [...this.#taken.keys(), ...this.#reading.own];
  }

  /** Gives a name its meaning. @throws LocusError `NAME_TAKEN` */
  take(name: string, place: string, dimension: Dimensions, meaning: string): void {
    claim(name, this.#taken, place, this.#reading.own);
    this.#taken.set(name, meaning);
    this.dimensions.set(name, dimension);
  }

  /** Gives the names that equations give state of neurons their meaning. */
  takeNeurons(neurons: Readonly<Record<string, unknown>> = {}): void {
    for (const variable of Object.keys(neurons))
      this.take(variable, `${this.#reading.name}.neurons.${variable}`, 'unknown', 'state of neurons');
  }

  /** Defaults in mV, ms, pA, and one of each unit. */
  readParameters(quantities: Readonly<Record<string, Quantity>> = {}) {
    const parameters = new Map<string, number>();
    const scales = new Map<string, number>();
    for (const [parameter, quantity] of Object.entries(quantities)) {
      const place = `${this.#reading.name}.parameters.${parameter}`;
      const { value, scale, dimension } = readQuantity(quantity, place);
      this.take(parameter, place, dimension, 'a parameter');
      parameters.set(parameter, value);
      scales.set(parameter, scale);
    }
    return { parameters, scales };
  }

  /** @param field of the definition, which names it in errors */
  readState(
    given: Readonly<Record<string, InitialValue>> = {},
    field: string,
    meaning: string,
  ): Map<string, Expression> {
    return new Map(
      Object.entries(given).map(([variable, initial]) => {
        const place = `${this.#reading.name}.${field}.${variable}`;
        const [value, unit] = Array.isArray(initial) ? initial : [initial, undefined];
        if (typeof value !== 'string' && !(typeof value === 'number' && Number.isFinite(value))) {
          throw invalidArgument(place, 'a number or an expression in the parameters', value);
        }
        const expression = this.readExpression(String(value), place);
        const found = measure(expression, this.dimensions, place);
        const stated = unit === undefined ? found : parseUnit(unit, place).dimension;
        this.take(variable, place, found === 'number' && unit === undefined ? 'unknown' : stated, meaning);
        return [variable, expression];
      }),
    );
  }

  /** An expression in the parameters. */
  readExpression(text: string, place: string): Expression {
    const expression = parseExpression(text, place);
    refuseCalls(expression, place, this.#reading.refused);
    return expression;
  }

  /**
   * Assignments to the variables, or to new names.
   *
   * @param expectation of what they are to, in errors
   * @returns them, and the dimensions of names after them
   */
  readAssignments(
    text: string | undefined,
    clause: string,
    variables: readonly string[],
    { refused, expectation }: { readonly refused: RefusedCalls; readonly expectation: string },
  ): { readonly assignments: readonly Assignment[]; readonly dimensions: ReadonlyMap<string, Dimensions> } {
    if (text === undefined) return { assignments: [], dimensions: this.dimensions };
    const place = `${this.#reading.name}.${clause}`;
    const assignments = parseAssignments(text, place);
    const fixed = new Set(this.names);
    for (const variable of variables) fixed.delete(variable);
    for (const { target, value, at } of assignments) {
      refuseCalls(value, place, refused);
      if (fixed.has(target)) throw invalidArgument(`${place} (${at.line}:${at.column})`, expectation, target);
    }
    return { assignments, dimensions: checkAssignments(assignments, this.dimensions, place) };
  }
}
