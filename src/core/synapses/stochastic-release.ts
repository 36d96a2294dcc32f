/** Release by chance. */
import { defineSynapseOnShelf } from '../definitions/define-synapse.js';

/** Every synapse draws for itself, at every spike of its source, whether it sends its weight: with the probability p. */
export const StochasticRelease = defineSynapseOnShelf({
  name: 'StochasticRelease',
  about: 'release by chance: a spike is sent with the probability p, by every synapse for itself',
  source:
    'del Castillo & Katz, Quantal components of the end-plate potential, Journal of Physiology 124 (1954)',
  parameters: { p: 0.5 },
  send: 'uniform() < p ? w : 0',
});
