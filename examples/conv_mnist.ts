/** A convolutional layer learns digits; numbers of BindsNET's `conv_mnist.py`. */
import { Conv2dConnection, DiehlAndCook, Input, LateralCompetition, Network, PostPre } from '../src/index.js';
import { defineExample, learnDigits } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'Convolutional neurons, whose filters compete at every place, learn digits by STDP.',
  options: {
    filters: 25,
    kernelSize: 16,
    stride: 4,
    train: 2000,
    known: 2000,
    test: 1000,
    time: 50,
    intensity: 128,
    seed: 0,
  },
  run({ filters, kernelSize, stride, seed, ...shown }) {
    const side = Math.floor((28 - kernelSize) / stride) + 1;
    const connection = new Conv2dConnection({
      kernelSize,
      stride,
      updates: 'summed',
      rule: new PostPre({ nu: [1e-4, 1e-2] }),
      wMax: 1,
      norm: 0.4 * kernelSize ** 2,
    });
    const network = new Network({ seed })
      .addLayer('X', new Input({ shape: [28, 28] }))
      .addLayer('Y', new DiehlAndCook({ shape: [filters, side, side] }))
      .addConnection('X', 'Y', connection)
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -100 }));
    return learnDigits(network, { ...shown, layer: 'Y' });
  },
});
