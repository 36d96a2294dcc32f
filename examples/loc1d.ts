/** Neurons that see two rows of a digit each; numbers of BindsNET's `loc1d_mnist.py`. */
import { AdaptiveLIF, Input, LateralCompetition, Local1dConnection, Network, PostPre } from '../src/index.js';
import { defineExample, learnDigits } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'Local connections in one dimension: two rows of a digit for each neuron.',
  options: {
    filters: 25,
    kernelSize: 56,
    stride: 28,
    train: 2000,
    known: 2000,
    test: 1000,
    time: 250,
    intensity: 128,
    inh: 25,
    seed: 0,
  },
  run({ filters, kernelSize, stride, inh, seed, ...shown }) {
    const length = Math.floor((784 - kernelSize) / stride) + 1;
    const connection = new Local1dConnection({
      kernelSize,
      stride,
      rule: new PostPre({ nu: [1e-4, 1e-2] }),
      wMin: 0,
      wMax: 1,
      norm: 0.2 * kernelSize,
    });
    const network = new Network({ seed })
      .addLayer('X', new Input({ shape: [1, 1, 784] }))
      .addLayer(
        'Y',
        new AdaptiveLIF({ shape: [filters, 1, length], reset: -60, tcDecay: 100, thetaDecay: 'exact' }),
      )
      .addConnection('X', 'Y', connection)
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -inh }));
    return learnDigits(network, { ...shown, layer: 'Y' });
  },
});
