/** Plasticity of inhibition that balances excitation. */
import { defineRuleOnShelf } from '../definitions/define-rule.js';
import { decayClause, decayParameters } from './weight-decay.js';

/**
 * A spike of either end adds eta times the other's trace; one of the source also subtracts eta · 2 · rate · tc, so that the target
 * comes to spike at that rate. The weight is a magnitude: connect it with a negative sign, or into an inhibitory input.
 */
export const VogelsSprekeler = defineRuleOnShelf({
  name: 'VogelsSprekeler',
  about: 'plasticity of inhibition that balances excitation: the target comes to spike at a given rate',
  source:
    'Vogels, Sprekeler, Zenke, Clopath & Gerstner, Inhibitory plasticity balances excitation and inhibition in sensory pathways and memory networks, Science 334 (2011)',
  parameters: { eta: 1e-2, rate: [5, 'Hz'], tc: [20, 'ms'], ...decayParameters },
  traces: {
    sourceTrace: { of: 'source', tc: 'tc', mode: 'add' },
    targetTrace: { of: 'target', tc: 'tc', mode: 'add' },
  },
  onSource: 'w += eta * (targetTrace - 2 * rate * tc)',
  onTarget: 'w += eta * sourceTrace',
  end: decayClause,
});
