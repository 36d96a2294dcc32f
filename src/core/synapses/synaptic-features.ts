/** What BindsNET's MulticompartmentConnection makes of a spike beside the weight. */
import { defineSynapseOnShelf } from '../definitions/define-synapse.js';

/**
 * A spike is sent with the probability of the synapse, drawn by every synapse for itself, and multiplied by its weight and its intensity:
 * a number for all, one for every source or one for every weight. `mask` and `bias` are options of the connection.
 */
export const SynapticFeatures = defineSynapseOnShelf({
  name: 'SynapticFeatures',
  about: 'features in a row: a spike is sent with a probability, multiplied by the weight and an intensity',
  source: 'BindsNET, MulticompartmentConnection with Weight, Probability and Intensity',
  parameters: { intensity: 1, probability: 1 },
  send: 'uniform() < probability ? w * intensity : 0',
});
