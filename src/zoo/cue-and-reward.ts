/** A small task that is learned from rewards alone: each cue asks for an action, and a reward says later whether it was the right one. */
import { poisson } from '../core/encoding/index.js';
import { Monitor } from '../core/network/monitors.js';
import { Network } from '../core/network/network.js';
import { Input, LIF } from '../core/network/nodes/index.js';
import { Connection, LateralCompetition } from '../core/network/topology/index.js';
import { MSTDPET } from '../core/rules/index.js';
import { count, flag, number, readOptions, type Schema } from '../options.js';
import { ofNetwork, type ZooParameters, zooSchema } from './zoo-options.js';

export interface CueAndRewardParameters extends ZooParameters {
  /** Cues, and actions to answer them with. Default: 3. */
  nCues?: number;
  /** Inputs that speak for a cue. Default: 20. */
  nInputs?: number;
  /** Learning rate of MSTDPET. Default: 0.3. */
  nu?: number;
}

const schema: Schema<CueAndRewardParameters> = {
  ...zooSchema,
  nCues: count({ least: 2 }),
  nInputs: count(),
  nu: number(),
};

export interface TrialOptions {
  /** Whether the network learns from it. Default: true. */
  learn?: boolean;
}

const trialSchema: Schema<TrialOptions> = { learn: flag };

/**
 * Input `X`, `nInputs` for every cue, onto neurons `Y`, one for every action, which inhibit each other; the weights learn by MSTDPET.
 * Source: Florian, Reinforcement learning through modulation of spike-timing-dependent synaptic plasticity, Neural Computation 19 (2007), for
 * the rule; the task is the plainest that needs its eligibility trace, because the cue is over when the reward comes.
 */
export class CueAndReward extends Network {
  readonly nCues: number;
  readonly #nInputs: number;
  readonly #spikes = new Monitor({ variables: ['spikes'] });
  #trial = 0;

  /** @throws LocusError for an option that there is not, or a wrong value */
  constructor(parameters: CueAndRewardParameters = {}) {
    const options = readOptions('CueAndReward', schema, parameters);
    const { nCues = 3, nInputs = 20, nu = 0.3 } = options;
    super(ofNetwork(options));
    const w = { uniform: [1, 2] } as const;
    this.nCues = nCues;
    this.#nInputs = nInputs;
    this.addLayer('X', new Input({ shape: [nCues, 1, nInputs] }))
      .addLayer('Y', new LIF({ shape: nCues, tcDecay: 20 }))
      .addConnection('X', 'Y', new Connection({ w, wMin: 0, wMax: 4, rule: new MSTDPET({ nu }) }))
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -20, among: 'layer' }))
      .addMonitor('Y', this.#spikes);
  }

  /**
   * Shows a cue for 50 steps, in which the action that spikes most is taken (the first of several), and 10 steps later gives a reward of 1 for
   * the action of the cue's number, or of −1, for 10 steps.
   *
   * @returns the action
   */
  async trial(cue: number, options: TrialOptions = {}): Promise<number> {
    const { learn = true } = readOptions('CueAndReward.trial', trialSchema, options);
    count({ least: 0, most: this.nCues - 1 })('CueAndReward.trial', 'cue', cue);
    const shown = Array.from({ length: this.nCues * this.#nInputs }, (_, i) =>
      Math.floor(i / this.#nInputs) === cue ? 1 : 0,
    );
    const { dt, seed } = this;
    const X = poisson(shown, { time: 50, dt, intensity: 100, seed, item: this.#trial++ });
    this.resetState();
    this.#spikes.reset();
    await this.run({ X }, { learn, signals: { reward: 0 } });
    const spikes = Array.from({ length: this.nCues }, () => 0);
    this.#spikes.get('spikes').data.forEach((spike, at) => {
      spikes[at % this.nCues] += spike;
    });
    const action = spikes.indexOf(Math.max(...spikes));
    const reward = action === cue ? 1 : -1;
    const silence = poisson(shown.fill(0), { time: 20, dt });
    await this.run({ X: silence }, { learn, signals: { reward: (t: number) => (t < 10 ? 0 : reward) } });
    return action;
  }
}
