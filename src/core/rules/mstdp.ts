/** STDP modulated by a reward. */
import { defineRuleOnShelf } from '../definitions/define-rule.js';
import { eligibilityClauses, eligibilityParameters } from './eligibility.js';
import { decayClause, decayParameters } from './weight-decay.js';

/**
 * Every step adds nu times the reward times the eligibility that the spikes of the step before left: a spike of the target leaves
 * the source's trace, a spike of the source the target's, which is negative.
 */
export const MSTDP = defineRuleOnShelf({
  name: 'MSTDP',
  about: 'STDP modulated by a reward: it multiplies the eligibility that the spikes of the step before left',
  source:
    'Florian, Reinforcement learning through modulation of spike-timing-dependent synaptic plasticity, Neural Computation 19 (2007); BindsNET, MSTDP',
  parameters: {
    nu: 1e-2,
    ...eligibilityParameters,
    ...decayParameters,
  },
  ...eligibilityClauses,
  synapse: { eligibility: 0 },
  onStep: 'w += nu * (reward * eligibility); eligibility = 0',
  end: decayClause,
});
