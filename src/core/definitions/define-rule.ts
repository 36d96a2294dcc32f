/** Makes a class of learning rules of a definition. */
import { invalidArgument } from '../../errors.js';
import { type Field, nested, number, oneOf, readOptions, type Schema } from '../../options.js';
import type { LearningRule } from '../network/learning/learning-rule.js';
import { timeConstant } from '../network/nodes/neuron-model.js';
import type { Known } from './graph.js';
import { numberOrList } from './parameter-values.js';
import { type RuleDefinition, type RuleEquations, readRuleDefinition } from './rule-definition.js';
import { type CompiledRule, compileRule, type RuleContext } from './rule-graph.js';
import type { Reduction } from './rule-passes.js';

/** A parameter of a rule: a number in the unit of the definition, or one for every weight in published order. */
export type RuleParameterValue = number | readonly number[] | Float32Array | Float64Array;

/** How a trace differs from its definition. */
export interface TraceOptions {
  /** Time constant [ms]. */
  readonly tc?: number;
  readonly mode?: 'set' | 'add';
  readonly scale?: number;
}

/** Parameters by the names of the definition, and options of every rule. */
export type DefinedRuleParameters = Readonly<Record<string, unknown>> & {
  /** How traces differ, by their names. */
  readonly traces?: Readonly<Partial<Record<string, TraceOptions>>>;
  /** What the images of a minibatch make of a weight: the mean of their changes (default), or the sum. */
  readonly reduction?: Reduction;
};

export const reductionField: Field<Reduction> = oneOf(['mean', 'sum']);

/** A rule from its equations. */
export interface DefinedLearningRule extends LearningRule {
  /** As they were given, in the units of the definition. */
  readonly options: DefinedRuleParameters;
  /** Values in mV, ms, pA, as they were given: of every weight in published order. */
  readonly parameters: ReadonlyMap<string, Known>;
}

export interface DefinedRule {
  new (parameters?: DefinedRuleParameters): DefinedLearningRule;
  readonly definition: RuleDefinition;
}

/**
 * A learning rule from its equations, for the option `rule` of connections; every engine runs it, the GPU engine one image at a time.
 *
 * @example
 * const Hebbian = defineRule({
 *   name: 'Hebbian', parameters: { nu: 1e-3 }, traces: { x: { of: 'source' } }, onTarget: 'w += nu * x',
 * });
 * network.addConnection('X', 'Y', new Connection({ rule: new Hebbian({ nu: 1e-2 }) }));
 * @throws LocusError that names the text, line and column, and what was expected
 */
export function defineRule(given: RuleDefinition): DefinedRule {
  const rule = readRule(given);
  return makeClass(rule.equations.definition, () => rule);
}

/** A rule of the shelf: its texts are read when the first one is made. */
export function defineRuleOnShelf(definition: RuleDefinition): DefinedRule {
  let rule: ReadRule | undefined;
  return makeClass(definition, () => (rule ??= readRule(definition)));
}

interface ReadRule {
  readonly equations: RuleEquations;
  readonly schema: Schema<DefinedRuleParameters>;
}

const anyContext: Omit<RuleContext, 'engineIndex' | 'size'> = {
  dt: 1,
  wMin: 0,
  wMax: 1,
  tcSource: 20,
  tcTarget: 20,
};

function readRule(given: RuleDefinition): ReadRule {
  const equations = readRuleDefinition(given);
  // Reads every name of every text once, so that an unknown one is an error here and not in a network.
  compileRule(equations, equations.parameters, anyContext);
  const traceSchema: Schema<TraceOptions> = {
    tc: timeConstant,
    mode: oneOf(['set', 'add']),
    scale: number(),
  };
  const traces = Object.fromEntries(
    [...equations.traces.keys()].map((trace) => [trace, nested(traceSchema)]),
  );
  const schema = {
    ...Object.fromEntries([...equations.parameters.keys()].map((parameter) => [parameter, parameterField])),
    traces: nested(traces as Schema<object>),
    reduction: reductionField,
  } as unknown as Schema<DefinedRuleParameters>;
  return { equations, schema };
}

const parameterField = numberOrList('weight');

function makeClass(definition: RuleDefinition, read: () => ReadRule): DefinedRule {
  const { name } = definition;
  return class implements DefinedLearningRule {
    static readonly definition = definition;
    static readonly definitionKind = 'rule';
    readonly options: DefinedRuleParameters;
    readonly name = name;
    readonly kernel = 'defined';
    readonly constants = {};
    readonly parameters: ReadonlyMap<string, Known>;
    readonly reduction: Reduction;
    readonly #equations: RuleEquations;

    constructor(given: DefinedRuleParameters = {}) {
      const { equations, schema } = read();
      this.options = readOptions(name, schema, given);
      const { traces = {}, reduction = 'mean', ...values } = this.options;
      this.reduction = reduction;
      this.#equations = withTraces(equations, traces);
      this.parameters = new Map(
        [...equations.parameters].map(([parameter, value]): [string, Known] => {
          const chosen = values[parameter] as RuleParameterValue | undefined;
          const scale = equations.scales.get(parameter) ?? 1;
          if (chosen === undefined) return [parameter, value];
          return [
            parameter,
            typeof chosen === 'number' ? chosen * scale : Float64Array.from(chosen, (each) => each * scale),
          ];
        }),
      );
    }

    compile({ engineIndex, size, ...context }: RuleContext): CompiledRule {
      const inOrder = new Map(
        [...this.parameters].map(([parameter, value]): [string, Known] => {
          if (typeof value === 'number') return [parameter, value];
          if (value.length !== engineIndex.length) {
            throw invalidArgument(
              name,
              `${parameter} of ${engineIndex.length} weights, or one number`,
              value.length,
            );
          }
          const engine = new Float64Array(size);
          engineIndex.forEach((at, weight) => {
            engine[at] = value[weight];
          });
          return [parameter, engine];
        }),
      );
      return compileRule(this.#equations, inOrder, context, this.reduction);
    }
  };
}

/** The equations with other time constants, modes and scales of their traces. */
function withTraces(
  equations: RuleEquations,
  options: Readonly<Partial<Record<string, TraceOptions>>>,
): RuleEquations {
  const known = (value: number) => ({ kind: 'number', value, at: { line: 1, column: 1 } }) as const;
  const traces = new Map(
    [...equations.traces].map(([trace, before]) => {
      const { tc, mode, scale } = options[trace] ?? {};
      return [
        trace,
        {
          ...before,
          mode: mode ?? before.mode,
          tcExpression: tc === undefined ? before.tcExpression : known(tc),
          scaleExpression: scale === undefined ? before.scaleExpression : known(scale),
        },
      ];
    }),
  );
  return { ...equations, traces };
}
