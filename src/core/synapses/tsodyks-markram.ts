/** Short-term plasticity: facilitation and depression. */
import { defineSynapseOnShelf } from '../definitions/define-synapse.js';

/**
 * A spike raises the use u by U (1 − u) and releases u x of the resources x; between spikes u relaxes to U with tcFacilitation and x to 1
 * with tcDepression, by Euler's method. One u and one x stand for all synapses of a source, unless a parameter is given for every weight.
 */
export const TsodyksMarkram = defineSynapseOnShelf({
  name: 'TsodyksMarkram',
  about: 'short-term plasticity: facilitation and depression',
  source:
    'Tsodyks & Markram, The neural code between neocortical pyramidal neurons depends on neurotransmitter release probability, PNAS 94 (1997); Tsodyks, Pawelzik & Markram, Neural networks with dynamic synapses, Neural Computation 10 (1998)',
  parameters: { U: 0.2, tcFacilitation: [600, 'ms'], tcDepression: [300, 'ms'] },
  state: { u: 'U', x: 1 },
  step: `
    u += dt * (U - u) / tcFacilitation
    x += dt * (1 - x) / tcDepression
  `,
  onSource: `
    u += U * (1 - u)
    released = u * x
    x -= released
  `,
  send: 'w * released',
});
