/** The ways to read a class from spike counts, under their published names. */

/** By the votes of the neurons. */
export const votingMethods = ['patch_voting', 'all_voting', 'spikes_first'] as const;

/** Every method: by votes, or by the linear classifier (`lc`). */
export const readoutMethods = [...votingMethods, 'lc'] as const;

export type VotingMethod = (typeof votingMethods)[number];
export type ReadoutMethod = (typeof readoutMethods)[number];
