/** Izhikevich's simple model. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/**
 * v′ = 0.04 v² + 5 v + 140 − u + input in two halves of a step, u′ = a (b v − u); after a spike v = c and u grows by d, at the
 * beginning of the next step. Defaults: a regular spiking neuron.
 */
export const Izhikevich = defineOnShelf({
  name: 'Izhikevich',
  about: "Izhikevich's simple model; the defaults make a regular spiking neuron",
  source: 'Izhikevich, Simple model of spiking neurons, IEEE Transactions on Neural Networks 14 (2003)',
  parameters: { a: 0.02, b: 0.2, c: -65, d: 8, rest: -65, thresh: 45 },
  state: { v: 'rest', u: 'b * rest' },
  step: `
    v = spiked ? c : v
    u = spiked ? u + d : u
    v += dt * 0.5 * (0.04 * (v * v) + 5 * v + 140 - u + input)
    v += dt * 0.5 * (0.04 * (v * v) + 5 * v + 140 - u + input)
    u += dt * a * (b * v - u)
  `,
  spike: 'v >= thresh',
});
