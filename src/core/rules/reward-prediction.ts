/** What a reward is worth beyond what was expected: its difference from a moving average over episodes. */
import { count, number, readOptions, type Schema } from '../../options.js';

export interface RewardPredictionParameters {
  /** Episodes that the average covers: an episode enters with the weight 1 / window. Default: 10. */
  window?: number;
}

const schema: Schema<RewardPredictionParameters> = { window: number({ least: 1 }) };

const finite = number();
const steps = count({ unit: 'steps' });

/**
 * The reward-prediction error by a moving average, to be given as the signal `reward` of a rule.
 * Source: BindsNET, `MovingAvgRPE`.
 */
export class RewardPrediction {
  /** Expected reward of a step. */
  perStep = 0;
  /** Expected reward of an episode. */
  perEpisode = 0;
  readonly #share: number;

  constructor(parameters: RewardPredictionParameters = {}) {
    const { window = 10 } = readOptions('RewardPrediction', schema, parameters);
    this.#share = 1 / window;
  }

  /** How far a step's reward lies above its expectation. */
  error(reward: number): number {
    return finite('RewardPrediction.error', 'reward', reward) - this.perStep;
  }

  /**
   * Lets an episode enter the averages.
   *
   * @param accumulated sum of its rewards
   * @param length its steps
   */
  update(accumulated: number, length: number): void {
    finite('RewardPrediction.update', 'accumulated', accumulated);
    steps('RewardPrediction.update', 'length', length);
    this.perStep = (1 - this.#share) * this.perStep + this.#share * (accumulated / length);
    this.perEpisode = (1 - this.#share) * this.perEpisode + this.#share * accumulated;
  }
}
