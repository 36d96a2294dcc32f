/** What the networks of the published table have in common: their types, and how they learn. */

export const networkTypes = ['LC_SNN', 'C_SNN', 'FC_SNN'] as const;

export type NetworkType = (typeof networkTypes)[number];

/** By published name, the value in a network that does not state it. */
export const publishedLearning = {
  nu_pre: 1e-4,
  nu_post: 1e-2,
  theta_plus: 0.05,
  tc_theta_decay: 1e6,
  theta_decay: 'stepwise',
} as const;

/** Parameters that are definitions, under the same name in the API and in records. */
export const modelNames = ['neuron', 'rule'] as const;
