/**
 * Pair-based STDP: a spike of the source lowers the weight by the target's trace, a spike of the target raises it by the
 * source's trace.  Negative amplitudes turn it into anti-STDP (trained competition).
 *
 * w ← w − nuPre · s_source · x_target;  w ← w + nuPost · x_source · s_target;  w ← w − weightDecay
 */
import { custom, number, readOptions, required, type Schema } from '../../../options.js';
import type { LearningRule, SynapseStep } from './learning-rule.js';

const { fround } = Math;

export interface PostPreParameters {
  /** Amplitudes [nuPre, nuPost], of a source's and of a target's spike. */
  nu: readonly [number, number];
  /** Subtracted from every weight in every step. Default: 0. */
  weightDecay?: number;
}

const schema: Schema<PostPreParameters> = {
  nu: required(
    custom(
      '= [nuPre, nuPost], two finite numbers',
      (value) => Array.isArray(value) && value.length === 2 && value.every(Number.isFinite),
    ),
  ),
  weightDecay: number(),
};

export class PostPre implements LearningRule {
  readonly name = 'PostPre';
  readonly kernel = 'post-pre';
  readonly constants: { readonly nuPre: number; readonly nuPost: number; readonly weightDecay: number };
  readonly changesOnlySpikingTargets: boolean;

  constructor(parameters: PostPreParameters) {
    const { nu, weightDecay = 0 } = readOptions('PostPre', schema, parameters);
    this.constants = { nuPre: fround(nu[0]), nuPost: fround(nu[1]), weightDecay: fround(weightDecay) };
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
  updateTogether(steps: readonly SynapseStep[]): void {
    const { nuPre, nuPost, weightDecay } = this.constants;
    const [{ fanOut, weights }] = steps;
    const { start, row, target, rowLength } = fanOut;
    const share = fround(1 / steps.length);
    const visit = (change: (i: number, w: number, j: number) => void) => {
      for (let i = 0; i + 1 < start.length; i++) {
        for (let e = start[i]; e < start[i + 1]; e++) {
          for (let k = 0; k < rowLength; k++) change(i, row[e] * rowLength + k, target[e] + k);
        }
      }
    };
    visit((i, w, j) => {
      let sum = 0;
      for (const { sourceSpikes, targetTrace } of steps) {
        if (sourceSpikes[i]) sum = fround(sum + fround(nuPre * targetTrace[j]));
      }
      weights[w] = fround(weights[w] - fround(sum * share));
    });
    visit((i, w, j) => {
      let sum = 0;
      for (const { targetSpikes, sourceTrace } of steps) {
        if (targetSpikes[j]) sum = fround(sum + fround(nuPost * sourceTrace[i]));
      }
      weights[w] = fround(weights[w] + fround(sum * share));
    });
    if (weightDecay === 0) return;
    for (let w = 0; w < weights.length; w++) weights[w] = fround(weights[w] - weightDecay);
  }
}
