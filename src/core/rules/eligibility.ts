/** What rules modulated by a reward share: the eligibility that pairs of spikes leave. */
import type { RuleDefinition } from '../definitions/rule-definition.js';

/** Amplitudes and time constants of the traces. */
export const eligibilityParameters = {
  aPlus: 1,
  aMinus: -1,
  tcPlus: [20, 'ms'],
  tcMinus: [20, 'ms'],
} as const;

/** A spike of the target leaves the source's trace, a spike of the source the target's. */
export const eligibilityClauses = {
  traces: {
    pPlus: { of: 'source', tc: 'tcPlus', mode: 'add', scale: 'aPlus' },
    pMinus: { of: 'target', tc: 'tcMinus', mode: 'add', scale: 'aMinus' },
  },
  signals: ['reward'],
  onSource: 'eligibility += pMinus',
  onTarget: 'eligibility += pPlus',
} as const satisfies Partial<RuleDefinition>;
