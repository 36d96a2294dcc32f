/** What a learning rule is: a pure update of one connection's weights after one step. */
import { custom, type Field } from '../../../options.js';
import type { CompiledRule, RuleContext } from '../../definitions/rule-graph.js';
import type { Reduction } from '../../definitions/rule-passes.js';
import type { FanOut } from '../topology/fan-out.js';

/** Everything a rule may look at, in engine order. */
export interface SynapseStep {
  readonly fanOut: FanOut;
  /** [row, column] weights. */
  readonly weights: Float32Array;
  readonly sourceSpikes: Uint8Array;
  readonly targetSpikes: Uint8Array;
  /** Trace that the source's spikes leave, after this step's spikes. */
  readonly sourceTrace: Float32Array;
  /** Trace that the target's spikes leave, after this step's spikes. */
  readonly targetTrace: Float32Array;
}

/**
 * A learning rule.  A new one is a file beside this one and a line in `index.ts`; it runs on the reference engine at
 * once, and on the engines that have a kernel for its `kernel`.
 */
export interface LearningRule {
  readonly name: string;
  readonly kernel: 'none' | 'post-pre' | 'defined' | (string & {});
  /** Numbers for the kernels: float32. */
  readonly constants: Readonly<Record<string, number>>;
  /** Whether only weights onto targets that have spiked since the image began can change: others need no normalisation. Compiled rules say it of themselves. */
  readonly changesOnlySpikingTargets?: boolean;
  /** Changes `weights`; the connection clamps and masks them afterwards. Absent where `compile` says what a step does. */
  update?(step: SynapseStep): void;
  /**
   * The rule as graphs of operations, for engines that interpret them or emit kernels.
   *
   * @throws LocusError `INVALID_ARGUMENT` for parameters that do not fit the connection
   */
  compile?(context: RuleContext): CompiledRule;
  /** What the images of a minibatch make of a weight: the mean of their changes (default), or the sum. */
  readonly reduction?: Reduction;
  /** A step of several images at once, which share `weights`: what minibatches run where a rule has no equations. */
  updateTogether?(steps: readonly SynapseStep[]): void;
  /** The rule as equations, which minibatches run, and double precision where `update` computes in float32. */
  equations?(): LearningRule;
  /** What its class was given, enough to make it again; absent: no description of a network can hold it. */
  readonly options?: object;
}

export const ruleField: Field<LearningRule> = custom(
  'to be a learning rule, such as new PostPre({ nu: [1e-4, 1e-2] })',
  (value) => {
    const { name, kernel, constants, update, compile } = (value ?? {}) as Partial<LearningRule>;
    return (
      typeof name === 'string' &&
      typeof kernel === 'string' &&
      typeof constants === 'object' &&
      (typeof update === 'function' || typeof compile === 'function')
    );
  },
);
