/** What every rule of the shelf can do beside its own: let weights decay. */

/** The two forms of weight decay, both off: subtracted from every weight in every step, and a share of it. */
export const decayParameters = { weightDecay: 0, relativeWeightDecay: 0 } as const;

/** The clause `end` of a rule with them. */
export const decayClause = 'w -= weightDecay; w *= 1 - relativeWeightDecay';
