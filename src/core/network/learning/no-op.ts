/** No learning: the weights stay. */
import type { LearningRule } from './learning-rule.js';

export class NoOp implements LearningRule {
  readonly name = 'NoOp';
  readonly kernel = 'none';
  readonly constants = {};
  readonly options = {};
  readonly changesOnlySpikingTargets = true;
  update(): void {}
}
