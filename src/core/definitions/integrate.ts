/** State at the end of a step from derivatives: by Euler's method, or by the exact solution of a linear system. */
import { apply, build, choose, type Graph, type Known, type Meaning } from './graph.js';
import { readLinearForm } from './linear-form.js';
import { solveLinear } from './matrix-exponential.js';
import type { NeuronEquations } from './neuron-definition.js';
import { mentions } from './tree.js';

export interface Integration {
  readonly graph: Graph;
  /** What names stand for after the assignments of the step. */
  readonly meanings: ReadonlyMap<string, Meaning>;
  readonly dt: number;
  /** Where the state that the refractory period holds stands still. */
  readonly isRefractory: Meaning;
}

/** What every variable with a derivative becomes; those that the refractory period holds as if it did not. */
export function integrate(equations: NeuronEquations, integration: Integration): Map<string, Meaning> {
  const { definition, derivatives } = equations;
  if (definition.method === 'exact') return solve(equations, integration);
  const { graph, meanings, dt } = integration;
  return new Map(
    [...derivatives].map(([variable, expression]) => {
      const slope = build(graph, expression, meanings, `${definition.name}.derivatives.${variable}`);
      const change = apply(graph, '*', [{ known: dt }, slope]);
      return [variable, apply(graph, '+', [meanings.get(variable) as Meaning, change])];
    }),
  );
}

/** A x + b: coefficients [row][column] and rests, in the order of the derivatives. */
interface LinearSystem {
  readonly variables: readonly string[];
  readonly coefficients: readonly (readonly Known[])[];
  readonly rests: readonly (Meaning | null)[];
}

function solve(equations: NeuronEquations, integration: Integration): Map<string, Meaning> {
  const { graph, isRefractory } = integration;
  const system = readSystem(equations, integration);
  const { variables, coefficients, rests } = system;
  const free = advance(system, integration);
  const { holds = 'input' } = equations.definition.refractory ?? {};
  const isHeld = variables.map((variable) => holds !== 'input' && holds.includes(variable));
  // Where one that stands still drives another, the other's solution is another in the refractory period.
  const isDriven = coefficients.some(
    (row, i) => !isHeld[i] && row.some((rate, j) => isHeld[j] && !isZero(rate)),
  );
  if (!isDriven) return new Map(variables.map((variable, i) => [variable, free[i]]));
  const held = advance(
    {
      variables,
      coefficients: coefficients.map((row, i) => (isHeld[i] ? row.map(() => 0) : row)),
      rests: rests.map((rest, i) => (isHeld[i] ? null : rest)),
    },
    integration,
  );
  return new Map(
    variables.map((variable, i) => [
      variable,
      isHeld[i] ? free[i] : choose(graph, isRefractory, held[i], free[i]),
    ]),
  );
}

function readSystem(
  { definition, derivatives, step }: NeuronEquations,
  integration: Integration,
): LinearSystem {
  const variables = [...derivatives.keys()];
  const known = new Set(variables);
  const dependent = new Set<string>();
  for (const { target, value } of step) {
    if (known.has(target)) continue;
    if (mentions(value, known) || mentions(value, dependent)) dependent.add(target);
    else dependent.delete(target);
  }
  const forms = [...derivatives].map(([variable, expression]) =>
    readLinearForm(expression, {
      ...integration,
      variables: known,
      dependent,
      place: `${definition.name}.derivatives.${variable}`,
    }),
  );
  return {
    variables,
    coefficients: forms.map((form) => variables.map((variable) => form.coefficients.get(variable) ?? 0)),
    rests: forms.map(({ rest }) => rest),
  };
}

/** The exact solution after `dt`: Σ E x + Σ F b, the terms in the order of the variables, those that are known first. */
function advance(
  { variables, coefficients, rests }: LinearSystem,
  { graph, meanings, dt }: Integration,
): Meaning[] {
  const n = variables.length;
  const { E, F } = solveForAll(coefficients, dt);
  return variables.map((_, row) => {
    const products = [
      ...rests.flatMap((rest, column) => (rest ? [{ factor: F[row * n + column], of: rest }] : [])),
      ...variables.map((variable, column) => ({
        factor: E[row * n + column],
        of: meanings.get(variable) as Meaning,
      })),
    ]
      .filter(({ factor }) => !isZero(factor))
      .map(({ factor, of }) => apply(graph, '*', [{ known: factor }, of]));
    const inOrder = [
      ...products.filter((product) => 'known' in product),
      ...products.filter((product) => !('known' in product)),
    ];
    return inOrder.length === 0
      ? { known: 0 }
      : inOrder.reduce((sum, product) => apply(graph, '+', [sum, product]));
  });
}

/** E and F, each entry one value or one for every neuron. */
function solveForAll(coefficients: readonly (readonly Known[])[], dt: number): { E: Known[]; F: Known[] } {
  const n = coefficients.length;
  const flat = coefficients.flat();
  const size = flat.reduce<number>((most, each) => (typeof each === 'number' ? most : each.length), 0);
  const at = (neuron: number) =>
    Float64Array.from(flat, (each) => (typeof each === 'number' ? each : each[neuron]));
  const solutions = Array.from({ length: Math.max(1, size) }, (_, neuron) => solveLinear(at(neuron), n, dt));
  const collect = (of: 'E' | 'F'): Known[] =>
    flat.map((_, entry) =>
      size === 0 ? solutions[0][of][entry] : Float64Array.from(solutions, (solution) => solution[of][entry]),
    );
  return { E: collect('E'), F: collect('F') };
}

function isZero(value: Known): boolean {
  return typeof value === 'number' ? value === 0 : value.every((each) => each === 0);
}
