/** Electrical synapses. */
import { defineSynapseOnShelf } from '../definitions/define-synapse.js';

/**
 * In every step the target receives w (v_source − v_target). A gap junction lets current pass both ways: connect each of two neurons to
 * the other with the same weight. Both have a state variable v.
 */
export const GapJunction = defineSynapseOnShelf({
  name: 'GapJunction',
  about: 'electrical synapse: in every step a current that the difference of the voltages drives',
  source:
    'Bennett & Zukin, Electrical coupling and neuronal synchronization in the mammalian brain, Neuron 41 (2004)',
  neurons: { vSource: { of: 'source', variable: 'v' }, vTarget: { of: 'target', variable: 'v' } },
  send: 'w * (vSource - vTarget)',
  each: 'step',
});
