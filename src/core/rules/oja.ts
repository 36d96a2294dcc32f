/** Oja's rule: Hebbian learning that keeps the weights of a neuron at length 1. */
import { defineRuleOnShelf } from '../definitions/define-rule.js';
import { decayClause, decayParameters } from './weight-decay.js';

/**
 * A spike of the target adds nu (x − y w), where x and y are the traces of source and target: of a target that spikes in
 * proportion to Σ w x, the squares of the weights come to sum to 1.
 */
export const Oja = defineRuleOnShelf({
  name: 'Oja',
  about: 'Hebbian learning that keeps the weights of a neuron at length 1',
  source:
    'Oja, A simplified neuron model as a principal component analyzer, Journal of Mathematical Biology 15 (1982)',
  parameters: { nu: 1e-3, tc: [20, 'ms'], ...decayParameters },
  traces: {
    x: { of: 'source', tc: 'tc', mode: 'add' },
    y: { of: 'target', tc: 'tc', mode: 'add', reads: 'before' },
  },
  onTarget: 'w += nu * (x - y * w)',
  end: decayClause,
});
