/** Learning rules that descriptions of networks call by name; those that equations define bring their definition along. */
import { NoOp } from './no-op.js';
import { PostPre } from './post-pre.js';

export const learningClasses = { NoOp, PostPre } as const;
