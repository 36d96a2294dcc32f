/** Diehl and Cook's network of 2015 learns digits; options as in BindsNET's `eth_mnist.py`, inhibition and intensity as in the paper. */
import { DiehlAndCook2015 } from '../src/index.js';
import { defineExample, learnDigits } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'Diehl & Cook 2015: excitatory and inhibitory neurons learn digits by STDP.',
  options: {
    neurons: 100,
    train: 20000,
    known: 10000,
    test: 10000,
    time: 250,
    intensity: 64,
    inh: 120,
    seed: 0,
  },
  run({ neurons, inh, seed, ...shown }) {
    return learnDigits(new DiehlAndCook2015({ nNeurons: neurons, inh, seed }), { ...shown, layer: 'Ae' });
  },
});
