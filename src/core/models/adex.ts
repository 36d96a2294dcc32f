/** The adaptive exponential integrate-and-fire model. */
import { defineOnShelf } from '../definitions/define-neuron.js';

/**
 * C v′ = −g (v − rest) + g Δ exp((v − thresh) / Δ) − w + input, τ w′ = a (v − rest) − w, by Euler's method; a spike above `peak`, after
 * which v = reset and w grows by b. The input is a current [pA]. The defaults are those of the source.
 */
export const AdEx = defineOnShelf({
  name: 'AdEx',
  about: 'adaptive exponential integrate-and-fire neurons',
  source:
    'Brette & Gerstner, Adaptive exponential integrate-and-fire model as an effective description of neuronal activity, Journal of Neurophysiology 94 (2005)',
  parameters: {
    capacitance: [281, 'pF'],
    leak: [30, 'nS'],
    rest: [-70.6, 'mV'],
    thresh: [-50.4, 'mV'],
    slope: [2, 'mV'],
    tcAdaptation: [144, 'ms'],
    a: [4, 'nS'],
    b: [80.5, 'pA'],
    reset: [-70.6, 'mV'],
    peak: [20, 'mV'],
  },
  state: { v: 'rest', w: [0, 'pA'] },
  input: 'pA',
  step: `
    current = input - w + leak * (rest - v) + leak * slope * exp((v - thresh) / slope)
    adaptation = (a * (v - rest) - w) / tcAdaptation
    v += dt * current / capacitance
    w += dt * adaptation
  `,
  spike: 'v > peak',
  reset: 'v = reset; w += b',
});
