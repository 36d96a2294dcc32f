/** Pair STDP whose steps shrink towards the bounds. */
import { defineRuleOnShelf } from '../definitions/define-rule.js';
import { decayClause, decayParameters } from './weight-decay.js';

/**
 * As PostPre, but depression is multiplied by w − wMin and potentiation by wMax − w, both of the weight before the step; the connection
 * needs both bounds.
 */
export const WeightDependentPostPre = defineRuleOnShelf({
  name: 'WeightDependentPostPre',
  about: 'pair STDP whose steps shrink towards the bounds of the weight',
  source:
    'van Rossum, Bi & Turrigiano, Stable Hebbian learning from spike timing-dependent plasticity, Journal of Neuroscience 20 (2000); BindsNET, WeightDependentPostPre',
  parameters: { nuPre: 1e-4, nuPost: 1e-2, ...decayParameters },
  traces: { sourceTrace: { of: 'source' }, targetTrace: { of: 'target' } },
  onStep: `
    depression = nuPre * (sourceSpike * targetTrace) * (w - wMin)
    potentiation = nuPost * (sourceTrace * targetSpike) * (wMax - w)
    w += potentiation - depression
  `,
  end: decayClause,
});
