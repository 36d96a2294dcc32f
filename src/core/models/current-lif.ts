/** Leaky integrate-and-fire neurons with a synaptic current. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/** The current decays with tcCurrentDecay and takes the input, also within the refractory period; the membrane takes the current. */
export const CurrentLIF = defineOnShelf({
  name: 'CurrentLIF',
  about: 'leaky integrate-and-fire neurons with a synaptic current that decays',
  source: 'BindsNET (Hazan et al., Frontiers in Neuroinformatics 12, 2018), CurrentLIFNodes',
  parameters: {
    rest: [-65, 'mV'],
    reset: [-65, 'mV'],
    thresh: [-52, 'mV'],
    lowest: [-Infinity, 'mV'],
    tcDecay: [100, 'ms'],
    tcCurrentDecay: [2, 'ms'],
    refrac: [5, 'ms'],
  },
  state: { v: 'rest', i: [0, 'mV'] },
  input: 'mV',
  step: `
    v = exp(-dt / tcDecay) * (v - rest) + rest
    i = exp(-dt / tcCurrentDecay) * i + input
    v += refractory ? 0 : i
  `,
  spike: 'v >= thresh',
  reset: 'v = reset',
  end: 'v = max(v, lowest)',
  refractory: { period: 'refrac', holds: [], next: 'brian' },
});
