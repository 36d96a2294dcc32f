/** Leaky integrate-and-fire neurons with excitatory and inhibitory conductances and an adaptive threshold. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/**
 * tc v′ = rest − v + ge (excitatoryReversal − v) + gi (inhibitoryReversal − v), ge and gi relative to the leak; spikes add to them, and
 * they decay exponentially. By Euler's method. A spike above thresh +
 * theta, after which the voltage stands still for the refractory period, and theta grows by thetaPlus while the network learns.
 * Inputs: `excitatory` (the first) and `inhibitory`.
 * The defaults are those of Diehl and Cook's excitatory neurons, with 20 mV less of theta and more of thresh.
 */
export const ConductanceLIF = defineOnShelf({
  name: 'ConductanceLIF',
  about:
    'leaky integrate-and-fire neurons with excitatory and inhibitory conductances and an adaptive threshold',
  source:
    'Diehl & Cook, Unsupervised learning of digit recognition using spike-timing-dependent plasticity, Frontiers in Computational Neuroscience 9 (2015)',
  parameters: {
    rest: [-65, 'mV'],
    reset: [-65, 'mV'],
    thresh: [-52, 'mV'],
    excitatoryReversal: [0, 'mV'],
    inhibitoryReversal: [-100, 'mV'],
    tcDecay: [100, 'ms'],
    tcExcitatory: [1, 'ms'],
    tcInhibitory: [2, 'ms'],
    refrac: [5, 'ms'],
    thetaPlus: [0.05, 'mV'],
    tcThetaDecay: [1e7, 'ms'],
  },
  state: { v: 'rest', ge: 0, gi: 0, theta: [0, 'mV'] },
  persistent: ['theta'],
  inputs: { excitatory: '1', inhibitory: '1' },
  step: 'ge += excitatory; gi += inhibitory',
  derivatives: {
    v: '(rest - v + ge * (excitatoryReversal - v) + gi * (inhibitoryReversal - v)) / tcDecay',
    ge: '-ge / tcExcitatory',
    gi: '-gi / tcInhibitory',
    theta: 'learning ? -theta / tcThetaDecay : 0',
  },
  spike: 'v > thresh + theta',
  reset: 'v = reset; theta += learning ? thetaPlus : 0',
  refractory: { period: 'refrac', holds: ['v'], next: 'brian' },
});
