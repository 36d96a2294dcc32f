/** R-max: a reward-modulated rule for neurons with escape noise. */
import { defineRuleOnShelf } from '../definitions/define-rule.js';
import { decayClause, decayParameters } from './weight-decay.js';

/**
 * The eligibility of a synapse follows the source's trace times the target's spike minus what its probability p lets expect, and
 * decays with tcEligibility; every step adds nu times the reward times the eligibility. The target needs a state variable `p`, its
 * probability of a spike in the step, as SRM0 has.
 * Source: Vasilaki et al., PLoS Computational Biology 5 (2009); BindsNET, `Rmax`.
 */
export const Rmax = defineRuleOnShelf({
  name: 'Rmax',
  parameters: { nu: 1e-2, tcC: [5, 'ms'], tcEligibility: [25, 'ms'], ...decayParameters },
  traces: { sourceTrace: { of: 'source', mode: 'add' } },
  neurons: { p: { of: 'target', variable: 'p' } },
  synapse: { eligibility: 0 },
  signals: ['reward'],
  onStep: `
    eligibility *= 1 - dt / tcEligibility
    eligibility += (targetSpike - p / (1 + tcC / dt * p)) * sourceTrace
    w += nu * reward * eligibility
  `,
  end: decayClause,
});
