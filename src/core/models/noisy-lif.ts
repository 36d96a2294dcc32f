/** Leaky integrate-and-fire neurons with a noise current. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/**
 * The noise is an Ornstein-Uhlenbeck process, which moves the voltage that the membrane decays to: τ′ x′ = −x + deviation · √(2 τ′) ξ with
 * τ′ = tcNoise. It is stepped by its exact solution, so its standard deviation tends to `deviation`, whatever dt is.
 */
export const NoisyLIF = defineOnShelf({
  name: 'NoisyLIF',
  about: 'leaky integrate-and-fire neurons with an Ornstein-Uhlenbeck noise, stepped exactly',
  source: 'Uhlenbeck & Ornstein, On the theory of the Brownian motion, Physical Review 36 (1930)',
  parameters: {
    rest: [-65, 'mV'],
    reset: [-65, 'mV'],
    thresh: [-52, 'mV'],
    deviation: [5, 'mV'],
    lowest: [-Infinity, 'mV'],
    tcDecay: [100, 'ms'],
    tcNoise: [5, 'ms'],
    refrac: [5, 'ms'],
  },
  state: { v: 'rest', noise: [0, 'mV'] },
  input: 'mV',
  step: `
    noise = exp(-dt / tcNoise) * noise + deviation * sqrt(1 - exp(-2 * dt / tcNoise)) * normal()
    v = exp(-dt / tcDecay) * (v - rest - noise) + rest + noise
    v += input
  `,
  spike: 'v >= thresh',
  reset: 'v = reset',
  end: 'v = max(v, lowest)',
  refractory: { period: 'refrac' },
});
