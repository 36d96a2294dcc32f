/** A convolution over digits that are repeated in depth; numbers of BindsNET's `conv3d_MNIST.py`. */
import { Conv3dConnection, DiehlAndCook, Input, LateralCompetition, Network, PostPre } from '../src/index.js';
import { defineExample, learnDigits, repeatInDepth } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'A convolution in three dimensions: every digit 28 times, one behind the other.',
  options: {
    filters: 25,
    kernelSize: 16,
    stride: 4,
    train: 500,
    known: 500,
    test: 500,
    time: 50,
    intensity: 128,
    seed: 0,
  },
  run({ filters, kernelSize, stride, seed, ...shown }) {
    const side = Math.floor((28 - kernelSize) / stride) + 1;
    const connection = new Conv3dConnection({
      kernelSize,
      stride,
      updates: 'summed',
      rule: new PostPre({ nu: [1e-4, 1e-2] }),
      wMax: 1,
      norm: 0.4 * kernelSize ** 3,
    });
    const network = new Network({ seed })
      .addLayer('X', new Input({ shape: [1, 28, 28, 28] }))
      .addLayer('Y', new DiehlAndCook({ shape: [filters, side, side, side] }))
      .addConnection('X', 'Y', connection)
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -100 }));
    const toImages = ({ images }: { readonly images: Uint8Array }) => repeatInDepth(images, 784, 28);
    return learnDigits(network, { ...shown, layer: 'Y', toImages });
  },
});
