/** Diehl and Cook's excitatory neurons, of which one at most spikes in a step. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/**
 * LIF neurons with a threshold that grows with every spike while the network learns. Of all that reach it in a step one, drawn, spikes; all of
 * them are reset and adapt. With `select: 'all'` all of them spike.
 * The selection and the defaults are those of BindsNET's DiehlAndCookNodes.
 */
export const DiehlAndCook = defineOnShelf({
  name: 'DiehlAndCook',
  about: 'leaky integrate-and-fire neurons with an adaptive threshold, one of which at most spikes in a step',
  source:
    'Diehl & Cook, Unsupervised learning of digit recognition using spike-timing-dependent plasticity, Frontiers in Computational Neuroscience 9 (2015); BindsNET, DiehlAndCookNodes',
  parameters: {
    rest: [-65, 'mV'],
    reset: [-60, 'mV'],
    thresh: [-52, 'mV'],
    lowest: [-Infinity, 'mV'],
    tcDecay: [100, 'ms'],
    refrac: [5, 'ms'],
    thetaPlus: [0.05, 'mV'],
    tcThetaDecay: [1e7, 'ms'],
  },
  state: { v: 'rest', theta: [0, 'mV'] },
  persistent: ['theta'],
  input: 'mV',
  step: `
    v = exp(-dt / tcDecay) * (v - rest) + rest
    theta = learning ? theta * exp(-dt / tcThetaDecay) : theta
    v += input
  `,
  spike: 'v >= thresh + theta',
  reset: 'v = reset; theta += learning ? thetaPlus : 0',
  end: 'v = max(v, lowest)',
  refractory: { period: 'refrac' },
  select: 'one-of-layer',
});
