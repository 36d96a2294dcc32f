/** STDP modulated by a reward that comes later: eligibility decays slowly. */
import { defineRuleOnShelf } from '../definitions/define-rule.js';
import { eligibilityClauses, eligibilityParameters } from './eligibility.js';
import { decayClause, decayParameters } from './weight-decay.js';

/** As MSTDP, but a trace collects eligibility, decays with tcEligibility, and is what the reward multiplies. */
export const MSTDPET = defineRuleOnShelf({
  name: 'MSTDPET',
  about: 'STDP modulated by a reward that comes later: it multiplies an eligibility trace that decays slowly',
  source:
    'Florian, Reinforcement learning through modulation of spike-timing-dependent synaptic plasticity, Neural Computation 19 (2007); BindsNET, MSTDPET',
  parameters: {
    nu: 1e-2,
    ...eligibilityParameters,
    tcEligibility: [25, 'ms'],
    ...decayParameters,
  },
  ...eligibilityClauses,
  synapse: { eligibility: 0, eligibilityTrace: [0, '1/ms'] },
  onStep: `
    eligibilityTrace = eligibilityTrace * exp(-dt / tcEligibility) + eligibility / tcEligibility
    w += nu * dt * reward * eligibilityTrace
    eligibility = 0
  `,
  end: decayClause,
});
