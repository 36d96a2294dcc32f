/** Neurons that spike at random at a given rate. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/**
 * In every step a neuron spikes with probability (rate + input) · dt, whatever it did before: a Poisson process as far as that is small.
 * `rate` is one for all neurons or one for each; what varies over time is its input, of `currents` [kHz], or of connections.
 */
export const PoissonSource = defineOnShelf({
  name: 'PoissonSource',
  about: 'neurons that spike at random, with the same probability in every step',
  source:
    'Gerstner, Kistler, Naud & Paninski, Neuronal Dynamics (2014), chapter 7.2; as PoissonGroup of Brian 2',
  parameters: { rate: [10, 'Hz'] },
  state: { probability: 0 },
  input: 'kHz',
  step: 'probability = (rate + input) * dt',
  spike: 'uniform() < probability',
});
