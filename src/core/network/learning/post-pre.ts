/**
 * Pair-based STDP: a spike of the source lowers the weight by the target's trace, a spike of the target raises it by the
 * source's trace.  Negative amplitudes turn it into anti-STDP (trained competition).
 *
 * w ← w − nuPre · s_source · x_target;  w ← w + nuPost · x_source · s_target;  w ← w − weightDecay;
 * w ← (1 − relativeWeightDecay) · w
 */
import { custom, isObject, number, readOptions, required, type Schema } from '../../../options.js';
import {
  defineRuleOnShelf,
  reductionField,
  type RuleParameterValue,
  type TraceOptions,
} from '../../definitions/define-rule.js';
import type { CompiledRule, RuleContext } from '../../definitions/rule-graph.js';
import type { Reduction } from '../../definitions/rule-passes.js';
import type { LearningRule, SynapseStep } from './learning-rule.js';

const { fround } = Math;

export interface PostPreParameters {
  /** Amplitudes [nuPre, nuPost], of a source's and of a target's spike: each one for all weights, or one for every weight. */
  nu: readonly [RuleParameterValue, RuleParameterValue];
  /** Subtracted from every weight in every step. Default: 0. */
  weightDecay?: number;
  /** Share of every weight that it loses in every step. Default: 0. */
  relativeWeightDecay?: number;
  /** Other traces than the layers', such as `{ sourceTrace: { mode: 'add' } }`. */
  traces?: Readonly<Partial<Record<'sourceTrace' | 'targetTrace', TraceOptions>>>;
  /** What the images of a minibatch make of a weight: the mean of their changes (default), or the sum. */
  reduction?: Reduction;
}

const schema: Schema<PostPreParameters> = {
  nu: required(
    custom(
      '= [nuPre, nuPost], two finite numbers, or lists of one for every weight',
      (value) => Array.isArray(value) && value.length === 2 && value.every(isRate),
    ),
  ),
  weightDecay: number(),
  relativeWeightDecay: number({ least: 0, most: 1 }),
  // Their names and values are checked by the equations.
  traces: custom('to be an object of traces', isObject),
  reduction: reductionField,
};

function isRate(value: unknown): boolean {
  const isList = Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array;
  return Number.isFinite(value) || (isList && Array.from<unknown>(value).every(Number.isFinite));
}

/** The rule as equations, which say the same to the bit; they run where there is no kernel for an option. */
const Equations = defineRuleOnShelf({
  name: 'PostPre',
  about: 'pair STDP: a spike of the source lowers the weight, a spike of the target raises it',
  source:
    'Song, Miller & Abbott, Competitive Hebbian learning through spike-timing-dependent synaptic plasticity, Nature Neuroscience 3 (2000); BindsNET, PostPre',
  parameters: { nuPre: 1e-4, nuPost: 1e-2, weightDecay: 0, relativeWeightDecay: 0 },
  traces: { sourceTrace: { of: 'source' }, targetTrace: { of: 'target' } },
  onSource: 'w -= nuPre * targetTrace',
  onTarget: 'w += nuPost * sourceTrace',
  end: 'w -= weightDecay; w *= 1 - relativeWeightDecay',
});

export class PostPre implements LearningRule {
  static readonly definition = Equations.definition;
  readonly name = 'PostPre';
  readonly kernel: 'post-pre' | 'defined';
  readonly constants: { readonly nuPre: number; readonly nuPost: number; readonly weightDecay: number };
  readonly changesOnlySpikingTargets: boolean;
  readonly reduction: Reduction;
  readonly compile?: (context: RuleContext) => CompiledRule;
  readonly equations: () => LearningRule;
  readonly options: PostPreParameters;

  constructor(parameters: PostPreParameters) {
    const given = readOptions('PostPre', schema, parameters);
    this.options = given;
    const { nu, weightDecay = 0, relativeWeightDecay = 0, traces, reduction = 'mean' } = given;
    this.reduction = reduction;
    const [nuPre, nuPost] = nu;
    const [forAllPre, forAllPost] = nu.map((rate) => (typeof rate === 'number' ? rate : 0));
    const isPlain = relativeWeightDecay === 0 && traces === undefined;
    this.kernel = isPlain && nu.every((rate) => typeof rate === 'number') ? 'post-pre' : 'defined';
    this.equations = () =>
      new Equations({ nuPre, nuPost, weightDecay, relativeWeightDecay, traces, reduction });
    if (this.kernel === 'defined') {
      const equations = this.equations();
      this.compile = (context) => equations.compile?.(context) as CompiledRule;
    }
    this.constants = {
      nuPre: fround(forAllPre),
      nuPost: fround(forAllPost),
      weightDecay: fround(weightDecay),
    };
    this.changesOnlySpikingTargets = this.constants.weightDecay === 0;
  }

  update({ fanOut, weights, sourceSpikes, targetSpikes, sourceTrace, targetTrace }: SynapseStep): void {
    const { nuPre, nuPost, weightDecay } = this.constants;
    const { start, row, target, rowLength } = fanOut;
    for (let i = 0; i < sourceSpikes.length; i++) {
      if (!sourceSpikes[i]) continue;
      for (let e = start[i]; e < start[i + 1]; e++) {
        for (let k = 0; k < rowLength; k++) {
          const w = row[e] * rowLength + k;
          weights[w] = fround(weights[w] - fround(nuPre * targetTrace[target[e] + k]));
        }
      }
    }
    if (targetSpikes.includes(1)) {
      for (let i = 0; i < sourceSpikes.length; i++) {
        for (let e = start[i]; e < start[i + 1]; e++) {
          for (let k = 0; k < rowLength; k++) {
            if (!targetSpikes[target[e] + k]) continue;
            const w = row[e] * rowLength + k;
            weights[w] = fround(weights[w] + fround(nuPost * sourceTrace[i]));
          }
        }
      }
    }
    if (weightDecay !== 0) {
      for (let w = 0; w < weights.length; w++) weights[w] = fround(weights[w] - weightDecay);
    }
  }
}
