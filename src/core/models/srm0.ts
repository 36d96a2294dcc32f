/** The simplified spike response model with escape noise. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/**
 * Voltage as of LIF neurons, which take `gain` times their input. A neuron spikes in a step with probability p = 1 − exp(−ρ dt), also within
 * its refractory period, where the input counts as 0; ρ = rate · exp((v − thresh) / width) is its escape rate.
 * The defaults are those of BindsNET's SRM0Nodes.
 */
export const SRM0 = defineOnShelf({
  name: 'SRM0',
  about: 'simplified spike response model with escape noise: p is the probability of a spike in the step',
  source: 'Gerstner & Kistler, Spiking Neuron Models (2002), chapter 5.3; BindsNET, SRM0Nodes',
  parameters: {
    rest: [-70, 'mV'],
    reset: [-70, 'mV'],
    thresh: [-50, 'mV'],
    width: [5, 'mV'],
    rate: [1, 'kHz'],
    gain: 1,
    lowest: [-Infinity, 'mV'],
    tcDecay: [10, 'ms'],
    refrac: [5, 'ms'],
  },
  state: { v: 'rest', p: 0 },
  input: 'mV',
  step: `
    v = exp(-dt / tcDecay) * (v - rest) + rest
    v += gain * input
    p = 1 - exp(-(rate * exp((v - thresh) / width)) * dt)
  `,
  spike: 'uniform() < p',
  reset: 'v = reset',
  end: 'v = max(v, lowest)',
  refractory: { period: 'refrac', allowsSpikes: true },
});
