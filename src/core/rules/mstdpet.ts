/** STDP modulated by a reward that comes later: eligibility decays slowly. */
import { defineRuleOnShelf } from '../definitions/define-rule.js';
import { decayClause, decayParameters } from './weight-decay.js';

/** As MSTDP, but a trace collects eligibility, decays with tcEligibility, and is what the reward multiplies. */
export const MSTDPET = defineRuleOnShelf({
  name: 'MSTDPET',
  about: 'STDP modulated by a reward that comes later: it multiplies an eligibility trace that decays slowly',
  source:
    'Florian, Reinforcement learning through modulation of spike-timing-dependent synaptic plasticity, Neural Computation 19 (2007); BindsNET, MSTDPET',
  parameters: {
    nu: 1e-2,
    aPlus: 1,
    aMinus: -1,
    tcPlus: [20, 'ms'],
    tcMinus: [20, 'ms'],
    tcEligibility: [25, 'ms'],
    ...decayParameters,
  },
  traces: {
    pPlus: { of: 'source', tc: 'tcPlus', mode: 'add', scale: 'aPlus' },
    pMinus: { of: 'target', tc: 'tcMinus', mode: 'add', scale: 'aMinus' },
  },
  synapse: { eligibility: 0, eligibilityTrace: [0, '1/ms'] },
  signals: ['reward'],
  onStep: `
    eligibilityTrace = eligibilityTrace * exp(-dt / tcEligibility) + eligibility / tcEligibility
    w += nu * dt * reward * eligibilityTrace
    eligibility = 0
  `,
  onSource: 'eligibility += pMinus',
  onTarget: 'eligibility += pPlus',
  end: decayClause,
});
