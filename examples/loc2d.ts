/** Neurons that see a square of a digit each, and compete with those that see the same. */
import { LocallyConnectedNetwork } from '../src/index.js';
import { defineExample, learnDigits } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'Local connections in two dimensions.',
  options: {
    filters: 25,
    kernelSize: 12,
    stride: 4,
    train: 2000,
    known: 2000,
    test: 1000,
    time: 250,
    intensity: 128,
    inh: 120,
    seed: 0,
  },
  run({ filters, kernelSize, stride, inh, seed, ...shown }) {
    const network = new LocallyConnectedNetwork({
      nFilters: filters,
      kernelSize,
      stride,
      inh,
      oneSpike: false,
      seed,
    });
    return learnDigits(network, { ...shown, layer: 'Y' });
  },
});
