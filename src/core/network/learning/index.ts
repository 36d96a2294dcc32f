/** All learning rules: a new one is a file here and a line below. */
export type { LearningRule, SynapseStep } from './learning-rule.js';
export { NoOp } from './no-op.js';
export { PostPre, type PostPreParameters } from './post-pre.js';
