/** Diehl and Cook's network learns from minibatches, of which the changes are added up. */
import { DiehlAndCook2015 } from '../src/index.js';
import { defineExample, learnDigits } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'Diehl & Cook 2015 in minibatches.',
  options: {
    neurons: 100,
    batchSize: 32,
    train: 20000,
    known: 10000,
    test: 10000,
    time: 250,
    intensity: 64,
    inh: 120,
    threads: 1,
    seed: 0,
  },
  run({ neurons, inh, threads, seed, ...shown }) {
    const network = new DiehlAndCook2015({ nNeurons: neurons, inh, threads, seed, reduction: 'sum' });
    return learnDigits(network, { ...shown, layer: 'Ae' });
  },
});
