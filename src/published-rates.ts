/** The rates of learning that all published networks share: told among a network's parameters only where they differ. */

/** The types of network that learn at such rates. */
export const ratedTypes: readonly string[] = ['LC_SNN', 'C_SNN', 'FC_SNN'];

/** By published name, the value in a network that does not tell it. */
export const publishedRates = {
  nu_pre: 1e-4,
  nu_post: 1e-2,
  theta_plus: 0.05,
  tc_theta_decay: 1e6,
} as const;
