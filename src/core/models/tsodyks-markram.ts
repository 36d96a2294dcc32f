/** Short-term plasticity of synapses, as a layer between their sources and their targets. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/**
 * A spike that arrives raises the use u by U (1 − u) and hands on u x of the resources x, which are spent; between spikes u relaxes to U
 * with tcFacilitation and x to 1 with tcDepression, by Euler's method. One neuron stands for all synapses of a source: connect the
 * sources one to one, and the layer to the targets with the weights.
 */
export const TsodyksMarkram = defineOnShelf({
  name: 'TsodyksMarkram',
  about: 'short-term plasticity, as a layer between sources and targets: facilitation and depression',
  source:
    'Tsodyks & Markram, The neural code between neocortical pyramidal neurons depends on neurotransmitter release probability, PNAS 94 (1997); Tsodyks, Pawelzik & Markram, Neural networks with dynamic synapses, Neural Computation 10 (1998)',
  parameters: { U: 0.2, tcFacilitation: [600, 'ms'], tcDepression: [300, 'ms'] },
  state: { u: 'U', x: 1, sent: 0 },
  step: `
    u += dt * (U - u) / tcFacilitation
    x += dt * (1 - x) / tcDepression
    spike = input > 0 ? 1 : 0
    u += spike * U * (1 - u)
    sent = spike * u * x
    x -= sent
  `,
  emit: 'sent',
});
