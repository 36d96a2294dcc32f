/** Plasticity of inhibition that balances excitation. */
import { defineRuleOnShelf } from '../definitions/define-rule.js';
import { decayClause, decayParameters } from './weight-decay.js';

/**
 * A spike of either end adds eta times the other's trace; one of the source also subtracts eta · 2 · rate · tc, so that the target
 * comes to spike at that rate. The weight is a magnitude: connect it with a negative sign, or into an inhibitory input.
 * Source: Vogels, Sprekeler, Zenke, Clopath & Gerstner, Science 334 (2011).
 */
export const VogelsSprekeler = defineRuleOnShelf({
  name: 'VogelsSprekeler',
  parameters: { eta: 1e-2, rate: [5, 'Hz'], tc: [20, 'ms'], ...decayParameters },
  traces: {
    sourceTrace: { of: 'source', tc: 'tc', mode: 'add' },
    targetTrace: { of: 'target', tc: 'tc', mode: 'add' },
  },
  onSource: 'w += eta * (targetTrace - 2 * rate * tc)',
  onTarget: 'w += eta * sourceTrace',
  end: decayClause,
});
