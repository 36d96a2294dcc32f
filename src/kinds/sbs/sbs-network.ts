/** The deep Spike-by-Spike network that a configuration describes. */
import { invalidArgument } from '../../errors.js';
import { AvgPool2d } from '../../layers/avg-pool2d.js';
import type { Layer } from '../../layers/layer.js';
import { SbS } from '../../layers/sbs.js';
import { configField, isLaterForm, makeEpsilonT, type SbsConfig } from './sbs-config.js';
import { Sequential } from '../../layers/sequential.js';
import { outputSize, makeWindow, type Pair, toPair } from '../../layers/window.js';
import { seedField } from '../../core/random/stream.js';

export interface SbsNetwork {
  readonly network: Sequential;
  /** By the layer's number in the configuration, which files are named by; average pooling has none. */
  readonly sbsLayers: ReadonlyMap<number, SbS>;
}

/**
 * Errors: `INVALID_ARGUMENT`.
 *
 * @param size height and width of the input
 */
export function makeSbsNetwork(config: SbsConfig, size: Pair, seed: number): SbsNetwork {
  configField('makeSbsNetwork', 'config', config);
  toPair('makeSbsNetwork', 'size', size, 1);
  seedField('makeSbsNetwork', 'seed', seed);
  const { network_structure: structure, learning_parameters: learning } = config;
  const isLater = isLaterForm(config);
  const epsilonT = makeEpsilonT(config);
  const layers: Layer[] = [];
  const sbsLayers = new Map<number, SbS>();
  let inputSize = size;
  structure.forward_neuron_numbers.forEach(([inputs, neurons], index) => {
    const kernel = structure.forward_kernel_size[index];
    const geometry = {
      kernelSize: kernel,
      stride: structure.strides?.[index] ?? [1, 1],
      dilation: structure.dilation?.[index] ?? [1, 1],
      padding: structure.padding?.[index] ?? [0, 0],
    };
    const type =
      structure.layer_type?.[index] ?? (structure.is_pooling_layer?.[index] ? 'SbS Pooling' : 'SbS');
    if (type === 'Average Pooling') {
      const stride = structure.strides?.[index] ?? kernel;
      layers.push(new AvgPool2d({ kernelSize: kernel, stride, padding: geometry.padding }));
      inputSize = outputSize(
        `layer ${index}`,
        inputSize,
        makeWindow(`layer ${index}`, { ...geometry, stride }),
      );
      if (inputs !== neurons)
        throw invalidArgument(`layer ${index}`, `${inputs} neurons after average pooling`, neurons);
      return;
    }
    const layer = new SbS({
      numberOfInputNeurons: inputs,
      numberOfNeurons: neurons,
      inputSize,
      forwardKernelSize: kernel,
      numberOfSpikes: config.number_of_spikes,
      epsilonT,
      epsilonXyIntitial: learning.eps_xy_intitial ?? (isLater ? 1 : 0.1),
      epsilon0: config.epsilon_0,
      weightNoiseAmplitude: learning.weight_noise_amplitude,
      isPoolingLayer: type === 'SbS Pooling',
      strides: geometry.stride,
      dilation: geometry.dilation,
      padding: geometry.padding,
      alphaNumberOfIterations: learning.alpha_number_of_iterations,
      seed,
      item: index,
    });
    layers.push(layer);
    sbsLayers.set(index, layer);
    inputSize = layer.outputSize;
  });
  if (inputSize[0] * inputSize[1] !== 1) {
    throw invalidArgument('network_structure', 'an output of one position', inputSize);
  }
  return { network: new Sequential(layers), sbsLayers };
}
