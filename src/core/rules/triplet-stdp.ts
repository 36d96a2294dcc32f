/** STDP of triplets of spikes. */
import { defineRuleOnShelf } from '../definitions/define-rule.js';
import { decayClause, decayParameters } from './weight-decay.js';

/**
 * A spike of the source subtracts o1 (a2Minus + a3Minus r2), a spike of the target adds r1 (a2Plus + a3Plus o2); r and o are traces of
 * source and target, fast and slow, over all pairs of spikes; the slow ones are read before the spike itself is added.
 * The defaults are those of the source's visual cortex, all-to-all, full model.
 */
export const TripletStdp = defineRuleOnShelf({
  name: 'TripletStdp',
  about: 'STDP of triplets of spikes, which depends on the rate',
  source:
    'Pfister & Gerstner, Triplets of spikes in a model of spike timing-dependent plasticity, Journal of Neuroscience 26 (2006)',
  parameters: {
    a2Plus: 5e-10,
    a3Plus: 6.2e-3,
    a2Minus: 7e-3,
    a3Minus: 2.3e-4,
    tcPlus: [16.8, 'ms'],
    tcX: [101, 'ms'],
    tcMinus: [33.7, 'ms'],
    tcY: [125, 'ms'],
    ...decayParameters,
  },
  traces: {
    r1: { of: 'source', tc: 'tcPlus', mode: 'add' },
    r2: { of: 'source', tc: 'tcX', mode: 'add', reads: 'before' },
    o1: { of: 'target', tc: 'tcMinus', mode: 'add' },
    o2: { of: 'target', tc: 'tcY', mode: 'add', reads: 'before' },
  },
  onSource: 'w -= o1 * (a2Minus + a3Minus * r2)',
  onTarget: 'w += r1 * (a2Plus + a3Plus * o2)',
  end: decayClause,
});
