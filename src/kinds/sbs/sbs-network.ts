/** The deep Spike-by-Spike network that a configuration describes. */
import { invalidArgument } from '../../errors.js';
import { AvgPool2d } from '../../layers/avg-pool2d.js';
import type { Layer } from '../../layers/layer.js';
import { SbS } from '../../layers/sbs.js';
import { configField, isLaterForm, makeEpsilonT, type SbsConfig, type SbsStructure } from './sbs-config.js';
import { Sequential } from '../../layers/sequential.js';
import { outputSize, makeWindow, type Pair, toPair, type Window } from '../../layers/window.js';
import { seedField } from '../../core/random/stream.js';

export interface SbsNetwork {
  readonly network: Sequential;
  /** By the layer's number in the configuration, which files are named by; average pooling has none. */
  readonly sbsLayers: ReadonlyMap<number, SbS>;
}

/** One layer of a structure. */
export interface SbsLayerPlan {
  readonly type: 'SbS' | 'SbS Pooling' | 'Average Pooling';
  readonly inputs: number;
  readonly neurons: number;
  readonly window: Window;
  readonly inputSize: Pair;
  readonly outputSize: Pair;
}

/**
 * The layers of a structure, with their sizes.
 *
 * @param size height and width of the input
 * @throws LocusError `INVALID_ARGUMENT` where a kernel does not fit, or the output is not one position
 */
export function planSbsLayers(structure: SbsStructure, size: Pair): SbsLayerPlan[] {
  let inputSize = size;
  const plans = structure.forward_neuron_numbers.map(([inputs, neurons], index): SbsLayerPlan => {
    const place = `layer ${index}`;
    const kernelSize = structure.forward_kernel_size[index];
    const type =
      structure.layer_type?.[index] ?? (structure.is_pooling_layer?.[index] ? 'SbS Pooling' : 'SbS');
    const isAverage = type === 'Average Pooling';
    const window = makeWindow(place, {
      kernelSize,
      stride: structure.strides?.[index] ?? (isAverage ? kernelSize : [1, 1]),
      dilation: structure.dilation?.[index] ?? [1, 1],
      padding: structure.padding?.[index] ?? [0, 0],
    });
    if (isAverage && inputs !== neurons)
      throw invalidArgument(place, `${inputs} neurons after average pooling`, neurons);
    const plan = {
      type,
      inputs,
      neurons,
      window,
      inputSize,
      outputSize: outputSize(place, inputSize, window),
    };
    inputSize = plan.outputSize;
    return plan;
  });
  if (inputSize[0] * inputSize[1] !== 1) {
    throw invalidArgument('network_structure', 'an output of one position', inputSize);
  }
  return plans;
}

/** Whether the layer's weights and epsilon are trained; unless told, pooling weights and the later form's epsilon are not. */
export function trainsSbsLayer(
  structure: SbsStructure,
  layer: number,
): { readonly weights: boolean; readonly epsilonXy: boolean } {
  const isPooling = structure.is_pooling_layer?.[layer] ?? structure.layer_type?.[layer] === 'SbS Pooling';
  return {
    weights: structure.w_trainable?.[layer] ?? !isPooling,
    epsilonXy: structure.eps_xy_trainable?.[layer] ?? !structure.layer_type,
  };
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
  planSbsLayers(structure, size).forEach(({ type, inputs, neurons, window, inputSize }, index) => {
    const { kernel, stride, dilation, padding } = window;
    if (type === 'Average Pooling') {
      layers.push(new AvgPool2d({ kernelSize: kernel, stride, padding }));
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
      strides: stride,
      dilation,
      padding,
      alphaNumberOfIterations: learning.alpha_number_of_iterations,
      seed,
      item: index,
    });
    layers.push(layer);
    sbsLayers.set(index, layer);
  });
  return { network: new Sequential(layers), sbsLayers };
}
