/** A teacher makes a neuron of the right class spike while the network learns; as BindsNET's `supervised_mnist.py`. */
import { DiehlAndCook2015, RandomStream, spikeTrainFromRaster } from '../src/index.js';
import { defineExample, learnDigits } from './support/example.js';

export default await defineExample(import.meta.url, {
  about: 'Diehl & Cook 2015 with a teacher: in every step a neuron of the class of the digit spikes.',
  options: { neurons: 100, train: 2000, known: 2000, test: 1000, time: 50, intensity: 64, inh: 120, seed: 0 },
  run({ neurons, inh, seed, ...shown }) {
    const network = new DiehlAndCook2015({ nNeurons: neurons, inh, seed, nu: [0, 1e-2] });
    const perClass = Math.floor(neurons / 10);
    const random = new RandomStream(seed, 'user');
    /** The train of one neuron that spikes in every step. */
    const teach = (neuron: number) => {
      const raster = new Uint8Array(shown.time * neurons);
      for (let t = 0; t < shown.time; t++) raster[t * neurons + neuron] = 1;
      return spikeTrainFromRaster(raster, shown.time, neurons);
    };
    return learnDigits(network, {
      ...shown,
      layer: 'Ae',
      learn: (images, options) =>
        network.present(images, {
          ...options,
          clamp: (_, index) => ({ Ae: teach(images.labels[index] * perClass + random.nextBelow(perClass)) }),
        }),
    });
  },
});
