/** A convolution along the pixels of a digit, row after row; numbers of BindsNET's `conv1d_MNIST.py`. */
import { Conv1dConnection, DiehlAndCook, Input, LateralCompetition, Network, PostPre } from '../src/index.js';
import { defineExample, learnDigits } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'A convolution in one dimension: two rows of a digit at a time.',
  options: {
    filters: 25,
    kernelSize: 56,
    stride: 28,
    train: 2000,
    known: 2000,
    test: 1000,
    time: 50,
    intensity: 128,
    seed: 0,
  },
  run({ filters, kernelSize, stride, seed, ...shown }) {
    const length = Math.floor((784 - kernelSize) / stride) + 1;
    const connection = new Conv1dConnection({
      kernelSize,
      stride,
      updates: 'summed',
      rule: new PostPre({ nu: [1e-4, 1e-2] }),
      wMax: 1,
      norm: 0.4 * kernelSize,
    });
    const network = new Network({ seed })
      .addLayer('X', new Input({ shape: [1, 1, 784] }))
      .addLayer('Y', new DiehlAndCook({ shape: [filters, 1, length] }))
      .addConnection('X', 'Y', connection)
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -100 }));
    return learnDigits(network, { ...shown, layer: 'Y' });
  },
});
