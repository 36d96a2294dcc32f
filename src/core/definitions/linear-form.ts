/** Reads an equation as a linear one: its coefficients of the variables, and the rest. */
import { LocusError } from '../../errors.js';
import { apply, build, type Graph, type Known, type Meaning } from './graph.js';
import { type Expression, mentions, type Place } from './tree.js';

/** Σ coefficient · variable + rest; what is not there is 0. */
export interface LinearForm {
  readonly coefficients: ReadonlyMap<string, Known>;
  readonly rest: Meaning | null;
}

export interface LinearContext {
  readonly graph: Graph;
  readonly meanings: ReadonlyMap<string, Meaning>;
  readonly variables: ReadonlySet<string>;
  /** Names of a step that depend on the variables. */
  readonly dependent: ReadonlySet<string>;
  /** Names the text in errors. */
  readonly place: string;
}

/** @throws LocusError naming the place of what is not linear, or of a coefficient that is not known before the run */
export function readLinearForm(expression: Expression, context: LinearContext): LinearForm {
  const { graph, meanings, variables, dependent, place } = context;
  const read = (part: Expression) => readLinearForm(part, context);
  const refuse = (at: Place, expectation: string) =>
    new LocusError(
      'INVALID_ARGUMENT',
      `${place} (${at.line}:${at.column}): expected ${expectation}, because the method is exact`,
    );
  if (!mentions(expression, variables) && !mentions(expression, dependent)) {
    return { coefficients: new Map(), rest: build(graph, expression, meanings, place) };
  }
  const linear = () => refuse(expression.at, `an equation linear in ${[...variables].join(', ')}`);
  switch (expression.kind) {
    case 'name':
      if (variables.has(expression.name))
        return { coefficients: new Map([[expression.name, 1]]), rest: null };
      throw refuse(
        expression.at,
        `no name that depends on ${[...variables].join(', ')}: write out ${expression.name}`,
      );
    case 'unary':
      if (expression.operator !== '-') throw linear();
      return scale(read(expression.operand), '*', { known: -1 });
    case 'choice': {
      const test =
        mentions(expression.test, variables) || mentions(expression.test, dependent)
          ? null
          : build(graph, expression.test, meanings, place);
      if (!test || !('known' in test) || typeof test.known !== 'number') {
        throw refuse(expression.at, 'a condition that is the same for all neurons and known before the run');
      }
      return read(test.known === 0 ? expression.no : expression.yes);
    }
    case 'binary': {
      const { operator } = expression;
      if (operator === '+' || operator === '-') {
        return add(read(expression.left), operator, read(expression.right));
      }
      if (operator !== '*' && operator !== '/') throw linear();
      const [left, right] = [read(expression.left), read(expression.right)];
      if (right.coefficients.size === 0) return scale(left, operator, right.rest as Meaning);
      if (operator === '/' || left.coefficients.size > 0) throw linear();
      return scale(right, operator, left.rest as Meaning);
    }
    default:
      throw linear();
  }

  function scale({ coefficients, rest }: LinearForm, operator: '*' | '/', factor: Meaning): LinearForm {
    const scaled = [...coefficients].map(([variable, coefficient]): [string, Known] => {
      const found = apply(graph, operator, [{ known: coefficient }, factor]);
      if (!('known' in found)) {
        throw refuse(expression.at, `a coefficient of ${variable} that parameters and dt decide`);
      }
      return [variable, found.known];
    });
    return { coefficients: new Map(scaled), rest: rest && apply(graph, operator, [rest, factor]) };
  }

  function add(left: LinearForm, operator: '+' | '-', right: LinearForm): LinearForm {
    const coefficients = new Map(left.coefficients);
    for (const [variable, coefficient] of right.coefficients) {
      const sum = apply(graph, operator, [
        { known: coefficients.get(variable) ?? 0 },
        { known: coefficient },
      ]);
      coefficients.set(variable, (sum as { known: Known }).known);
    }
    if (!right.rest) return { coefficients, rest: left.rest };
    return { coefficients, rest: apply(graph, operator, [left.rest ?? { known: 0 }, right.rest]) };
  }
}
