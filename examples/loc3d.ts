/** Neurons that see a cube of digits that are repeated in depth; numbers of BindsNET's `loc3d_mnist.py`. */
import {
  AdaptiveLIF,
  cropCentre,
  Input,
  LateralCompetition,
  Local3dConnection,
  Network,
  PostPre,
} from '../src/index.js';
import { defineExample, learnDigits, repeatInDepth } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'Local connections in three dimensions: the middle of every digit 20 times, one behind the other.',
  options: {
    filters: 25,
    kernelSize: 16,
    stride: 2,
    train: 500,
    known: 500,
    test: 500,
    time: 250,
    intensity: 128,
    inh: 25,
    seed: 0,
  },
  run({ filters, kernelSize, stride, inh, seed, ...shown }) {
    const side = Math.floor((20 - kernelSize) / stride) + 1;
    const connection = new Local3dConnection({
      kernelSize,
      stride,
      rule: new PostPre({ nu: [1e-4, 1e-2] }),
      wMin: 0,
      wMax: 1,
      norm: 0.2 * kernelSize ** 3,
    });
    const network = new Network({ seed })
      .addLayer('X', new Input({ shape: [1, 20, 20, 20] }))
      .addLayer(
        'Y',
        new AdaptiveLIF({
          shape: [filters, side, side, side],
          reset: -60,
          tcDecay: 100,
          thetaDecay: 'exact',
        }),
      )
      .addConnection('X', 'Y', connection)
      .addConnection('Y', 'Y', new LateralCompetition({ weight: -inh }));
    const toImages = (digits: Parameters<typeof cropCentre>[0]) =>
      repeatInDepth(cropCentre(digits, 20), 400, 20);
    return learnDigits(network, { ...shown, layer: 'Y', toImages });
  },
});
