/** Leaky integrate-and-fire neurons whose voltage is relative to rest. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/** As LIF with rest = reset = 0 mV: one operation less in every step. */
export const BoostedLIF = defineOnShelf({
  name: 'BoostedLIF',
  about:
    'leaky integrate-and-fire neurons whose voltage is relative to rest: one operation less in every step',
  source: 'BindsNET (Hazan et al., Frontiers in Neuroinformatics 12, 2018), BoostedLIFNodes',
  parameters: { thresh: [13, 'mV'], lowest: [-Infinity, 'mV'], tcDecay: [100, 'ms'], refrac: [5, 'ms'] },
  state: { v: [0, 'mV'] },
  input: 'mV',
  step: 'v = exp(-dt / tcDecay) * v + input',
  spike: 'v >= thresh',
  reset: 'v = 0',
  end: 'v = max(v, lowest)',
  refractory: { period: 'refrac' },
});
