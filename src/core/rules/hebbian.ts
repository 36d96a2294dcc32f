/** Hebbian learning: spikes of both ends raise the weight. */
import { defineRuleOnShelf } from '../definitions/define-rule.js';
import { decayClause, decayParameters } from './weight-decay.js';

/** A spike of the source adds nuPre times the target's trace, a spike of the target nuPost times the source's trace. */
export const Hebbian = defineRuleOnShelf({
  name: 'Hebbian',
  about: 'Hebbian learning: spikes of both ends raise the weight by the trace of the other',
  source: 'BindsNET (Hazan et al., Frontiers in Neuroinformatics 12, 2018), Hebbian',
  parameters: { nuPre: 1e-4, nuPost: 1e-2, ...decayParameters },
  traces: { sourceTrace: { of: 'source' }, targetTrace: { of: 'target' } },
  onSource: 'w += nuPre * targetTrace',
  onTarget: 'w += nuPost * sourceTrace',
  end: decayClause,
});
