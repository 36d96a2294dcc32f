/** The cumulative spike response model. */
import { defineOnShelf } from '../definitions/define-neuron.js';
import { csrmKernels } from './csrm-kernels.js';

/**
 * The voltage decays to rest; in every step it takes the inputs of the last steps, weighted by the kernel `response`, and its own spikes of the
 * last steps, weighted by `afterpotential`. It is not reset. The threshold grows with every spike while the network learns.
 * The defaults are those of BindsNET's CSRMNodes, which decay to 0 mV.
 */
export const CSRM = defineOnShelf({
  name: 'CSRM',
  about: 'cumulative spike response model: the input and the spikes of the last steps, weighted by kernels',
  source: 'Gerstner & Kistler, Spiking Neuron Models (2002), chapter 4.2; BindsNET, CSRMNodes',
  parameters: {
    rest: [-65, 'mV'],
    thresh: [-52, 'mV'],
    lowest: [-Infinity, 'mV'],
    tcDecay: [100, 'ms'],
    thetaPlus: [0.05, 'mV'],
    tcThetaDecay: [1e7, 'ms'],
  },
  kernels: {
    response: csrmKernels.ExponentialKernel({ steps: 20, tau: 1 }),
    afterpotential: csrmKernels.EtaKernel({ steps: 10, tau: 1, drop: 50 }),
  },
  state: { v: 'rest', theta: [0, 'mV'] },
  persistent: ['theta'],
  input: 'mV',
  step: `
    v = exp(-dt / tcDecay) * (v - rest) + rest
    theta = learning ? theta * exp(-dt / tcThetaDecay) : theta
    v += convolve(input, response)
    v += convolve(spikes, afterpotential)
  `,
  spike: 'v >= thresh + theta',
  reset: 'theta += learning ? thetaPlus : 0',
  end: 'v = max(v, lowest)',
});
