/** Neurons that spike at random at a given rate. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/**
 * In every step a neuron spikes with probability p = (rate + input) · dt, whatever it did before: a Poisson process as far as p is small.
 * `rate` is one for all neurons or one for each; what varies over time is its input, of `currents` [kHz], or of connections.
 */
export const PoissonSource = defineOnShelf({
  name: 'PoissonSource',
  about: 'neurons that spike at random: p is the probability of a spike in the step',
  source:
    'Gerstner, Kistler, Naud & Paninski, Neuronal Dynamics (2014), chapter 7.2; as PoissonGroup of Brian 2',
  parameters: { rate: [10, 'Hz'] },
  state: { p: 0 },
  input: 'kHz',
  step: 'p = (rate + input) * dt',
  spike: 'uniform() < p',
});
