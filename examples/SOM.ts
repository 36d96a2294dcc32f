/** A self-organising map of digits: neurons near each other learn similar digits; as BindsNET's `SOM_LM-SNNs.py`. */
import { IncreasingInhibitionNetwork } from '../src/index.js';
import { defineExample, learnDigits } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'A self-organising map: inhibition grows with the distance of two neurons on a square.',
  options: {
    neurons: 100,
    train: 20000,
    known: 10000,
    test: 10000,
    time: 250,
    intensity: 64,
    startInhib: 10,
    maxInhib: 110,
    seed: 0,
  },
  run({ neurons, startInhib, maxInhib, seed, ...shown }) {
    const network = new IncreasingInhibitionNetwork({ nNeurons: neurons, startInhib, maxInhib, seed });
    return learnDigits(network, { ...shown, layer: 'Y' });
  },
});
