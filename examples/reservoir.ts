/** A linear readout of a random network; numbers of BindsNET's `reservoir.py`. */
import { Reservoir } from '../src/index.js';
import { defineExample, learnDigits } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'A reservoir: fixed, random connections, whose spikes a linear classifier reads.',
  options: { neurons: 625, known: 10000, test: 10000, time: 250, intensity: 64, seed: 0 },
  run({ neurons, seed, ...shown }) {
    const network = new Reservoir({ nNeurons: neurons, seed });
    return learnDigits(network, { ...shown, train: 0, layer: 'Y', method: 'linear' });
  },
});
